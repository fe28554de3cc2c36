/* Trying again what is dead or cancelled: a job, or a tree: its parent with those of its children that aren't done. */
#include "stores/queue/inside.h"

typedef struct Again {
    Queue *queue;
    Tx *tx;
    Arena *arena;
    int64_t now_us;
} Again;

static Err revive(const Again *again, Str job_id, Str order_key, int64_t *revived)
{
    int64_t living = 1;

    if (order_key.data != NULL)
        TRY(queue_sql_enter_order(again->tx, order_key, &living));
    return queue_sql_revive(again->tx, job_id, living > 1 ? STR("waiting") : STR("ready"), again->now_us,
                            revived);
}

/* ---- trees */

/* What was undone is over: it would be done a second time. */
static Err check_tree(const QueueSqlChild *children, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (child_undoes(&children[i]))
            return err(CONFLICT, "what its children did was undone: add it anew");
    return OK;
}

static Err revive_children(const Again *again, const QueueSqlChild *children, size_t count, int64_t *revived)
{
    int64_t is_one;

    *revived = 0;
    for (size_t i = 0; i < count; i++) {
        if (str_equal(children[i].state, STR("done")))
            continue;
        TRY(revive(again, children[i].job_id, children[i].order_key, &is_one));
        *revived += is_one;
    }
    return OK;
}

static Err revive_tree(const Again *again, const QueueSqlShown *parent, int64_t *revived)
{
    QueueSqlChild *children;
    size_t count;
    int64_t open;

    TRY(queue_sql_list_children(NULL, again->tx, again->arena, parent->job_id, &children, &count));
    TRY(check_tree(children, count));
    TRY(revive(again, parent->job_id, parent->order_key, revived));
    if (*revived == 0 || count == 0)
        return OK;
    TRY(revive_children(again, children, count, &open));
    TRY(queue_sql_expire_children(again->tx, parent->job_id, 0, NULL));
    return open > 0 ? queue_sql_wait_for_children(again->tx, parent->job_id, open, NULL) : OK;
}

/* A child begins anew with its tree alone; what undoes by itself, once the tree has ended, for nobody waits for it any more. */
static Err check_child(const Again *again, const QueueSqlShown *child)
{
    QueueSqlShown parent;
    bool found;

    if (child->parent_id.data == NULL)
        return OK;
    TRY(queue_sql_get(NULL, again->tx, again->arena, child->parent_id, &parent, &found));
    if (!child_undoes(&(QueueSqlChild){.order_key = child->order_key}))
        return err(CONFLICT, "it begins anew with its tree alone: try %.*s again", STR_ARG(child->parent_id));
    return found && str_equal(parent.state, STR("waiting"))
               ? err(CONFLICT, "its tree hasn't ended yet: try it again then")
               : OK;
}

/* Of one kind and key at most one lives. */
static Err check_key(const Again *again, const QueueSqlShown *row)
{
    Str living;
    bool found;

    if (row->unique_key.data == NULL)
        return OK;
    TRY(queue_sql_find_unique(NULL, again->tx, again->arena, row->kind, row->unique_key, &living, &found));
    return found && !str_equal(living, row->job_id)
               ? err(CONFLICT, "%.*s is there for the same: of one key at most one lives", STR_ARG(living))
               : OK;
}

/* ---- */

typedef struct Asked {
    Queue *queue;
    Arena *arena;
    Str job_id;
    JobShown *out;
} Asked;

static Err try_again(void *context, Tx *tx)
{
    const Asked *asked = context;
    const Again again = {asked->queue, tx, asked->arena, clock_wall_us(asked->queue->clock)};
    QueueSqlShown row;
    int64_t revived;
    bool found;

    TRY(queue_sql_get(NULL, tx, asked->arena, asked->job_id, &row, &found));
    if (!found)
        return no_such_job(asked->job_id);
    TRY(check_child(&again, &row));
    TRY(check_key(&again, &row));
    TRY(revive_tree(&again, &row, &revived));
    return revived > 0 ? show_within(tx, asked->arena, asked->job_id, asked->out)
                       : err(CONFLICT, "it is %.*s: only what is dead or cancelled is tried again",
                             STR_ARG(row.state));
}

Err queue_retry(Queue *queue, Arena *arena, Str job_id, JobShown *out)
{
    Asked asked = {queue, arena, job_id, out};

    TRY(sql_transact_rows(queue->sql, try_again, &asked));
    queue_call(queue);
    return OK;
}
