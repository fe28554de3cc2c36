#include "stores/queue/run.h"

#include <string.h>

#include "base/memory.h"
#include "base/span.h"
#include "base/utf8.h"

static JobHold copy_hold(Arena *arena, const JobHold *hold)
{
    JobHold copy = *hold;

    copy.job_id = str_copy(arena, hold->job_id);
    copy.kind = str_copy(arena, hold->kind);
    copy.input = str_copy(arena, hold->input);
    copy.traceparent = str_copy(arena, hold->traceparent);
    if (hold->order_key.data != NULL)
        copy.order_key = str_copy(arena, hold->order_key);
    if (hold->parent_id.data != NULL)
        copy.parent_id = str_copy(arena, hold->parent_id);
    return copy;
}

JobRun *run_create(Queue *queue, const JobHold *hold)
{
    JobRun *run = memory_new(JobRun);

    arena_init(&run->arena);
    run->queue = queue;
    run->hold = copy_hold(&run->arena, hold);
    run->kind = queue_find_kind(queue, run->hold.kind);
    run->result = OK;
    (void)pthread_mutex_init(&run->lock, NULL);
    return run;
}

void run_destroy(JobRun *run)
{
    (void)pthread_mutex_destroy(&run->lock);
    arena_finish(&run->arena);
    memory_free(run);
}

bool run_heard(JobRun *run, Arena *arena, JobKeep *out)
{
    MUTEX_HOLD(&run->lock);
    bool is_news = run->is_told;

    run->is_told = false;
    *out = (JobKeep){
        .job_id = run->hold.job_id,
        .fence = run->hold.fence,
        .progress = run->percent,
        .message = str_copy(arena, str_from(run->message)),
    };
    return is_news;
}

/* Its worker stops, or it is somebody else's, who has its fence: it is as if it hadn't begun, where it may begin again. */
static bool is_broken_off(const JobRun *run, int stop)
{
    return stop == JOB_LOST && failed(&run->result) && run->kind->retry->most_attempts > 1;
}

JobEnd run_end(const JobRun *run)
{
    int stop = atomic_load(&run->stop);
    bool is_late = stop == JOB_LATE && failed(&run->result);

    return (JobEnd){
        .hold = run->hold,
        .result =
            is_late ? err(TIMED_OUT, "it ran for longer than %d s", run->kind->time_limit_s) : run->result,
        .is_cancelled = stop == JOB_CANCELLED,
        .put_back_us = is_broken_off(run, stop) ? clock_wall_us(run->queue->clock) : run->put_back_us,
        .outcome = run->given,
    };
}

/* ---- what its function calls */

Str job_id(const JobRun *run)
{
    return run->hold.job_id;
}

Json job_input(const JobRun *run)
{
    return run->hold.input;
}

int job_attempt(const JobRun *run)
{
    return (int)run->hold.attempt;
}

Arena *job_arena(const JobRun *run)
{
    return (Arena *)&run->arena;
}

void *job_context(const JobRun *run)
{
    return run->queue->context;
}

bool job_should_stop(const JobRun *run)
{
    return atomic_load_explicit(&run->stop, memory_order_relaxed) != JOB_GOES_ON;
}

void job_progress(JobRun *run, int percent, Str message)
{
    Str shown = utf8_cut_bytes(message, JOB_MESSAGE_MAX);

    MUTEX_HOLD(&run->lock);
    run->percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
    memcpy(run->message, shown.data, shown.len);
    run->message[shown.len] = '\0';
    run->is_told = true;
}

Err job_give(JobRun *run, Json result)
{
    if (result.len > JOB_INPUT_MAX)
        return err(TOO_LARGE, "a job's result has %zu bytes, at most %d are kept", result.len, JOB_INPUT_MAX);
    run->given = str_copy(&run->arena, result);
    return OK;
}

Err job_put_off(JobRun *run, int64_t due_us)
{
    run->put_back_us = due_us;
    return OK;
}

Err job_finish(JobRun *run, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    Ending ending = {run->queue, tx, &arena, clock_wall_us(run->queue->clock)};
    JobEnd end = run_end(run);
    bool was_held;

    arena_init(&arena);
    end.result = OK;
    TRY(end_job(&ending, &end, &was_held));
    return was_held ? OK : err(CONFLICT, "this job is somebody else's by now, or has ended");
}

Err job_children(const JobRun *run, const JobChild **children, size_t *count)
{
    Arena *arena = job_arena(run);
    QueueSqlChild *rows;
    size_t row_count;

    *count = 0;
    TRY(queue_sql_list_children(run->queue->sql, NULL, arena, run->hold.job_id, &rows, &row_count));
    JobChild *list = arena_array(arena, JobChild, row_count + 1);
    for (size_t i = 0; i < row_count; i++)
        if (!child_undoes(&rows[i]))
            list[(*count)++] = (JobChild){rows[i].job_id, rows[i].kind, rows[i].outcome};
    *children = list;
    return OK;
}

/* ---- its work */

/* Of whoever added it, or of its own. */
static Trace trace_of_run(const JobRun *run, Trace *parent)
{
    if (trace_parse(run->hold.traceparent, parent))
        return trace_child(parent);
    *parent = (Trace){0};
    return span_new_trace();
}

static void run_in_trace(JobRun *run)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_SPAN Span span;
    Trace parent, trace = trace_of_run(run, &parent);

    span_begin_root(&span, SPAN_CONSUMER, str_format(&scratch, "job %s", run->kind->name).data, &trace,
                    parent.span_id, clock_monotonic_us(clock_system()));
    span_note_text(&span, "messaging.system", "nerdx");
    span_note_text(&span, "messaging.operation.name", "process");
    span_note_text(&span, "messaging.operation.type", "process");
    span_note_text(&span, "messaging.destination.name", run->kind->name);
    span_note_text(&span, "nerdx.service", queue_service(run->queue));
    span_note_int(&span, "nerdx.job.attempt", run->hold.attempt);
    AUTO_DOING const Trace *before = span_enter(&trace);
    run->result = span_fail(&span, run->kind->run(run));
}

void run_work(JobRun *run)
{
    if (job_should_stop(run))
        run->result = err(UNAVAILABLE, "it was to stop before it began");
    else
        run_in_trace(run);
}
