/* Taking over what was told where the queue's database isn't (EventSource). Any node may, also two at once: what one has taken over the
 * other adds once more, which adds nothing. What is listed is in the order of commits and each round is one transaction, so that no
 * event is here before one that was told earlier. */
#include "base/log.h"
#include "stores/queue/events_sql.h"
#include "stores/queue/inside.h"
#include "stores/queue/interest.h"
#include "stores/queue/outbox.h"

enum { A_ROUND = 500, MOST_ROUNDS = 10 };

typedef struct TakingOver {
    Queue *queue;
    Arena *arena;
    EventTold *events;
    size_t count;
} TakingOver;

static Err add(const TakingOver *taking, Tx *tx, const EventTold *told)
{
    const EventNew *event = &told->event;
    Json whole = {0};

    TRY(outbox_write_whole(taking->arena, event, told->event_id, told->number, &whole));
    return events_sql_add_told(tx, told->event_id, told->number, event->type->name, event->subject, whole,
                               told->traceparent, clock_wall_us(taking->queue->clock), NULL);
}

static Err add_all(void *context, Tx *tx)
{
    const TakingOver *taking = context;

    for (size_t i = 0; i < taking->count; i++)
        TRY(add(taking, tx, &taking->events[i]));
    return OK;
}

/* Asked after they were told: whoever wanted them then is among those who want them now. */
static void leave_out_unwanted(TakingOver *taking)
{
    Interest interest = {.queue = taking->queue, .arena = taking->arena};
    size_t kept = 0;

    for (size_t i = 0; i < taking->count; i++)
        if (interest_find(&interest, taking->events[i].event.type->name)->by_anybody)
            taking->events[kept++] = taking->events[i];
    taking->count = kept;
    interest_note(&interest);
}

static Err take_round(TakingOver *taking, bool *is_last)
{
    const EventSource *source = &taking->queue->source;
    int64_t last = 0;

    TRY(source->list(source->context, taking->arena, A_ROUND, &taking->events, &taking->count, &last));
    *is_last = taking->count < A_ROUND;
    if (last == 0)
        return OK;
    leave_out_unwanted(taking);
    if (taking->count > 0)
        TRY(sql_transact_rows(taking->queue->sql, add_all, taking));
    return source->drop(source->context, last);
}

/* Said once, when it goes. */
static void note_away(Queue *queue, const Err *e)
{
    if (failed(e) && !queue->source_is_away)
        log_warn("what was told can't be taken over yet", log_chars("service", queue_service(queue)),
                 log_err(e));
    queue->source_is_away = failed(e);
}

void outbox_take_over(Queue *queue, Arena *arena)
{
    TakingOver taking = {.queue = queue, .arena = arena};
    bool is_last = false;
    Err e = OK;

    if (queue->source.list == NULL || queue->subscription_count == 0)
        return;
    for (int i = 0; !is_last && !failed(&e) && i < MOST_ROUNDS; i++)
        e = take_round(&taking, &is_last);
    note_away(queue, &e);
}

void queue_take_from(Queue *queue, const EventSource *source)
{
    queue->source = *source;
}

void queue_note_told(Queue *queue)
{
    interest_call(queue);
}
