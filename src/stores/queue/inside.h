/* The queue from inside: what its files share. Everything here runs within a transaction that sql_transact_rows began. */
#ifndef NERDX_STORES_QUEUE_INSIDE_H
#define NERDX_STORES_QUEUE_INSIDE_H

#include <stdatomic.h>

#include "base/trace.h"
#include "stores/queue/queue_sql.h"
#include "stores/queue/bell.h"
#include "stores/queue/queue.h"
#include "stores/queue/wake.h"

enum { US_PER_S = 1000000 };

typedef struct Subscription {
    EventConsumer consumer;
    char kind[EVENT_JOB_NAME]; /* of its deliveries */
} Subscription;

struct Queue {
    const char *service;
    Sql *sql;
    JobKind *kinds; /* the service's, then one a consumer */
    size_t kind_count;
    bool *has_lane; /* of each kind: it has limits, or had them in an older program, which may add some yet */
    const Clock *clock;
    void *context;
    Bell bell;
    Bell calls;     /* rung for workers of other processes */
    Waker *waker;   /* NULL: nobody tells them */
    WakeBy call_by; /* at the close; neither: nothing is told then */
    int poll_ms;
    QueueMetrics *metrics; /* NULL: nothing is counted */
    Subscription subscriptions[EVENT_MOST_CONSUMERS];
    size_t subscription_count;
    EventSource source;        /* list NULL: there is none */
    bool source_is_away;       /* the keeper's: it failed when it was last asked */
    atomic_bool is_unheard;    /* nobody wanted what was handed out last */
    _Atomic int64_t called_us; /* monotonic: when who told rang last */
    _Atomic int64_t ends_us; /* monotonic: when what runs is asked to stop; 0: never. Nothing is taken then */
};

const JobKind *queue_find_kind(const Queue *queue, Str name); /* NULL: none of ours */
Str kind_lane(const JobKind *kind);
bool kind_is_limited(const JobKind *kind);

/* When the attempt after this one (from 1) is due; false: there is none. */
bool retry_due(const JobRetry *retry, int64_t attempt, const Err *failure, int64_t now_us, int64_t *due_us);

/* A job that is held: only who has its fence may end it. */
typedef struct JobHold {
    Str job_id;
    Str kind;
    Json input;
    int64_t attempt;
    int64_t fence;
    Str order_key; /* absent: none */
    Str parent_id; /* absent: none */
    int64_t child_count;
    int64_t priority;
    int64_t due_us;
    Str traceparent; /* of who added it; empty: nobody's */
} JobHold;

JobHold hold_of_row(const QueueSqlTaken *row);

/* How it ended. */
typedef struct JobEnd {
    JobHold hold;
    Err result;
    bool is_cancelled;
    int64_t put_back_us; /* not 0: it wasn't begun, and is due then */
    Json outcome;        /* OK: its result, absent: none */
} JobEnd;

typedef struct Ending {
    Queue *queue;
    Tx *tx;
    Arena *arena;
    int64_t now_us;
} Ending;

/* Ends it, or has it tried again. *was_held false: it was somebody else's by then, nothing is changed. was_held may be NULL. */
Err end_job(const Ending *ending, const JobEnd *end, bool *was_held);

/* Tells who needs to know of an end, in its transaction: the kind's service, and whoever hears events. */
typedef struct EndTold {
    Str job_id;
    Str kind;
    Str parent_id; /* absent: none */
    Str state;     /* done dead cancelled */
    int64_t attempt;
    Json input;
    Str reason; /* of what isn't done */
} EndTold;
Err end_tell(const Ending *ending, const EndTold *end);

/* What an end sets going: the next of its order, its parent. */
Err end_go_on(const Ending *ending, Str order_key, Str parent_id, bool is_done);

/* Cancels one that hasn't begun. */
Err end_waiting(const Ending *ending, const QueueSqlChild *job, Str reason, bool *was_waiting);

Err no_such_job(Str job_id);

/* As it is within tx; out NULL: nobody asks. */
Err show_within(Tx *tx, Arena *arena, Str job_id, JobShown *out);

/* Whether it is there to undo another of its tree. */
bool child_undoes(const QueueSqlChild *child);

/* One row, in whatever order and tree it is, however large: who comes from outside was checked before. */
typedef struct JobPlace {
    Str job_id;
    Str state;
    Str parent_id;
    int64_t child_count;
    Str traceparent; /* absent: what this thread is doing */
} JobPlace;
Err add_row(Queue *queue, Tx *tx, const JobNew *job, const JobPlace *place, int64_t now_us, bool *is_new);

/* There is something to do, for whoever is free, here or elsewhere. What it is may not be committed yet. */
void queue_call(Queue *queue);

/* The traceparent of what this thread is doing; empty: nothing. */
Str trace_of_doing(char out[TRACE_TEXT]);

/* Takes up to most of what is ready, the most urgent lane first. taken: the most urgent first. */
typedef struct Taking {
    Queue *queue;
    Tx *tx;
    Arena *arena;
    Str worker;
    int64_t now_us;
} Taking;
Err take_jobs(const Taking *taking, size_t most, JobHold *taken, size_t *count);

/* What comes by the calendar: noted when the queue is opened, added when it is due. */
Err cron_note(Queue *queue, Tx *tx);
Err cron_add_due(Queue *queue, Tx *tx, Arena *arena, int64_t now_us);

#endif
