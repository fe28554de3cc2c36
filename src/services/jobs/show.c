#include "services/jobs/show.h"

#include <assert.h>

#include "base/time.h"

JobState show_state(Str state)
{
    for (size_t i = 0; i < JOB_STATE_COUNT; i++)
        if (str_equal(state, JOB_STATE_TEXT[i]))
            return (JobState)i;
    assert(false); /* the table of jobs has no other */
    return JOB_STATE_DEAD;
}

bool has_ended(JobState state)
{
    return state == JOB_STATE_DONE || state == JOB_STATE_DEAD || state == JOB_STATE_CANCELLED;
}

static Str moment(Arena *arena, int64_t time_us)
{
    return time_us != 0 ? time_format(arena, time_us) : (Str){NULL, 0};
}

static Str or_absent(Str text)
{
    return text.len > 0 ? text : (Str){NULL, 0};
}

JobItem show_job(Arena *arena, const Queue *queue, const JobShown *job)
{
    JobState state = show_state(job->state);

    return (JobItem){
        .job_id = job->job_id,
        .service = str_from(queue_service(queue)),
        .kind = job->kind,
        .state = state,
        .priority = job->priority,
        .attempt = job->attempt,
        .progress = job->progress,
        .message = job->message,
        .is_cancel_asked = job->is_cancel_asked && state == JOB_STATE_RUNNING,
        .worker = or_absent(job->worker),
        .parent_id = job->parent_id,
        .created = time_format(arena, job->created_us),
        .due = time_format(arena, job->due_us),
        .started = moment(arena, job->started_us),
        .ended = moment(arena, job->ended_us),
    };
}

const JobContent *show_content(Arena *arena, const JobShown *job)
{
    JobContent *content = arena_new(arena, JobContent);

    *content = (JobContent){
        .input = job->input,
        .outcome = job->outcome,
        .unique_key = job->unique_key,
        .order_key = job->order_key,
    };
    return content;
}

JobProgress show_progress(const JobShown *job)
{
    JobState state = show_state(job->state);

    return (JobProgress){
        .job_id = job->job_id,
        .state = state,
        .attempt = job->attempt,
        .progress = job->progress,
        .message = job->message,
        .is_cancel_asked = job->is_cancel_asked && state == JOB_STATE_RUNNING,
    };
}
