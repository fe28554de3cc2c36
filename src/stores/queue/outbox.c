#include "stores/queue/outbox.h"

#include "base/random.h"
#include "base/time.h"
#include "stores/queue/events_sql.h"
#include "stores/queue/inside.h"
#include "stores/queue/interest.h"

enum { A_ROUND = 100, MOST_ROUNDS = 10, MOST_DELETED = 1000 };
#define DAY_US (INT64_C(86400) * US_PER_S)

/* Whoever hands out holds this lane: one after the other, so that the order is that of the numbers. */
#define HAND_OUT_LANE "events:hand-out"

/* ---- telling */

Err outbox_write_whole(Arena *arena, const EventNew *event, Str event_id, int64_t time_us, Json *whole)
{
    Buf out = {.arena = arena};

    if (event->subject.len > EVENT_SUBJECT_MAX)
        return err(TOO_LARGE, "an event's subject has %zu bytes, at most %d are taken", event->subject.len,
                   EVENT_SUBJECT_MAX);

    buf_put_char(&out, '{');
    json_put_member(&out, "specversion", STR("1.0"));
    json_put_member(&out, "id", event_id);
    json_put_member(&out, "source", event->type->source);
    json_put_member(&out, "type", event->type->name);
    json_put_member(&out, "subject", event->subject);
    json_put_member(&out, "time", time_format(arena, time_us));
    json_put_member(&out, "datacontenttype", STR("application/json"));
    json_put_member(&out, "dataschema", event->type->schema);
    buf_format(&out, ",\"data\":%.*s}", STR_ARG(event->data));
    *whole = buf_str(&out);
    return whole->len <= JOB_INPUT_MAX
               ? OK
               : err(TOO_LARGE, "an event has %zu bytes, at most %d are taken", whole->len, JOB_INPUT_MAX);
}

Err event_emit(Queue *queue, Tx *tx, Arena *arena, const EventNew *event)
{
    int64_t now_us = clock_wall_us(queue->clock), number;
    char doing[TRACE_TEXT];
    Json whole = {0};

    TRY(events_sql_next_number(tx, event->subject, now_us, &number));
    Str event_id = id_of_moment(arena, number);
    TRY(outbox_write_whole(arena, event, event_id, now_us, &whole));
    TRY(events_sql_add(tx, event_id, number, event->type->name, event->subject, whole, trace_of_doing(doing),
                       now_us, NULL));
    interest_call(queue);
    return OK;
}

Err event_forget(Tx *tx, Str subject)
{
    TRY(events_sql_forget(tx, subject, NULL));
    return events_sql_forget_subject(tx, subject, NULL);
}

/* ---- handing out */

typedef struct HandingOut {
    Queue *queue;
    Arena *arena;
    size_t count;
    Interest interest; /* of this round */
} HandingOut;

/* Its id is the event's moment, as the order of a subject's jobs is that of their ids. */
static Err add_delivery(const HandingOut *out, Tx *tx, const Subscription *to,
                        const EventsSqlListWaiting *event)
{
    Queue *queue = out->queue;
    int64_t now_us = clock_wall_us(queue->clock);
    JobPlace place = {.job_id = id_of_moment(out->arena, event->number), .traceparent = event->traceparent};
    JobNew job = {
        .kind = str_from(to->kind),
        .input = event->body,
        .unique_key = event->event_id,
        .order_key = str_format(out->arena, "%s:%.*s", to->consumer.name, STR_ARG(event->subject)),
    };
    bool is_new;

    return add_row(queue, tx, &job, &place, now_us, &is_new);
}

static Err hand_out_one(HandingOut *out, Tx *tx, const EventsSqlListWaiting *event)
{
    const Queue *queue = out->queue;
    const Wanted *wanted = interest_find(&out->interest, event->type);

    for (size_t i = 0; i < queue->subscription_count; i++)
        if (wanted->by[i])
            TRY(add_delivery(out, tx, &queue->subscriptions[i], event));
    return events_sql_note_handed_out(tx, event->event_id, NULL);
}

static Err hand_out_round(void *context, Tx *tx)
{
    HandingOut *out = context;
    EventsSqlListWaiting *events;
    int64_t ignored;

    out->interest = (Interest){.queue = out->queue, .arena = out->arena};
    TRY(queue_sql_enter_lane(tx, STR(HAND_OUT_LANE), 0, &ignored));
    TRY(events_sql_list_waiting(NULL, tx, out->arena, A_ROUND, &events, &out->count));
    for (size_t i = 0; i < out->count; i++)
        TRY(hand_out_one(out, tx, &events[i]));
    interest_note(&out->interest);
    return OK;
}

Err outbox_hand_out(Queue *queue, Arena *arena)
{
    HandingOut out = {.queue = queue, .arena = arena, .count = A_ROUND};
    bool found = false;
    Str event_id;

    if (queue->subscription_count > 0)
        TRY(events_sql_find_waiting(queue->sql, NULL, arena, &event_id, &found));
    for (int i = 0; found && i < MOST_ROUNDS && out.count == A_ROUND; i++)
        TRY(sql_transact_rows(queue->sql, hand_out_round, &out));
    return OK;
}

Err outbox_note(Tx *tx)
{
    return queue_sql_add_lane(tx, STR(HAND_OUT_LANE), NULL);
}

Err outbox_sweep(Tx *tx, int64_t now_us)
{
    int64_t old_us = now_us - EVENT_KEEP_DAYS * DAY_US;

    TRY(events_sql_delete_old(tx, old_us, MOST_DELETED, NULL));
    TRY(events_sql_delete_old_subjects(tx, old_us, MOST_DELETED, NULL));
    return events_sql_delete_old_consumed(tx, now_us - EVENT_CONSUMED_KEEP_DAYS * DAY_US, MOST_DELETED, NULL);
}
