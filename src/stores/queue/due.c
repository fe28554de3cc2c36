/* What comes by the calendar. */
#include <assert.h>

#include "stores/queue/cron.h"
#include "stores/queue/inside.h"

#define CRON_KEY STR("cron") /* of a kind of the calendar one waits or runs at a time */

static bool next_of(const JobKind *kind, int64_t after_us, int64_t *next_us)
{
    Cron cron;
    Err e = cron_read(str_from(kind->cron), &cron);

    assert(!failed(&e)); /* a table of the program, opened in every test */
    (void)e;
    return cron_next(&cron, after_us, next_us);
}

Err cron_note(Queue *queue, Tx *tx)
{
    int64_t next_us;

    for (size_t i = 0; i < queue->kind_count; i++) {
        const JobKind *kind = &queue->kinds[i];
        if (kind->cron != NULL && next_of(kind, clock_wall_us(queue->clock), &next_us))
            TRY(queue_sql_add_cron(tx, str_from(kind->name), next_us, NULL));
    }
    return OK;
}

/* One that nobody was there for is made up for once, however often it was missed. */
static Err add_if_due(Queue *queue, Tx *tx, Arena *arena, const QueueSqlListCron *row, int64_t now_us)
{
    const JobKind *kind = queue_find_kind(queue, row->kind);
    int64_t next_us, moved;
    JobAdded added;

    if (kind == NULL || kind->cron == NULL || row->next_us > now_us || !next_of(kind, now_us, &next_us))
        return OK;
    TRY(queue_sql_move_cron(tx, row->kind, row->next_us, next_us, &moved));
    if (moved == 0)
        return OK;
    return queue_add(queue, tx, arena, &(JobNew){.kind = row->kind, .unique_key = CRON_KEY}, &added);
}

Err cron_add_due(Queue *queue, Tx *tx, Arena *arena, int64_t now_us)
{
    QueueSqlListCron *rows;
    size_t count;

    TRY(queue_sql_list_cron(NULL, tx, arena, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(add_if_due(queue, tx, arena, &rows[i], now_us));
    return OK;
}

typedef struct Adding {
    Queue *queue;
    Str kind;
} Adding;

static Err add_now(void *context, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    const Adding *adding = context;
    JobAdded added;

    arena_init(&arena);
    return queue_add(adding->queue, tx, &arena, &(JobNew){.kind = adding->kind, .unique_key = CRON_KEY},
                     &added);
}

Err queue_add_cron(Queue *queue, Str kind)
{
    return sql_transact(queue->sql, add_now, &(Adding){queue, kind});
}
