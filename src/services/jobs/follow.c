#include "services/jobs/follow.h"

#include <assert.h>
#include <string.h>

#include "services/jobs/show.h"

static void note(FollowedJob *followed, const JobShown *job)
{
    Str message = str_slice(job->message, 0, JOB_MESSAGE_MAX);

    followed->attempt = job->attempt;
    memcpy(followed->message, message.data, message.len);
    followed->message[message.len] = '\0';
}

FollowedJob followed_job(Queue *queue, const JobShown *job)
{
    FollowedJob followed = {.queue = queue};

    assert(job->job_id.len < sizeof followed.job_id);
    memcpy(followed.job_id, job->job_id.data, job->job_id.len);
    note(&followed, job);
    return followed;
}

/* One whose result isn't kept is gone when it is done. */
static JobProgress gone(const FollowedJob *followed)
{
    return (JobProgress){
        .job_id = str_from(followed->job_id),
        .state = JOB_STATE_DONE,
        .attempt = followed->attempt,
        .progress = 100,
        .message = str_from(followed->message),
    };
}

static Err look_up(FollowedJob *followed, Arena *arena, JobProgress *now)
{
    JobShown job;
    Err e = queue_get(followed->queue, arena, str_from(followed->job_id), &job);

    if (e.code == NOT_FOUND) {
        *now = gone(followed);
        return OK;
    }
    TRY(e);
    note(followed, &job);
    *now = show_progress(&job);
    return OK;
}

static Err look(void *thing, Arena *arena, EventLog *log, bool *is_over)
{
    Buf text = {.arena = arena};
    JobProgress now;

    TRY(look_up(thing, arena, &now));
    job_progress_encode(&now, &text);
    if (event_log_ends_with(log, buf_str(&text)))
        return OK;
    *is_over = has_ended(now.state);
    return *is_over ? jobs_emit_done(log, &now) : jobs_emit_progress(log, &now);
}

const FollowKind FOLLOWED_JOB = {
    .thread = "job-watch", .look = look, .look_ms = 250, .longest_s = 600, .log_bytes = 1024 * 1024};
