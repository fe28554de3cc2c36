#include "services/auth/jobs.h"

#include "services/auth/auth_sql.h"
#include "services/auth/mail/post.h"
#include "services/auth/privacy/retention.h"

enum {
    SWEEP_LIMIT_S = 600,
    SWEEP_KEEP_S = 7 * 24 * 60 * 60,
    LETTER_LIMIT_S = 60,
    LETTERS_AT_ONCE = 8,
    DRAIN_MS = 5000
};

#define SWEEP "auth.sweep"

static Err sweep(JobRun *run)
{
    return retention_sweep(job_context(run));
}

static const JobKind KINDS[] = {
    {.name = SWEEP,
     .run = sweep,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = SWEEP_LIMIT_S,
     .most_at_once = 1,
     .keep_s = SWEEP_KEEP_S,
     .cron = "17 * * * *"},
    {.name = POST_LETTER,
     .run = post_run,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = LETTER_LIMIT_S,
     .most_at_once = LETTERS_AT_ONCE},
};

Err auth_jobs_open(Sql *sql, const Clock *clock, Auth *context, Queue **out)
{
    return queue_open(&(QueueConfig){.service = "auth",
                                     .sql = sql,
                                     .kinds = KINDS,
                                     .kind_count = sizeof KINDS / sizeof *KINDS,
                                     .clock = clock,
                                     .context = context},
                      out);
}

/* ---- for who serves */

static Err add_first_sweep(void *context, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    const Auth *auth = context;
    JobAdded added;

    arena_init(&arena);
    return queue_add(auth->queue, tx, &arena, &(JobNew){.kind = STR(SWEEP), .unique_key = STR("cron")},
                     &added);
}

Err auth_start_jobs(Auth *auth, size_t threads)
{
    if (threads == 0)
        return OK;
    TRY(sql_transact(auth->sql, add_first_sweep, auth)); /* what became due while nobody was there */
    auth->worker = worker_start(auth->queue, threads);
    return OK;
}

void auth_stop_jobs(Auth *auth)
{
    if (auth == NULL)
        return;
    (void)worker_stop(auth->worker, DRAIN_MS);
    auth->worker = NULL;
}

Queue *auth_queue(const Auth *auth)
{
    return auth->queue;
}

Err auth_look_at_jobs(const char *store, Sql **sql, Queue **queue)
{
    *queue = NULL;
    TRY(sql_open(store, AUTH_SQL_MIGRATIONS, sql));
    Err e = auth_jobs_open(*sql, clock_system(), NULL, queue);
    if (failed(&e)) {
        sql_close(*sql);
        *sql = NULL;
    }
    return e;
}
