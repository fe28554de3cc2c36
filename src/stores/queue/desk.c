#include "stores/queue/desk.h"

#include <assert.h>

#include "stores/queue/outbox.h"

enum { MOST_PROMOTED = 1000, MOST_LOST = 100, MOST_EXPIRED = 1000 };

typedef struct Desk {
    Queue *queue;
    Str worker;
    Arena *arena;
    DeskTurn *turn;
    int64_t now_us;
} Desk;

static Err end_all(const Ending *ending, const DeskTurn *turn)
{
    for (size_t i = 0; i < turn->end_count; i++)
        TRY(end_job(ending, &turn->ends[i], NULL));
    return OK;
}

static Err keep_all(Tx *tx, const Desk *desk)
{
    int64_t until_us = desk->now_us + (int64_t)JOB_LEASE_S * US_PER_S, kept;

    for (size_t i = 0; i < desk->turn->keep_count; i++) {
        JobKeep *keep = &desk->turn->keeps[i];
        TRY(queue_sql_keep(tx, keep->job_id, keep->fence, until_us, keep->progress, keep->message, &kept));
        keep->is_lost = kept == 0;
    }
    return OK;
}

static Err list_asked(Tx *tx, const Desk *desk)
{
    return queue_sql_list_asked(NULL, tx, desk->arena, desk->worker, &desk->turn->asked,
                                &desk->turn->asked_count);
}

/* Whoever had them, perhaps this program before it fell: an attempt that came to nothing. */
static Err end_lost(const Ending *ending)
{
    QueueSqlTaken *lost;
    size_t count;

    TRY(queue_sql_list_lost(NULL, ending->tx, ending->arena, ending->now_us, MOST_LOST, &lost, &count));
    for (size_t i = 0; i < count; i++) {
        JobEnd end = {
            .hold = hold_of_row(&lost[i]),
            .result = err(UNAVAILABLE, "its worker wasn't heard of for %d s", JOB_LEASE_S),
        };
        TRY(end_job(ending, &end, NULL));
    }
    return OK;
}

static Err sweep(const Ending *ending)
{
    TRY(end_lost(ending));
    TRY(cron_add_due(ending->queue, ending->tx, ending->arena, ending->now_us));
    TRY(outbox_sweep(ending->tx, ending->now_us));
    return queue_sql_delete_expired(ending->tx, ending->now_us, MOST_EXPIRED, NULL);
}

static Err take_up_to(Tx *tx, const Desk *desk, size_t most)
{
    Taking taking = {desk->queue, tx, desk->arena, desk->worker, desk->now_us};

    return take_jobs(&taking, most, desk->turn->taken, &desk->turn->taken_count);
}

static Err note_next(Tx *tx, DeskTurn *turn)
{
    SqlMaybeInt due;

    TRY(queue_sql_next_due(NULL, tx, &due));
    turn->next_due_us = due.present ? due.value : 0;
    return OK;
}

static Err take_turn(void *context, Tx *tx)
{
    const Desk *desk = context;
    Ending ending = {desk->queue, tx, desk->arena, desk->now_us};

    TRY(end_all(&ending, desk->turn));
    TRY(keep_all(tx, desk));
    if (desk->turn->asks)
        TRY(list_asked(tx, desk));
    if (desk->turn->sweep)
        TRY(sweep(&ending));
    TRY(queue_sql_promote(tx, desk->now_us, MOST_PROMOTED, NULL));
    if (desk->turn->most > 0)
        TRY(take_up_to(tx, desk, desk->turn->most));
    return note_next(tx, desk->turn);
}

Err desk_turn(Queue *queue, Str worker, Arena *arena, DeskTurn *turn)
{
    Desk desk = {queue, worker, arena, turn, clock_wall_us(queue->clock)};

    assert(turn->most <= DESK_MOST);
    turn->taken = arena_array(arena, JobHold, turn->most + 1);
    turn->taken_count = turn->asked_count = 0;
    outbox_take_over(queue, arena);
    TRY(outbox_hand_out(queue, arena));
    return sql_transact_rows(queue->sql, take_turn, &desk);
}
