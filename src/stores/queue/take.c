/* Taking: from the lane whose first is the most urgent, as many as its limits leave. */
#include <stdlib.h>

#include "stores/queue/inside.h"

enum { US_PER_MINUTE = 60 * US_PER_S, MOST_LANES = 64 };

typedef struct Lane {
    const JobKind *kind; /* NULL: the one without limits */
    Str name;
    bool is_waiting;
    QueueSqlPeek first;
} Lane;

static Err look_into(const Taking *taking, Lane *lane)
{
    return queue_sql_peek(NULL, taking->tx, lane->name, &lane->first, &lane->is_waiting);
}

static Err look_into_all(const Taking *taking, Lane *lanes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(look_into(taking, &lanes[i]));
    return OK;
}

static Err find_lanes(const Taking *taking, Lane *lanes, size_t *count)
{
    const Queue *queue = taking->queue;

    lanes[0] = (Lane){.name = STR("")};
    *count = 1;
    for (size_t i = 0; i < queue->kind_count && *count < MOST_LANES; i++)
        if (queue->has_lane[i] && queue->kinds[i].run != NULL)
            lanes[(*count)++] = (Lane){.kind = &queue->kinds[i], .name = str_from(queue->kinds[i].name)};
    return look_into_all(taking, lanes, *count);
}

static bool goes_before(const Lane *a, const Lane *b)
{
    return a->first.priority != b->first.priority ? a->first.priority < b->first.priority
                                                  : a->first.due_us < b->first.due_us;
}

static Lane *most_urgent(Lane *lanes, size_t count)
{
    Lane *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (lanes[i].is_waiting && (best == NULL || goes_before(&lanes[i], best)))
            best = &lanes[i];
    return best;
}

/* Its row stays locked, so that two nodes don't take the last place both. */
static Err places_of(const Taking *taking, const Lane *lane, size_t *places)
{
    const JobKind *kind = lane->kind;
    int64_t started, running, left = INT64_MAX;

    TRY(queue_sql_enter_lane(taking->tx, lane->name, taking->now_us / US_PER_MINUTE, &started));
    if (kind->most_a_minute > 0)
        left = kind->most_a_minute - started;
    if (kind->most_at_once > 0) {
        TRY(queue_sql_count_running(NULL, taking->tx, lane->name, &running));
        if (kind->most_at_once - running < left)
            left = kind->most_at_once - running;
    }
    if (left <= 0)
        *places = 0;
    else if ((uint64_t)left < *places)
        *places = (size_t)left;
    return OK;
}

JobHold hold_of_row(const QueueSqlTaken *row)
{
    return (JobHold){row->job_id,   row->kind,      row->input,      row->attempt,
                     row->fence,    row->order_key, row->parent_id,  row->child_count,
                     row->priority, row->due_us,    row->traceparent};
}

/* ---- kinds that had no limit when an older program added them, or have none to one that adds some yet: they lie in the lane without
 * limits, and are moved when one is met there */

static bool is_stray(const Taking *taking, const QueueSqlTaken *row)
{
    const JobKind *kind = queue_find_kind(taking->queue, row->kind);

    return kind != NULL && kind_is_limited(kind);
}

/* Those of a kind that were taken, and with them all that aren't yet. */
static Err move_strays_of(const Taking *taking, Str kind, const QueueSqlTaken *rows, size_t count)
{
    size_t moved = 0;

    for (size_t i = 0; i < count; i++) {
        if (!str_equal(rows[i].kind, kind))
            continue;
        TRY(queue_sql_move(taking->tx, rows[i].job_id, rows[i].fence, kind, NULL));
        moved++;
    }
    return moved > 0 ? queue_sql_move_ready(taking->tx, kind, kind, NULL) : OK;
}

static Err move_strays(const Taking *taking, const QueueSqlTaken *rows, size_t count)
{
    const Queue *queue = taking->queue;

    for (size_t i = 0; i < queue->kind_count; i++)
        if (kind_is_limited(&queue->kinds[i]))
            TRY(move_strays_of(taking, str_from(queue->kinds[i].name), rows, count));
    return OK;
}

/* *strays: of those that were taken so many weren't to be. */
static Err take_rows(const Taking *taking, const Lane *lane, size_t most, JobHold *taken, size_t *count,
                     size_t *strays)
{
    QueueSqlTaken *rows;
    size_t row_count;

    TRY(queue_sql_take(taking->tx, taking->arena, lane->name, (int64_t)most, taking->worker, taking->now_us,
                       taking->now_us + (int64_t)JOB_LEASE_S * US_PER_S, &rows, &row_count));
    if (row_count > most)
        return err(INTERNAL, "%zu jobs were taken where %zu were asked for", row_count, most);
    for (size_t i = 0; i < row_count; i++)
        if (lane->kind != NULL || !is_stray(taking, &rows[i]))
            taken[(*count)++] = hold_of_row(&rows[i]);
    *strays = row_count - *count;
    return *strays > 0 ? move_strays(taking, rows, row_count) : OK;
}

static Err take_from(const Taking *taking, const Lane *lane, size_t most, JobHold *taken, size_t *count,
                     size_t *strays)
{
    *count = *strays = 0;
    if (lane->kind != NULL)
        TRY(places_of(taking, lane, &most));
    if (most == 0)
        return OK;
    TRY(take_rows(taking, lane, most, taken, count, strays));
    return lane->kind != NULL ? queue_sql_note_started(taking->tx, lane->name, (int64_t)*count, NULL) : OK;
}

/* What RETURNING gives has no order. */
static int by_urgency(const void *left, const void *right)
{
    const JobHold *a = left, *b = right;

    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    if (a->due_us != b->due_us)
        return a->due_us < b->due_us ? -1 : 1;
    return str_compare(a->job_id, b->job_id);
}

Err take_jobs(const Taking *taking, size_t most, JobHold *taken, size_t *count)
{
    Lane lanes[MOST_LANES], *lane;
    size_t lane_count, more, strays;

    *count = 0;
    TRY(find_lanes(taking, lanes, &lane_count));
    while (*count < most && (lane = most_urgent(lanes, lane_count)) != NULL) {
        TRY(take_from(taking, lane, most - *count, taken + *count, &more, &strays));
        *count += more;
        lane->is_waiting = false; /* all that it has, or may have, is taken */
        if (strays > 0)
            TRY(look_into_all(taking, lanes, lane_count));
    }
    qsort(taken, *count, sizeof *taken, by_urgency);
    return OK;
}
