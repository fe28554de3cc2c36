/* How long a job waits for somebody: from when it is asked for until it begins, added one by one at chance moments, a hundred a second.
 * pickup URL COUNT together|apart: added and done by one process, or by two. Prints the median and the 99th percentile, in milliseconds. */
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stores/queue/queue.h"
#include "stores/queue/queue_sql.h"

enum { MEAN_US = 10000, WARM_UP = 50, MOST = 100000, THREADS = 4, US_PER_S = 1000000, DRAIN_MS = 60000 };

typedef struct Waits {
    atomic_long count;
    long wanted;
    double ms[MOST];
} Waits;
static Waits waits;

static void must(Err e)
{
    if (!failed(&e))
        return;
    (void)fprintf(stderr, "pickup: %s (%s)\n", e.message, e.detail);
    exit(1);
}

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

/* Its input is the moment at which it was asked for. */
static Err note_wait(JobRun *run)
{
    char text[32] = {0};
    Json input = job_input(run);

    memcpy(text, input.data, input.len < sizeof text ? input.len : sizeof text - 1);
    double ms = (double)(now_us() - strtoll(text, NULL, 10)) / 1000;
    long number = atomic_fetch_add(&waits.count, 1) - WARM_UP;
    if (number >= 0 && number < MOST)
        waits.ms[number] = ms;
    return OK;
}

static const JobKind KINDS[] = {
    {.name = "wait", .run = note_wait, .retry = &JOB_RETRY_THREE, .time_limit_s = 60},
};

static void open_queue(const char *url, Sql **sql, Queue **queue)
{
    must(sql_open(url, QUEUE_SQL_MIGRATIONS, sql));
    must(queue_open(&(QueueConfig){.jobs = {"bench", KINDS, 1}, .sql = *sql}, queue));
    must(queue_wake_by(*queue, NULL));
}

static Err add_one(void *context, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    JobAdded added;
    Json input = str_format(&arena, "%lld", (long long)now_us());

    return queue_add(context, tx, &arena, &(JobNew){.kind = STR("wait"), .input = input}, &added);
}

static void sleep_us(int64_t us)
{
    (void)nanosleep(&(struct timespec){us / US_PER_S, us % US_PER_S * 1000}, NULL);
}

static void add_all(Sql *sql, Queue *queue, long count)
{
    unsigned short seed[3] = {1, 2, 3};

    for (long i = 0; i < count + WARM_UP; i++) {
        sleep_us((int64_t)(-log(1 - erand48(seed)) * MEAN_US));
        must(sql_transact(sql, add_one, queue));
    }
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void print_waits(void)
{
    size_t count = (size_t)waits.wanted;

    qsort(waits.ms, count, sizeof *waits.ms, by_size);
    printf("%.3f %.3f\n", waits.ms[count / 2], waits.ms[count * 99 / 100]);
}

/* The other process: begins when it is told to. */
static void add_from_there(const char *url, int go)
{
    Sql *sql;
    Queue *queue;
    char word;

    if (read(go, &word, 1) != 1)
        exit(1);
    open_queue(url, &sql, &queue);
    add_all(sql, queue, waits.wanted);
    queue_close(queue);
    sql_close(sql);
    exit(0);
}

static void work(const char *url, bool adds, int go)
{
    Sql *sql;
    Queue *queue;

    open_queue(url, &sql, &queue);
    Worker *worker = worker_start(queue, THREADS);
    if (adds)
        add_all(sql, queue, waits.wanted);
    else if (write(go, "!", 1) != 1)
        exit(1);
    while (atomic_load(&waits.count) < waits.wanted + WARM_UP)
        sleep_us(1000);
    (void)worker_stop(worker, DRAIN_MS);
    queue_close(queue);
    sql_close(sql);
}

int main(int count, char **words)
{
    bool is_together = count == 4 && strcmp(words[3], "together") == 0;
    int go[2];

    if (count != 4 || pipe(go) != 0)
        return 1;
    waits.wanted = strtol(words[2], NULL, 10);
    if (waits.wanted < 1 || waits.wanted > MOST)
        return 1;
    if (!is_together && fork() == 0)
        add_from_there(words[1], go[0]);
    work(words[1], is_together, go[1]);
    (void)wait(NULL);
    print_waits();
    return 0;
}
