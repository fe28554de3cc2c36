/* Adding: one job, or a tree of them. */
#include <assert.h>

#include "base/random.h"
#include "base/span.h"
#include "stores/queue/inside.h"

static const char *state_when_due(int64_t due_us, int64_t now_us)
{
    return due_us > now_us ? "later" : "ready";
}

static Err check_new(const JobNew *job)
{
    if (job->input.len > JOB_INPUT_MAX)
        return err(TOO_LARGE, "a job's input has %zu bytes, at most %d are taken", job->input.len,
                   JOB_INPUT_MAX);
    if (job->unique_key.len > JOB_KEY_MAX || job->order_key.len > JOB_KEY_MAX)
        return err(TOO_LARGE, "a job's key is longer than %d bytes", JOB_KEY_MAX);
    assert(job->priority >= 0 && job->priority <= JOB_LOWEST_PRIORITY);
    return OK;
}

/* In an order the first goes, whoever comes later waits. */
static Err enter_order(Tx *tx, const JobNew *job, const JobPlace *place, int64_t now_us)
{
    int64_t living;

    TRY(queue_sql_enter_order(tx, job->order_key, &living));
    return living == 1 ? queue_sql_let_go(tx, place->job_id, now_us, NULL) : OK;
}

Str trace_of_doing(char out[TRACE_TEXT])
{
    const Trace *doing = span_current();

    out[0] = '\0';
    if (doing != NULL)
        trace_print(doing, out);
    return str_from(out);
}

Err add_row(Queue *queue, Tx *tx, const JobNew *job, const JobPlace *place, int64_t now_us, bool *is_new)
{
    const JobKind *kind = queue_find_kind(queue, job->kind);
    bool is_ordered = job->order_key.data != NULL, is_unique = job->unique_key.data != NULL;
    char doing[TRACE_TEXT];
    int64_t added = 1;

    assert(kind != NULL); /* whoever adds it has it in their table */
    TRY(queue_sql_add(
        tx, place->job_id, job->kind, kind_lane(kind), is_ordered ? STR("waiting") : place->state,
        job->priority, job->due_us > now_us ? job->due_us : now_us,
        job->input.data != NULL ? job->input : STR("{}"), job->unique_key, job->order_key, place->parent_id,
        place->child_count, place->traceparent.data != NULL ? place->traceparent : trace_of_doing(doing),
        now_us, is_unique ? &added : NULL));
    *is_new = added == 1;
    queue_call(queue);
    return *is_new && is_ordered ? enter_order(tx, job, place, now_us) : OK;
}

static Err add_at(Queue *queue, Tx *tx, Arena *arena, const JobNew *job, JobPlace place, JobAdded *out)
{
    bool found;

    TRY(check_new(job));
    place.job_id = id_new(arena, queue->clock);
    *out = (JobAdded){.job_id = place.job_id};
    TRY(add_row(queue, tx, job, &place, clock_wall_us(queue->clock), &out->is_new));
    if (out->is_new)
        return OK;
    TRY(queue_sql_find_unique(NULL, tx, arena, job->kind, job->unique_key, &out->job_id, &found));
    return found ? OK : err(CONFLICT, "the job with this key has just ended: add it again");
}

Err queue_add(Queue *queue, Tx *tx, Arena *arena, const JobNew *job, JobAdded *out)
{
    const char *state = state_when_due(job->due_us, clock_wall_us(queue->clock));

    return add_at(queue, tx, arena, job, (JobPlace){.state = str_from(state)}, out);
}

Err queue_hasten(Queue *queue, Tx *tx, Str job_id)
{
    TRY(queue_sql_hasten(tx, job_id, clock_wall_us(queue->clock), NULL));
    queue_call(queue);
    return OK;
}

static Err add_child(Queue *queue, Tx *tx, Arena *arena, const JobTree *tree, size_t number, Str parent_id)
{
    JobNew child = tree->children[number];
    JobPlace place = {.parent_id = parent_id};
    JobAdded added;

    assert(child.order_key.data == NULL && child.unique_key.data == NULL);
    if (tree->in_order)
        child.order_key = parent_id;
    place.state = str_from(state_when_due(child.due_us, clock_wall_us(queue->clock)));
    return add_at(queue, tx, arena, &child, place, &added);
}

Err queue_add_tree(Queue *queue, Tx *tx, Arena *arena, const JobTree *tree, JobAdded *out)
{
    JobPlace place = {.state = STR("waiting"), .child_count = (int64_t)tree->count};

    assert(tree->count > 0 && tree->parent.order_key.data == NULL);
    if (tree->count > JOB_MOST_CHILDREN)
        return err(TOO_LARGE, "a job has %zu children, at most %d are taken", tree->count, JOB_MOST_CHILDREN);
    TRY(add_at(queue, tx, arena, &tree->parent, place, out));
    for (size_t i = 0; out->is_new && i < tree->count; i++)
        TRY(add_child(queue, tx, arena, tree, i, out->job_id));
    return OK;
}
