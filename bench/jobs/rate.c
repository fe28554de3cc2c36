/* Durable jobs a second: added 100 to a transaction, each done once by four threads and forgotten. rate URL SECONDS. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stores/queue/queue.h"
#include "stores/queue/queue_sql.h"

enum { BATCH = 100, MOST_WAITING = 2000, THREADS = 4, US_PER_S = 1000000, DRAIN_MS = 60000, LOOK_US = 200 };

typedef struct Load {
    Queue *queue;
    atomic_long done;
    long added;
} Load;

static void must(Err e)
{
    if (!failed(&e))
        return;
    (void)fprintf(stderr, "rate: %s (%s)\n", e.message, e.detail);
    exit(1);
}

static Err do_nothing(JobRun *run)
{
    Load *load = job_context(run);

    atomic_fetch_add(&load->done, 1);
    return OK;
}

static const JobKind KINDS[] = {
    {.name = "nothing", .run = do_nothing, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
};

static Err add_batch(void *context, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    Load *load = context;
    JobAdded added;

    arena_init(&arena);
    for (int i = 0; i < BATCH; i++)
        TRY(queue_add(load->queue, tx, &arena,
                      &(JobNew){.kind = STR("nothing"), .input = STR("{\"number\":1}")}, &added));
    return OK;
}

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

/* Not further ahead than a busy day would be. */
static void add_until(Sql *sql, Load *load, int64_t until_us)
{
    while (now_us() < until_us) {
        if (load->added - atomic_load(&load->done) > MOST_WAITING) {
            (void)nanosleep(&(struct timespec){.tv_nsec = LOOK_US * 1000L}, NULL);
            continue;
        }
        must(sql_transact(sql, add_batch, load));
        load->added += BATCH;
    }
}

int main(int count, char **words)
{
    Load load = {0};
    Sql *sql;

    if (count != 3)
        return 1;
    must(sql_open(words[1], QUEUE_SQL_MIGRATIONS, &sql));
    must(queue_open(&(QueueConfig){.jobs = {"bench", KINDS, 1}, .sql = sql, .context = &load}, &load.queue));
    Worker *worker = worker_start(load.queue, THREADS);
    int64_t begin_us = now_us();
    add_until(sql, &load, begin_us + (int64_t)(strtod(words[2], NULL) * US_PER_S));
    printf("%.1f\n", (double)atomic_load(&load.done) * US_PER_S / (double)(now_us() - begin_us));
    (void)worker_stop(worker, DRAIN_MS);
    queue_close(load.queue);
    sql_close(sql);
    return 0;
}
