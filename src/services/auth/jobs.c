/* What the service has to do that nobody waits for. */
#include "services/auth/core.h"

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

/* The sweep is the last: auth_jobs_here. */
static const JobKind KINDS[] = {
    {.name = POST_LETTER,
     .run = post_run,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = LETTER_LIMIT_S,
     .most_at_once = LETTERS_AT_ONCE},
    {.name = SWEEP,
     .run = sweep,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = SWEEP_LIMIT_S,
     .most_at_once = 1,
     .keep_s = SWEEP_KEEP_S,
     .tells = JOB_TELLS_END,
     .cron = "17 * * * *"},
};

JobTable auth_jobs(void)
{
    return (JobTable){.service = "auth", .kinds = KINDS, .kind_count = sizeof KINDS / sizeof *KINDS};
}

/* Of guests that are forgotten goes what they said, too: a process that doesn't reach the agents leaves that to one that does. */
JobTable auth_jobs_here(const Auth *auth)
{
    JobTable jobs = auth_jobs();

    if (auth->agents == NULL)
        jobs.kind_count--;
    return jobs;
}

/* ---- for who serves */

Err auth_start_jobs(Auth *auth, size_t threads)
{
    if (threads == 0)
        return OK;
    if (auth->agents != NULL)
        TRY(queue_add_cron(auth->queue, STR(SWEEP)));
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
