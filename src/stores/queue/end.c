/* Ending: how it went, what is tried again, and what an end sets going. */
#include <assert.h>

#include "base/log.h"
#include "base/random.h"
#include "stores/queue/inside.h"

enum { S_PER_DAY = 86400 };

static int64_t expiry_of(const JobKind *kind, Str state, int64_t now_us)
{
    int64_t keep_s =
        kind != NULL && str_equal(state, STR("done")) ? kind->keep_s : (int64_t)JOB_DEAD_DAYS * S_PER_DAY;

    return now_us + keep_s * US_PER_S;
}

/* One that ended without having run, as it was before. */
static Err tell_shown(const Ending *ending, const QueueSqlShown *row, Str state, Str reason)
{
    return end_tell(ending, &(EndTold){.job_id = row->job_id,
                                       .kind = row->kind,
                                       .parent_id = row->parent_id,
                                       .state = state,
                                       .attempt = row->attempt,
                                       .input = row->input,
                                       .reason = reason});
}

/* ---- orders */

static Err leave_order(const Ending *ending, Str order_key)
{
    int64_t living;

    TRY(queue_sql_leave_order(ending->tx, order_key, &living));
    return living == 0 ? queue_sql_drop_order(ending->tx, order_key, NULL)
                       : queue_sql_let_next(ending->tx, order_key, ending->now_us, NULL);
}

/* For one that may not have been the first: whoever is goes on, and nobody passes it. */
static Err leave_order_early(const Ending *ending, Str order_key)
{
    int64_t living;

    queue_call(ending->queue);
    TRY(queue_sql_leave_order(ending->tx, order_key, &living));
    return living == 0 ? queue_sql_drop_order(ending->tx, order_key, NULL)
                       : queue_sql_let_next_if_all_wait(ending->tx, order_key, living, ending->now_us, NULL);
}

/* ---- trees */

static Str undo_order(Arena *arena, Str parent_id)
{
    return str_format(arena, "undo:%.*s", STR_ARG(parent_id));
}

bool child_undoes(const QueueSqlChild *child)
{
    return child->order_key.data != NULL && str_starts(child->order_key, STR("undo:"));
}

/* {"input":…,"result":…} of what is to be undone. */
static Json undo_input(Arena *arena, const QueueSqlChild *child)
{
    return str_format(arena, "{\"input\":%.*s,\"result\":%.*s}", STR_ARG(child->input),
                      STR_ARG(child->outcome.len > 0 ? child->outcome : STR("null")));
}

static Err add_undo(const Ending *ending, const QueueSqlChild *child, const char *undo, Str parent_id)
{
    JobNew job = {
        .kind = str_from(undo),
        .input = undo_input(ending->arena, child),
        .order_key = undo_order(ending->arena, parent_id),
    };
    JobPlace place = {
        .job_id = id_new(ending->arena, ending->queue->clock),
        .state = STR("ready"),
        .parent_id = parent_id,
    };
    bool is_new;

    TRY(add_row(ending->queue, ending->tx, &job, &place, ending->now_us, &is_new));
    return queue_sql_more_children(ending->tx, parent_id, 1, NULL);
}

static const char *undo_of(const Ending *ending, const QueueSqlChild *child)
{
    const JobKind *kind = queue_find_kind(ending->queue, child->kind);

    return kind != NULL && str_equal(child->state, STR("done")) && !child_undoes(child) ? kind->undo : NULL;
}

/* The last first. *count 0: there is nothing to undo, or it was begun before. */
static Err add_undos(const Ending *ending, Str parent_id, const QueueSqlChild *children, size_t child_count,
                     size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < child_count; i++)
        if (child_undoes(&children[i]))
            return OK;
    for (size_t i = child_count; i > 0; i--) {
        const char *undo = undo_of(ending, &children[i - 1]);
        if (undo == NULL)
            continue;
        TRY(add_undo(ending, &children[i - 1], undo, parent_id));
        (*count)++;
    }
    return OK;
}

/* For the parent: which of its children it was. */
static Str why_failed(Arena *arena, const QueueSqlChild *children, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(children[i].state, STR("dead")))
            return str_format(arena, "%.*s failed: %.*s", STR_ARG(children[i].kind),
                              STR_ARG(children[i].outcome));
    return STR("cancelled with its children");
}

static Err end_parent(const Ending *ending, Str parent_id, const QueueSqlChild *children, size_t count)
{
    int64_t expires_us = expiry_of(NULL, STR("dead"), ending->now_us);
    int64_t ended;
    QueueSqlShown parent;
    bool found;

    TRY(queue_sql_end_parent(ending->tx, parent_id, STR("dead"), why_failed(ending->arena, children, count),
                             ending->now_us, expires_us, &ended));
    if (ended == 0)
        return OK;
    TRY(queue_sql_expire_children(ending->tx, parent_id, expires_us, NULL));
    TRY(queue_sql_get(NULL, ending->tx, ending->arena, parent_id, &parent, &found));
    if (!found)
        return OK;
    TRY(tell_shown(ending, &parent, STR("dead"), parent.outcome));
    return end_go_on(ending, parent.order_key, parent.parent_id, false);
}

static Err all_children_ended(const Ending *ending, Str parent_id, bool is_failing)
{
    QueueSqlChild *children;
    size_t count, undos;

    if (!is_failing)
        return queue_sql_let_go(ending->tx, parent_id, ending->now_us, NULL);
    TRY(queue_sql_list_children(NULL, ending->tx, ending->arena, parent_id, &children, &count));
    TRY(add_undos(ending, parent_id, children, count, &undos));
    return undos > 0 ? OK : end_parent(ending, parent_id, children, count);
}

/* After the first that didn't succeed none of the others begins; what undoes goes on. */
static Err cancel_others(const Ending *ending, Str parent_id)
{
    QueueSqlChild *children;
    size_t count;
    bool was_waiting;

    TRY(queue_sql_list_children(NULL, ending->tx, ending->arena, parent_id, &children, &count));
    for (size_t i = 0; i < count; i++)
        if (!child_undoes(&children[i]))
            TRY(end_waiting(ending, &children[i], STR("another of its tree didn't succeed"), &was_waiting));
    return OK;
}

/* The first failure cancels the others, each of which comes here in its turn. */
static Err child_ended(const Ending *ending, Str parent_id, bool is_done)
{
    QueueSqlChildEnded parent;
    int64_t is_first = 0;
    bool found;

    if (!is_done)
        TRY(queue_sql_note_failing(ending->tx, parent_id, &is_first));
    if (is_first > 0)
        TRY(cancel_others(ending, parent_id));
    TRY(queue_sql_child_ended(ending->tx, parent_id, &parent, &found));
    if (!found) /* it has ended itself: nobody else says how long this one is kept */
        return queue_sql_expire_children(ending->tx, parent_id, expiry_of(NULL, STR("dead"), ending->now_us),
                                         NULL);
    if (parent.open_children > 0)
        return OK;
    return all_children_ended(ending, parent_id, parent.is_failing == 1);
}

Err end_go_on(const Ending *ending, Str order_key, Str parent_id, bool is_done)
{
    if (order_key.data != NULL || parent_id.data != NULL)
        queue_call(ending->queue);
    if (order_key.data != NULL)
        TRY(leave_order(ending, order_key));
    return parent_id.data != NULL ? child_ended(ending, parent_id, is_done) : OK;
}

Err end_waiting(const Ending *ending, const QueueSqlChild *job, Str reason, bool *was_waiting)
{
    int64_t expires_us = expiry_of(NULL, STR("cancelled"), ending->now_us), cancelled;
    QueueSqlShown shown;
    bool found;

    *was_waiting = false;
    TRY(queue_sql_cancel_waiting(ending->tx, job->job_id, reason, ending->now_us, expires_us, &cancelled));
    if (cancelled == 0)
        return OK;
    *was_waiting = true;
    TRY(queue_sql_get(NULL, ending->tx, ending->arena, job->job_id, &shown, &found));
    TRY(queue_sql_expire_children(ending->tx, job->job_id, expires_us, NULL));
    TRY(tell_shown(ending, &shown, STR("cancelled"), reason));
    if (shown.order_key.data != NULL)
        TRY(leave_order_early(ending, shown.order_key));
    return end_go_on(ending, (Str){0}, shown.parent_id, false);
}

/* ---- one that ran */

static EndTold told_of(const JobHold *hold, Str state, Str outcome)
{
    return (EndTold){.job_id = hold->job_id,
                     .kind = hold->kind,
                     .parent_id = hold->parent_id,
                     .state = state,
                     .attempt = hold->attempt,
                     .input = hold->input,
                     .reason = outcome};
}

/* ended may be NULL: nothing follows from it. */
static Err end_as(const Ending *ending, const JobHold *hold, Str state, Str outcome, int64_t *ended)
{
    const JobKind *kind = queue_find_kind(ending->queue, hold->kind);
    bool is_done = str_equal(state, STR("done"));

    if (is_done && kind != NULL && kind->keep_s == 0 && hold->parent_id.data == NULL)
        TRY(queue_sql_end_and_forget(ending->tx, hold->job_id, hold->fence, ended));
    else
        TRY(queue_sql_end(
            ending->tx, hold->job_id, hold->fence, state, outcome, ending->now_us,
            is_done && hold->parent_id.data != NULL ? 0 : expiry_of(kind, state, ending->now_us), ended));
    if (ended == NULL || *ended == 0)
        return OK;
    if (hold->child_count > 0)
        TRY(queue_sql_expire_children(ending->tx, hold->job_id, expiry_of(kind, state, ending->now_us),
                                      NULL));
    const EndTold told = told_of(hold, state, outcome);
    TRY(end_tell(ending, &told));
    return end_go_on(ending, hold->order_key, hold->parent_id, is_done);
}

/* What somebody has asked to stop has stopped: it isn't begun again. */
static Err end_asked(const Ending *ending, const JobHold *hold, int64_t *ended)
{
    return end_as(ending, hold, STR("cancelled"), STR("cancelled while it ran"), ended);
}

static Err end_failed(const Ending *ending, const JobEnd *end, int64_t *ended)
{
    const JobKind *kind = queue_find_kind(ending->queue, end->hold.kind);
    const JobRetry *retry = kind != NULL ? kind->retry : &JOB_RETRY_DOUBLING;
    Str why = str_copy(ending->arena, str_from(end->result.message));
    int64_t due_us;

    if (!retry_due(retry, end->hold.attempt, &end->result, ending->now_us, &due_us))
        return end_as(ending, &end->hold, STR("dead"), why, ended);
    TRY(queue_sql_try_again(ending->tx, end->hold.job_id, end->hold.fence, why, due_us, ended));
    return *ended > 0 ? OK : end_asked(ending, &end->hold, ended);
}

static Err put_back(const Ending *ending, const JobEnd *end, int64_t *ended)
{
    if (end->put_back_us <= ending->now_us)
        queue_call(ending->queue); /* for whoever is free elsewhere */
    TRY(queue_sql_put_back(ending->tx, end->hold.job_id, end->hold.fence, end->put_back_us, ended));
    return *ended > 0 ? OK : end_asked(ending, &end->hold, ended);
}

/* Whether nobody waits for its end, nor is told of it: a server then needn't be waited for. */
static bool is_quiet(const Ending *ending, const JobEnd *end)
{
    const JobKind *kind = queue_find_kind(ending->queue, end->hold.kind);

    return kind != NULL && kind->tells != JOB_TELLS_END && end->hold.order_key.data == NULL &&
           end->hold.parent_id.data == NULL && end->hold.child_count == 0;
}

Err end_job(const Ending *ending, const JobEnd *end, bool *was_held)
{
    int64_t ended = 0, *asked = was_held == NULL && is_quiet(ending, end) ? NULL : &ended;

    if (end->put_back_us != 0)
        TRY(put_back(ending, end, &ended));
    else if (!failed(&end->result))
        TRY(end_as(ending, &end->hold, STR("done"), end->outcome.data != NULL ? end->outcome : STR(""),
                   asked));
    else if (end->is_cancelled)
        TRY(end_asked(ending, &end->hold, &ended));
    else
        TRY(end_failed(ending, end, &ended));
    if (was_held != NULL)
        *was_held = ended > 0;
    return OK;
}
