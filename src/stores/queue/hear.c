/* Hearing events: a subscription is a kind of job, a delivery one of these. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "stores/queue/events_sql.h"
#include "stores/queue/inside.h"
#include "stores/queue/run.h"

enum { TIME_LIMIT_S = 60, MOST_AT_ONCE = 16 /* so that a flood leaves threads to others */ };

static const EventConsumer *consumer_of(const JobRun *run)
{
    const Queue *queue = run->queue;

    for (size_t i = 0; i < queue->subscription_count; i++)
        if (strcmp(queue->subscriptions[i].kind, run->kind->name) == 0)
            return &queue->subscriptions[i].consumer;
    assert(false); /* the kind was made from it */
    return NULL;
}

static Err read_whole(JobRun *run, EventGot *out)
{
    Arena *arena = job_arena(run);
    const json_t *whole;

    TRY(json_read_into(arena, job_input(run), &whole));
    *out = (EventGot){
        .event_id = json_str_at(whole, "id"),
        .type = json_str_at(whole, "type"),
        .source = json_str_at(whole, "source"),
        .subject = json_str_at(whole, "subject"),
        .data = json_text(arena, json_object_get(whole, "data")),
        .whole = job_input(run),
        .now_us = clock_wall_us(run->queue->clock),
    };
    return time_parse(json_str_at(whole, "time"), &out->time_us)
               ? OK
               : err(INTERNAL, "an event of ours has no time");
}

static Err deliver(JobRun *run)
{
    const EventConsumer *consumer = consumer_of(run);
    EventGot event;

    TRY(read_whole(run, &event));
    return consumer->hear(consumer->context, job_arena(run), &event);
}

JobKind event_kind(const EventConsumer *consumer, char name[EVENT_JOB_NAME])
{
    (void)snprintf(name, EVENT_JOB_NAME, "event.%s", consumer->name);
    return (JobKind){
        .name = name,
        .run = consumer->hear != NULL ? deliver : NULL,
        .retry = consumer->retry != NULL ? consumer->retry : &JOB_RETRY_DOUBLING,
        .time_limit_s = consumer->time_limit_s > 0 ? consumer->time_limit_s : TIME_LIMIT_S,
        .most_at_once = MOST_AT_ONCE,
        .tells = JOB_TELLS_NOTHING,
    };
}

static Err note_lane(void *context, Tx *tx)
{
    const Subscription *subscription = context;

    return queue_sql_add_lane(tx, str_from(subscription->kind), NULL);
}

Err queue_subscribe(Queue *queue, const EventConsumer *consumer)
{
    Subscription *subscription = &queue->subscriptions[queue->subscription_count];

    assert(queue->subscription_count < EVENT_MOST_CONSUMERS && strlen(consumer->name) <= EVENT_CONSUMER_MAX);
    subscription->consumer = *consumer;
    JobKind kind = event_kind(&subscription->consumer, subscription->kind);
    TRY(sql_transact_rows(queue->sql, note_lane, subscription));
    queue->has_lane[queue->kind_count] = true;
    queue->kinds[queue->kind_count++] = kind;
    queue->subscription_count++;
    return OK;
}

Err event_take_once(Tx *tx, const char *consumer, const EventGot *event, bool *is_first)
{
    int64_t added;

    TRY(events_sql_consume(tx, event->event_id, str_from(consumer), event->now_us, &added));
    *is_first = added == 1;
    return OK;
}
