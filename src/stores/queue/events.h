/* Events: what has happened, told in the transaction that made it happen, and heard by whoever subscribed, whatever database they keep
 * their things in. The contract is api/events.yaml. Include stores/queue/queue.h, which has this in it.
 *
 * To tell (auth does):
 *
 *     TRY(user_signed_up_event(arena, user_id, &(UserSignedUp){.user_id = user_id}, &event));
 *     TRY(event_emit(auth->queue, tx, arena, &event));
 *
 * To subscribe a service has one EventConsumer, and app/consumers.c a row for it, which subscribes it to every service that tells:
 *
 *     static Err note(void *context, Tx *tx)                          // in a transaction of the consumer's own database
 *     {
 *         TRY(event_take_once(tx, "notify", noting->event, &is_first));
 *         return is_first ? … : OK;                                   // the effect
 *     }
 *     static Err hear(void *context, Arena *arena, const EventGot *event)
 *     {
 *         TRY(user_signed_up_read(arena, event->data, &data)); … return sql_transact(notify->sql, note, &noting);
 *     }
 *     static const char *const TYPES[] = {"nerdx.auth.user.*", NULL};
 *     … (EventConsumer){.name = "notify", .types = TYPES, .hear = hear, .context = notify}
 *
 * Its database has the queue's tables (sqlgen_with_jobs_target) and a queue with a worker, which forgets what was heard long ago.
 *
 * Each delivery is a job "event.NAME" in the database of who told, with the event's id as its unique key and the subject as its order:
 * retries, dead letters, looking and trying again are those of jobs. Promises, checked by tests/conformance/queue:
 *  - an event whose transaction was committed is heard by each consumer that wants it at least once, one that was rolled back never;
 *  - with event_take_once its effect happens once;
 *  - those of one subject are heard by a consumer one after the other in the order they were told in, also when nodes' clocks differ;
 *    one that fails holds up its own subject until it succeeds or is dead, and no other;
 *  - one that is dead can be tried again; it is heard then, after those that were told later. */
#ifndef NERDX_STORES_QUEUE_EVENTS_H
#define NERDX_STORES_QUEUE_EVENTS_H

#include "http/contract/event.h"
#include "stores/sql/sql.h"

typedef struct Queue Queue;
typedef struct JobRetry JobRetry;
typedef struct JobKind JobKind;

enum {
    EVENT_SUBJECT_MAX = 128,                               /* bytes */
    EVENT_CONSUMER_MAX = 32,                               /* bytes of a consumer's name */
    EVENT_JOB_NAME = sizeof "event." + EVENT_CONSUMER_MAX, /* the name of a consumer's kind of job */
    EVENT_MOST_CONSUMERS = 16,
    EVENT_KEEP_DAYS = 7,           /* told events are kept so long once they are handed out */
    EVENT_CONSUMED_KEEP_DAYS = 45, /* longer than a dead delivery is kept */
};

/* Tells of it. From a transaction of sql_transact_rows only by who has locked the subject's row. Errors: TOO_LARGE. */
Err event_emit(Queue *queue, Tx *tx, Arena *arena, const EventNew *event);

/* Of who is gone nothing stays: what was told of a subject goes, handed out or not. */
Err event_forget(Tx *tx, Str subject);

/* ---- Where a service's things don't lie in the queue's database but in another that can keep what happened in its own transaction (a
 * graph): from there it is taken over, in its order, and dropped there. A crash between the two takes it over again, and adds nothing. */

typedef struct EventTold {
    EventNew event;
    Str event_id;    /* the same each time */
    int64_t number;  /* microseconds since 1970; later transactions have greater ones */
    Str traceparent; /* empty: nobody's */
} EventTold;

typedef struct EventSource {
    /* The oldest, in the order of their numbers; *last: the number to drop up to (0: nothing is there). */
    Err (*list)(void *context, Arena *arena, size_t most, EventTold **out, size_t *count, int64_t *last);
    Err (*drop)(void *context, int64_t number);
    void *context;
} EventSource;

/* Before workers begin. What its context points to must outlive them. */
void queue_take_from(Queue *queue, const EventSource *source);

/* Something may be there. */
void queue_note_told(Queue *queue);

/* One that is heard. */
typedef struct EventGot {
    Str event_id;
    Str type;
    Str source;
    Str subject;
    int64_t time_us; /* when it was told */
    Json data;       /* NAME_read of generated code */
    Json whole;      /* the CloudEvent as it may go on to others */
    int64_t now_us;
} EventGot;

typedef struct EventConsumer {
    const char *name;         /* for good: what it has heard is kept under it */
    const char *const *types; /* "nerdx.auth.user.signed_up.v1", "nerdx.auth.*"; ended by NULL */
    /* As JobKind.run: what can't get better (INVALID …) is dead at once. NULL: it lives in other processes, what is for it waits for them. */
    Err (*hear)(void *context, Arena *arena, const EventGot *event);
    /* Whether anybody behind it wants this type, as its own database says now: what nobody does isn't delivered (where
     * it fails, all is). NULL: all its types. */
    Err (*wants)(void *context, Arena *arena, Str type, bool *out);
    void *context;
    const JobRetry *retry; /* NULL: JOB_RETRY_DOUBLING */
    int time_limit_s;      /* 0: 60 */
} EventConsumer;

/* Before the queue's metrics and workers begin. What it points to must outlive the queue. With the first consumer events are handed out: a
 * process that has a worker on this queue subscribes all that there are. Errors: those of the database. */
Err queue_subscribe(Queue *queue, const EventConsumer *consumer);

/* The kind of job that its deliveries are. */
JobKind event_kind(const EventConsumer *consumer, char name[EVENT_JOB_NAME]);

/* Whether a pattern ("nerdx.auth.*", or a whole type) means this type. */
bool event_matches(Str pattern, Str type);

/* Within the transaction of its effect: whether this consumer hears it for the first time. */
Err event_take_once(Tx *tx, const char *consumer, const EventGot *event, bool *is_first);

#endif
