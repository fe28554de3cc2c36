/* Jobs: work that is to be done once, later or elsewhere, and is not lost. They lie in the database of the service whose
 * work it is and are added in the transaction that makes them necessary, so that there is never one without the other.
 *
 *     static Err send(JobRun *run) { … return OK; }
 *     static const JobKind KINDS[] = {{.name = "letter.send", .run = send, .retry = &JOB_RETRY_DOUBLING, …}};
 *
 *     TRY(queue_open(&(QueueConfig){.jobs = letters_jobs(), .sql = sql, …}, &queue));
 *     TRY(queue_add(queue, tx, arena, &(JobNew){.kind = STR("letter.send"), .input = input}, &added));
 *
 * Promises, the same on every twin of stores/sql and checked by tests/conformance/queue:
 *  - a job whose transaction was committed is run until it ends, whatever crashes; one that was rolled back never is;
 *  - it may be begun more than once, but only who holds its fence ends it: what it writes in its own database together with
 *    job_finish happens exactly once;
 *  - of those that are due the lowest priority number goes first, then who has been due longest; those with the same
 *    order_key run one after the other, in the order they were added; of one kind and unique_key at most one lives;
 *  - no more of a kind run at once, or are started within a minute, than it allows, on all nodes together;
 *  - what comes by the calendar is added once, however many nodes there are.
 * Moments are microseconds since 1970 by the node's clock; a clock that is wrong makes jobs early, late or begun twice, never lost. */
#ifndef NERDX_STORES_QUEUE_QUEUE_H
#define NERDX_STORES_QUEUE_QUEUE_H

#include "base/clock.h"
#include "base/json.h"
#include "base/metrics.h"
#include "stores/kv/kv.h"
#include "stores/queue/events.h"
#include "stores/sql/sql.h"

enum {
    JOB_INPUT_MAX = 64 * 1024, /* bytes of JSON, of a result too */
    JOB_KEY_MAX = 200,
    JOB_MESSAGE_MAX = 200,
    JOB_MOST_CHILDREN = 1000,
    JOB_LOWEST_PRIORITY = 9,
    JOB_LEASE_S = 30,   /* of a worker that isn't heard of any more */
    JOB_DEAD_DAYS = 30, /* dead and cancelled ones are kept so long */
};

typedef struct Queue Queue;
typedef struct JobRun JobRun;

/* When one that failed is tried again. What can't get better (INVALID, FORBIDDEN, NOT_FOUND, UNPROCESSABLE …) is not. */
typedef struct JobRetry {
    int most_attempts; /* all told */
    int first_s;
    int most_s;
    bool is_doubling;    /* with jitter: somewhere in the second half of the pause */
    const int *pauses_s; /* not NULL: these, with jitter, most_attempts - 1 of them */
} JobRetry;

extern const JobRetry JOB_RETRY_THREE;    /* three attempts, 60 s between */
extern const JobRetry JOB_RETRY_DOUBLING; /* ten attempts within about three hours */
extern const JobRetry JOB_RETRY_NEVER;

/* Of which ends an event tells (api/events.yaml, JobEnded). */
typedef enum JobTells {
    JOB_TELLS_FAILURE, /* dead, cancelled */
    JOB_TELLS_END,     /* done, too */
    JOB_TELLS_NOTHING  /* what delivers events */
} JobTells;

/* One that is dead or cancelled. */
typedef struct JobGivenUp {
    Json input;
    Str reason;
    int64_t now_us;
} JobGivenUp;

/* One row a kind, in a table of the service. */
typedef struct JobKind {
    const char *name; /* "letter.send" */
    Err (*run)(JobRun *run);
    const JobRetry *retry;
    int time_limit_s;  /* of an attempt; over it, its lease isn't kept */
    int most_at_once;  /* 0: any number */
    int most_a_minute; /* 0: any number */
    int keep_s;        /* its result, once done; 0: gone */
    const char *undo;  /* the kind that undoes it when another of its tree fails; NULL: nothing does */
    const char *cron;  /* "0 4 * * *", by Korea's clock: comes by itself; NULL: only when added */
    JobTells tells;
    /* In the transaction that gives it up, by whichever program and however it comes to that (its worker died, somebody cancels it):
     * only what is to be written. NULL: nothing is. */
    Err (*given_up)(Tx *tx, Arena *arena, const JobGivenUp *job);
} JobKind;

/* All kinds of a service. */
typedef struct JobTable {
    const char *service; /* for logs and people */
    const JobKind *kinds;
    size_t kind_count;
} JobTable;

typedef struct QueueConfig {
    JobTable jobs;
    Sql *sql;           /* with the queue's tables */
    const Clock *clock; /* NULL: the system's */
    void *context;      /* given to each run */
} QueueConfig;

/* What the table's kinds point to, its sql and its clock must outlive it. Errors: those of the database. */
Err queue_open(const QueueConfig *config, Queue **out);
void queue_close(Queue *queue); /* accepts NULL */

/* ---- adding */

typedef struct JobNew {
    Str kind;       /* of the queue's kinds */
    Json input;     /* absent: {} */
    int priority;   /* 0, the default, goes first; 9 last */
    int64_t due_us; /* 0: at once */
    Str unique_key; /* absent: none */
    Str order_key;  /* absent: none */
} JobNew;

typedef struct JobAdded {
    Str job_id; /* of the one that lives already, where that has the unique_key */
    bool is_new;
} JobAdded;

/* Errors: TOO_LARGE (input, keys). */
Err queue_add(Queue *queue, Tx *tx, Arena *arena, const JobNew *job, JobAdded *out);

/* One that is to be tried later may go now, with the attempts that are left to it; nothing where it runs, has ended or may go already. */
Err queue_hasten(Queue *queue, Tx *tx, Str job_id);

/* In a transaction of its own, a kind of the calendar at once, where none of it waits: what became due while nobody was there. */
Err queue_add_cron(Queue *queue, Str kind);

/* A job that runs once all its children are done, and can read their results (job_children). When one ends otherwise those that
 * haven't begun are cancelled, those that are done are undone (JobKind.undo) the last first, and the parent is dead.
 * in_order: one child after the other. What undoes is given {"input":…,"result":…}, which may be longer than JOB_INPUT_MAX.
 * Neither has an order_key of its own. Errors: TOO_LARGE. */
typedef struct JobTree {
    JobNew parent;
    const JobNew *children;
    size_t count;
    bool in_order;
} JobTree;
Err queue_add_tree(Queue *queue, Tx *tx, Arena *arena, const JobTree *tree, JobAdded *out);

/* ---- within a run */

typedef struct JobChild {
    Str job_id;
    Str kind;
    Json result;
} JobChild;

Str job_id(const JobRun *run);
Json job_input(const JobRun *run);
int job_attempt(const JobRun *run);  /* from 1 */
Arena *job_arena(const JobRun *run); /* gone with the run */
void *job_context(const JobRun *run);

/* Whether it is to stop: cancelled, over its time, or somebody else's by now. Ask often; then return any error. */
bool job_should_stop(const JobRun *run);

/* For those who watch. percent: 0..100; message: cut after JOB_MESSAGE_MAX bytes. Cheap: told now and then. */
void job_progress(JobRun *run, int percent, Str message);

/* What it gives back, kept for JobKind.keep_s. Errors: TOO_LARGE. */
Err job_give(JobRun *run, Json result);

/* It isn't its time: as if it hadn't begun, it is due then, and this attempt doesn't count. To be returned by its function. */
Err job_put_off(JobRun *run, int64_t due_us);

/* Ends it within tx, of the same database, with what else that transaction does: all of it or nothing. Errors: CONFLICT (it is
 * somebody else's by now, or was ended: roll back). */
Err job_finish(JobRun *run, Tx *tx);

/* In the order they were added. */
Err job_children(const JobRun *run, const JobChild **children, size_t *count);

/* ---- by people */

typedef struct JobShown {
    Str job_id;
    Str kind;
    Str state; /* later ready running waiting done dead cancelled */
    int64_t priority;
    int64_t due_us;
    Json input;
    Str unique_key;
    Str order_key;
    Str parent_id;
    int64_t attempt;
    Str worker;
    bool is_cancel_asked;
    int64_t progress;
    Str message;
    Str outcome; /* done: its result; else what went wrong */
    int64_t created_us;
    int64_t started_us; /* 0: hasn't */
    int64_t ended_us;   /* 0: hasn't */
} JobShown;

typedef struct JobFilter {
    Str state;     /* absent: any */
    Str kind;      /* absent: any */
    Str before_id; /* absent: from the newest */
    int most;
} JobFilter;

typedef struct JobCount {
    Str state;
    int64_t jobs;
    int64_t oldest_us; /* the earliest due of them */
} JobCount;

const char *queue_service(const Queue *queue);
Err queue_get(Queue *queue, Arena *arena, Str job_id, JobShown *out); /* errors: NOT_FOUND */
Err queue_list(Queue *queue, Arena *arena, const JobFilter *filter, JobShown **jobs, size_t *count);

/* Those that are dead, the oldest first: the order to try them again in. After that of an id, STR(""): from the first. */
Err queue_list_dead(Queue *queue, Arena *arena, Str after_id, int most, JobShown **jobs, size_t *count);
Err queue_count(Queue *queue, Arena *arena, JobCount **counts, size_t *count);

/* One that hasn't begun is cancelled; one that runs is asked to stop, and is when it does. With its children. *out: as it is then, for it may be
 * gone a moment later; NULL: nobody asks. Errors: NOT_FOUND, CONFLICT (it has ended). */
Err queue_cancel(Queue *queue, Arena *arena, Str job_id, JobShown *out);

/* A dead or cancelled one begins anew, with all its attempts; a parent with those of its children that aren't done. Errors: NOT_FOUND,
 * CONFLICT (it is in another state; another of its key lives; it is a child, and begins anew with its tree; what its children did was undone). */
Err queue_retry(Queue *queue, Arena *arena, Str job_id, JobShown *out); /* out: as with queue_cancel */

/* ---- for who watches the program: what is counted of jobs, of all queues of a process; every server shows it
 *
 * nerdx_jobs is what the databases hold, the same on every node; the others are what the workers of this process did. */

typedef struct QueueMetrics QueueMetrics;

/* Before the queues' workers begin. No two queues of one service. It must outlive their workers. */
QueueMetrics *queue_metrics_create(Queue *const *queues, size_t count);
void queue_metrics_end_counting(QueueMetrics *metrics); /* before the queues are closed; accepts NULL */
void queue_metrics_destroy(QueueMetrics *metrics);      /* accepts NULL */

/* ---- threads that do them: one keeps the books (desk.h), the others run. As many jobs are held as the threads can begin soon: one
 * each where they are long, more where a turn of the books sees many end. */

typedef struct Worker Worker;

enum {
    WORKER_MOST_THREADS = 256,
    WORKER_POLL_MS = 500, /* how late it hears of what another process added, where nothing else is said */
    WORKER_WOKEN_POLL_MS = 5000 /* how rarely it looks by itself where others wake it */
};

/* Before workers start. How often an idle one looks for what other processes added; one that is woken by them looks every
 * WORKER_WOKEN_POLL_MS at the most. */
void queue_poll_every(Queue *queue, int poll_ms);

/* Before workers start. From now on what is added here begins at once wherever a worker is free, and the other way round: they tell each
 * other by messages of kv, which must outlive the queue; NULL: of their own database, where that is a server. While it is away, or is a file, they
 * look as often as without it. Errors: those of kv_subscribe. */
Err queue_wake_by(Queue *queue, Kv *kv);

/* In place of queue_wake_by, for a program without workers that soon ends: those of other processes are told once, when the queue is closed,
 * if there is something for them. */
void queue_call_at_close(Queue *queue, Kv *kv);

/* The queue must outlive it. */
Worker *worker_start(Queue *queue, size_t threads);

/* For a program that stops many: the workers of this queue take nothing more, put back what hasn't begun, and ask what runs to stop after
 * drain_ms, all by themselves. worker_stop then waits for what is left of that. */
void queue_take_no_more(Queue *queue, int drain_ms);

/* Takes nothing more, puts back what hasn't begun, waits for what runs, and after drain_ms asks it to stop, for nothing that it
 * uses may go before it. What came of it and can't be written is done again by whoever finds its lease over. False: there was
 * such a one. Accepts NULL. */
bool worker_stop(Worker *worker, int drain_ms);

#endif
