#include "services/notify/jobs.h"

#include "services/notify/consents.h"
#include "services/notify/deliver.h"
#include "services/notify/kinds.h"
#include "services/notify/digest.h"
#include "services/notify/notify_sql.h"
#include "services/notify/push_jobs.h"
#include "services/notify/push_key.h"

enum {
    SWEEP_LIMIT_S = 600,
    SWEEP_KEEP_S = 7 * 24 * 60 * 60,
    DRAIN_MS = 5000,
    LETTER_LIMIT_S = 60,
    LETTERS_AT_ONCE = 8,
    PUSH_LIMIT_S = 30,
    PUSHES_AT_ONCE = 16
};

#define US_PER_DAY (INT64_C(24) * 60 * 60 * 1000000)

#define SWEEP "notify.sweep"

static Err sweep_rows(void *context, Tx *tx)
{
    int64_t now_us = *(const int64_t *)context;

    TRY(notify_sql_sweep_deliveries(tx, now_us - NOTICE_DAYS * US_PER_DAY, NULL));
    TRY(notify_sql_sweep_notices(tx, now_us - NOTICE_DAYS * US_PER_DAY, NULL));
    return notify_sql_sweep_told(tx, now_us - TOLD_DAYS * US_PER_DAY, NULL);
}

static Err sweep(JobRun *run)
{
    const Notify *notify = job_context(run);
    int64_t now_us = notify_now_us(notify);

    return sql_transact(notify->sql, sweep_rows, &now_us);
}

static const JobKind KINDS[] = {
    {.name = SWEEP,
     .run = sweep,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = SWEEP_LIMIT_S,
     .most_at_once = 1,
     .keep_s = SWEEP_KEEP_S,
     .cron = "41 4 * * *"},
    {.name = CONSENTS_REMIND,
     .run = consents_remind_run,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = SWEEP_LIMIT_S,
     .most_at_once = 1,
     .keep_s = SWEEP_KEEP_S,
     .cron = "17 10 * * *"},
    {.name = DIGEST, .run = digest_run, .retry = &JOB_RETRY_DOUBLING, .time_limit_s = LETTER_LIMIT_S},
    {.name = DELIVER_MAIL,
     .run = deliver_run,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = LETTER_LIMIT_S,
     .most_at_once = LETTERS_AT_ONCE},
    {.name = PUSH_ALL, .run = push_all_run, .retry = &JOB_RETRY_DOUBLING, .time_limit_s = LETTER_LIMIT_S},
    {.name = PUSH_DEVICE,
     .run = push_device_run,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = LETTER_LIMIT_S,
     .most_at_once = PUSHES_AT_ONCE,
     .tells = JOB_TELLS_NOTHING},
    {.name = PUSH_ONE,
     .run = push_one_run,
     .retry = &JOB_RETRY_DOUBLING,
     .time_limit_s = PUSH_LIMIT_S,
     .most_at_once = PUSHES_AT_ONCE,
     .tells = JOB_TELLS_NOTHING},
};

JobTable notify_jobs(void)
{
    return (JobTable){.service = "notify", .kinds = KINDS, .kind_count = sizeof KINDS / sizeof *KINDS};
}

Err notify_start_jobs(Notify *notify, size_t threads)
{
    if (threads == 0)
        return OK;
    TRY(push_key_renew(notify));
    TRY(queue_add_cron(notify->queue, STR(SWEEP)));
    notify->worker = worker_start(notify->queue, threads);
    return OK;
}

void notify_stop_jobs(Notify *notify)
{
    if (notify == NULL)
        return;
    (void)worker_stop(notify->worker, DRAIN_MS);
    notify->worker = NULL;
}

Queue *notify_queue(const Notify *notify)
{
    return notify->queue;
}
