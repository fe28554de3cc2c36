/* Looking at jobs, cancelling them. */
#include "stores/queue/inside.h"

static JobShown shown_of(const QueueSqlShown *row)
{
    return (JobShown){
        .job_id = row->job_id,
        .kind = row->kind,
        .state = row->state,
        .priority = row->priority,
        .due_us = row->due_us,
        .input = row->input,
        .unique_key = row->unique_key,
        .order_key = row->order_key,
        .parent_id = row->parent_id,
        .attempt = row->attempt,
        .worker = row->worker,
        .is_cancel_asked = row->is_cancel_asked == 1,
        .progress = row->progress,
        .message = row->message,
        .outcome = row->outcome,
        .created_us = row->created_us,
        .started_us = row->started_us,
        .ended_us = row->ended_us,
    };
}

Err no_such_job(Str job_id)
{
    return err(NOT_FOUND, "there is no job %.*s (those that ended are kept for a time only)",
               STR_ARG(job_id));
}

static Err get_in(Sql *sql, Tx *tx, Arena *arena, Str job_id, JobShown *out)
{
    QueueSqlShown row;
    bool found;

    TRY(queue_sql_get(sql, tx, arena, job_id, &row, &found));
    if (!found)
        return no_such_job(job_id);
    *out = shown_of(&row);
    return OK;
}

Err queue_get(Queue *queue, Arena *arena, Str job_id, JobShown *out)
{
    return get_in(queue->sql, NULL, arena, job_id, out);
}

Err show_within(Tx *tx, Arena *arena, Str job_id, JobShown *out)
{
    return out != NULL ? get_in(NULL, tx, arena, job_id, out) : OK;
}

static Str or_empty(Str text)
{
    return text.data != NULL ? text : STR("");
}

static JobShown *all_shown(Arena *arena, const QueueSqlShown *rows, size_t count)
{
    JobShown *jobs = arena_array(arena, JobShown, count + 1);

    for (size_t i = 0; i < count; i++)
        jobs[i] = shown_of(&rows[i]);
    return jobs;
}

Err queue_list(Queue *queue, Arena *arena, const JobFilter *filter, JobShown **jobs, size_t *count)
{
    QueueSqlShown *rows;

    TRY(queue_sql_list(queue->sql, NULL, arena, or_empty(filter->state), or_empty(filter->kind),
                       or_empty(filter->before_id), filter->most, &rows, count));
    *jobs = all_shown(arena, rows, *count);
    return OK;
}

Err queue_list_dead(Queue *queue, Arena *arena, Str after_id, int most, JobShown **jobs, size_t *count)
{
    QueueSqlShown *rows;

    TRY(queue_sql_list_dead(queue->sql, NULL, arena, after_id, most, &rows, count));
    *jobs = all_shown(arena, rows, *count);
    return OK;
}

Err queue_count(Queue *queue, Arena *arena, JobCount **counts, size_t *count)
{
    QueueSqlCountStates *rows;

    TRY(queue_sql_count_states(queue->sql, NULL, arena, &rows, count));
    *counts = arena_array(arena, JobCount, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*counts)[i] = (JobCount){rows[i].state, rows[i].jobs, rows[i].oldest_us};
    return OK;
}

/* ---- cancelling */

static bool has_ended(Str state)
{
    return str_equal(state, STR("done")) || str_equal(state, STR("dead")) ||
           str_equal(state, STR("cancelled"));
}

typedef struct Asked {
    Queue *queue;
    Arena *arena;
    Str job_id;
    JobShown *out;
} Asked;

/* One that waits is cancelled, one that runs is asked to stop. It is locked, so that it doesn't go from one to the other between the two:
 * its attempt may be failing just now. */
static Err cancel_one(const Ending *ending, const QueueSqlChild *job, Str reason, bool *was_living)
{
    int64_t is_running = 0;
    bool found;
    Str state;

    TRY(queue_sql_lock(NULL, ending->tx, ending->arena, job->job_id, &state, &found));
    TRY(end_waiting(ending, job, reason, was_living));
    if (!*was_living)
        TRY(queue_sql_ask_to_stop(ending->tx, job->job_id, &is_running));
    *was_living |= is_running > 0;
    return OK;
}

/* What undoes goes on: who cancels a tree wants nothing left of it. */
static Err cancel_children(const Ending *ending, const QueueSqlChild *children, size_t count,
                           size_t *cancelled)
{
    bool was_living;

    *cancelled = 0;
    for (size_t i = 0; i < count; i++) {
        if (child_undoes(&children[i]) || has_ended(children[i].state))
            continue;
        TRY(cancel_one(ending, &children[i], STR("cancelled with its parent"), &was_living));
        *cancelled += was_living;
    }
    return OK;
}

/* A parent is looked at once its children stand still, in the order in which an end goes from them to it: the last of them may have
 * ended meanwhile. */
static Err cancel_tree(const Ending *ending, Str job_id, bool *is_cancelled)
{
    QueueSqlChild *children;
    size_t count, cancelled;
    Str state;
    bool found;

    TRY(queue_sql_list_children(NULL, ending->tx, ending->arena, job_id, &children, &count));
    TRY(cancel_children(ending, children, count, &cancelled));
    TRY(queue_sql_lock(NULL, ending->tx, ending->arena, job_id, &state, &found));
    *is_cancelled = cancelled > 0 || (count > 0 && found && str_equal(state, STR("waiting")));
    return *is_cancelled ? queue_sql_note_failing(ending->tx, job_id, NULL) /* the last of them ends it */
                         : OK;
}

static Err cancel(void *context, Tx *tx)
{
    const Asked *asked = context;
    Ending ending = {asked->queue, tx, asked->arena, clock_wall_us(asked->queue->clock)};
    QueueSqlChild self = {.job_id = asked->job_id};
    QueueSqlShown row;
    bool found, is_cancelled;

    TRY(cancel_tree(&ending, asked->job_id, &is_cancelled));
    if (!is_cancelled)
        TRY(cancel_one(&ending, &self, STR("cancelled"), &is_cancelled));
    if (is_cancelled)
        return show_within(tx, asked->arena, asked->job_id, asked->out);
    TRY(queue_sql_get(NULL, tx, asked->arena, asked->job_id, &row, &found));
    return found ? err(CONFLICT, "it has ended (%.*s): there is nothing to cancel", STR_ARG(row.state))
                 : no_such_job(asked->job_id);
}

Err queue_cancel(Queue *queue, Arena *arena, Str job_id, JobShown *out)
{
    Asked asked = {queue, arena, job_id, out};

    return sql_transact_rows(queue->sql, cancel, &asked);
}
