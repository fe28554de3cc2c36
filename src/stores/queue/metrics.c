#include "stores/queue/metrics.h"

#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/queue/run.h"

typedef enum Row { ROW_JOBS, ROW_SECONDS, ROW_WAIT, ROW_COUNT } Row;

static const char *const STATES[] = {"later", "ready", "running", "waiting", "done", "dead", "cancelled"};
enum { STATE_COUNT = sizeof STATES / sizeof *STATES };

typedef enum Result {
    RESULT_DONE,
    RESULT_AGAIN,
    RESULT_DEAD,
    RESULT_CANCELLED,
    RESULT_LOST,
    RESULT_COUNT
} Result;
static const char *const RESULTS[RESULT_COUNT] = {
    [RESULT_DONE] = "done",           [RESULT_AGAIN] = "tried_again", [RESULT_DEAD] = "dead",
    [RESULT_CANCELLED] = "cancelled", [RESULT_LOST] = "lost",
};

/* A millisecond to an hour. */
static const int64_t BUCKETS_US[] = {
    1000,
    5000,
    25000,
    100000,
    250000,
    500000,
    1000000,
    INT64_C(2500000),
    INT64_C(5000000),
    INT64_C(15000000),
    INT64_C(60000000),
    INT64_C(300000000),
    INT64_C(1200000000),
    INT64_C(3600000000),
};
enum { BUCKET_COUNT = sizeof BUCKETS_US / sizeof *BUCKETS_US, FRESH_S = 1 };

/* One number of nerdx_jobs. */
typedef struct Cell {
    QueueMetrics *metrics;
    int64_t jobs;
} Cell;

/* What came of one queue's jobs, in a table of its own: a queue has few of all the kinds there are. */
typedef struct Ended {
    const char **kinds;
    Metric row;
    Metrics *table;
} Ended;

struct QueueMetrics {
    Queue *const *queues;
    size_t queue_count;
    const char **services;
    const char **kinds;
    size_t kind_count;
    Metric rows[ROW_COUNT];
    Metrics *table;
    Ended *ended; /* of each queue */
    /* Who writes the table may not wait for a database: a thread counts. */
    pthread_t counter;
    bool is_counting;     /* there is such a thread */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    bool is_wanted; /* somebody has looked since the last count */
    bool is_over;
    Cell *cells; /* queue_count x STATE_COUNT */
};

/* ---- what lies in the databases */

static size_t place_of_state(Str state)
{
    size_t place = 0;

    while (place + 1 < STATE_COUNT && !str_equal(state, str_from(STATES[place])))
        place++;
    return place;
}

static void take_counts(QueueMetrics *metrics, size_t queue, const JobCount *counts, size_t count)
{
    Cell *cells = &metrics->cells[queue * STATE_COUNT];

    MUTEX_HOLD(&metrics->lock);
    for (size_t i = 0; i < STATE_COUNT; i++)
        cells[i].jobs = 0;
    for (size_t i = 0; i < count; i++)
        cells[place_of_state(counts[i].state)].jobs = counts[i].jobs;
}

/* While a database can't be read its numbers stay as they are; whoever works on it says so. */
static void count_all(QueueMetrics *metrics)
{
    AUTO_ARENA Arena arena = {0};

    arena_init(&arena);
    for (size_t i = 0; i < metrics->queue_count; i++) {
        JobCount *counts;
        size_t count;
        Err e = queue_count(metrics->queues[i], &arena, &counts, &count);
        if (failed(&e))
            log_debug("jobs can't be counted", log_err(&e));
        else
            take_counts(metrics, i, counts, count);
    }
}

/* Until somebody has looked, and not more often than now and then. False: it is over. */
static bool wait_until_wanted(QueueMetrics *metrics)
{
    int64_t fresh_until_us = clock_monotonic_us(clock_system()) + (int64_t)FRESH_S * US_PER_S;

    MUTEX_HOLD(&metrics->lock);
    while (!metrics->is_over && cond_wait_until(&metrics->changed, &metrics->lock, fresh_until_us))
        continue;
    while (!metrics->is_over && !metrics->is_wanted)
        (void)pthread_cond_wait(&metrics->changed, &metrics->lock);
    metrics->is_wanted = false;
    return !metrics->is_over;
}

static void *keep_counting(void *context)
{
    QueueMetrics *metrics = context;

    do
        count_all(metrics);
    while (wait_until_wanted(metrics));
    return NULL;
}

static int64_t read_cell(void *context)
{
    Cell *cell = context;
    QueueMetrics *metrics = cell->metrics;

    MUTEX_HOLD(&metrics->lock);
    metrics->is_wanted = true;
    (void)pthread_cond_signal(&metrics->changed);
    return cell->jobs;
}

/* ---- making it: services and kinds are known once the queues are open */

static void describe(QueueMetrics *metrics)
{
    const MetricLabel service = {"service", metrics->services, metrics->queue_count};
    const MetricLabel state = {"state", STATES, STATE_COUNT};
    const MetricLabel kind = {"kind", metrics->kinds, metrics->kind_count};

    metrics->rows[ROW_JOBS] = (Metric){METRIC_GAUGE, "nerdx_jobs",
                                       "Jobs in the service's database, as of the look before this one.",
                                       .labels = {service, state}};
    metrics->rows[ROW_SECONDS] =
        (Metric){METRIC_HISTOGRAM, "nerdx_job_seconds",   "How long such an attempt took.", .labels = {kind},
                 .unit = 1e6,      .buckets = BUCKETS_US, .bucket_count = BUCKET_COUNT};
    metrics->rows[ROW_WAIT] =
        (Metric){METRIC_HISTOGRAM,
                 "nerdx_job_wait_seconds",
                 "From when a job was due until this process began it; also what it waited for others of its "
                 "order or tree.",
                 .unit = 1e6,
                 .buckets = BUCKETS_US,
                 .bucket_count = BUCKET_COUNT};
}

/* Where a kind's numbers are; kind_count: nowhere yet. Deliveries of events are of the same kinds in every queue. */
static size_t place_of_kind(const QueueMetrics *metrics, const char *name)
{
    size_t place = 0;

    while (place < metrics->kind_count && strcmp(metrics->kinds[place], name) != 0)
        place++;
    return place;
}

static void add_queue(QueueMetrics *metrics, Queue *queue)
{
    queue->metrics = metrics;
    metrics->kinds =
        memory_grow(metrics->kinds, metrics->kind_count + queue->kind_count, sizeof *metrics->kinds);
    for (size_t i = 0; i < queue->kind_count; i++)
        if (place_of_kind(metrics, queue->kinds[i].name) == metrics->kind_count)
            metrics->kinds[metrics->kind_count++] = queue->kinds[i].name;
}

static void count_ended(Ended *ended, const Queue *queue)
{
    const MetricLabel result = {"result", RESULTS, RESULT_COUNT};

    ended->kinds = memory_grow(NULL, queue->kind_count, sizeof *ended->kinds);
    for (size_t i = 0; i < queue->kind_count; i++)
        ended->kinds[i] = queue->kinds[i].name;
    ended->row = (Metric){METRIC_COUNTER, "nerdx_jobs_ended_total",
                          "Attempts at jobs that ended in this process, by what came of them.",
                          .labels = {{"kind", ended->kinds, queue->kind_count}, result, {"service"}}};
    ended->table = metrics_create_for(&ended->row, 1, queue->service);
    metrics_publish(ended->table);
}

static void ask_for_cells(QueueMetrics *metrics)
{
    metrics->cells = memory_zalloc(metrics->queue_count * STATE_COUNT * sizeof *metrics->cells);
    for (size_t i = 0; i < metrics->queue_count * STATE_COUNT; i++) {
        metrics->cells[i].metrics = metrics;
        metrics_ask(metrics->table, ROW_JOBS, i, read_cell, &metrics->cells[i]);
    }
}

QueueMetrics *queue_metrics_create(Queue *const *queues, size_t count)
{
    QueueMetrics *metrics = memory_new(QueueMetrics);

    metrics->queues = queues;
    metrics->queue_count = count;
    metrics->services = memory_grow(NULL, count, sizeof *metrics->services);
    metrics->ended = memory_zalloc(count * sizeof *metrics->ended);
    for (size_t i = 0; i < count; i++) {
        metrics->services[i] = queue_service(queues[i]);
        add_queue(metrics, queues[i]);
        count_ended(&metrics->ended[i], queues[i]);
    }
    describe(metrics);
    metrics->table = metrics_create(metrics->rows, ROW_COUNT);
    (void)pthread_mutex_init(&metrics->lock, NULL);
    cond_init(&metrics->changed);
    ask_for_cells(metrics);
    metrics_publish(metrics->table);
    metrics->counter = thread_start("job-counts", keep_counting, metrics);
    metrics->is_counting = true;
    return metrics;
}

void queue_metrics_end_counting(QueueMetrics *metrics)
{
    if (metrics == NULL || !metrics->is_counting)
        return;
    {
        MUTEX_HOLD(&metrics->lock);
        metrics->is_over = true;
        (void)pthread_cond_signal(&metrics->changed);
    }
    thread_join(metrics->counter);
    metrics->is_counting = false;
}

static void stop_counting_ended(const QueueMetrics *metrics)
{
    for (size_t i = 0; i < metrics->queue_count; i++) {
        metrics_destroy(metrics->ended[i].table);
        memory_free(metrics->ended[i].kinds);
    }
    memory_free(metrics->ended);
}

void queue_metrics_destroy(QueueMetrics *metrics)
{
    if (metrics == NULL)
        return;
    queue_metrics_end_counting(metrics);
    metrics_destroy(metrics->table);
    stop_counting_ended(metrics);
    (void)pthread_cond_destroy(&metrics->changed);
    (void)pthread_mutex_destroy(&metrics->lock);
    memory_free(metrics->cells);
    memory_free(metrics->kinds);
    memory_free(metrics->services);
    memory_free(metrics);
}

/* ---- what runs here */

static Result result_of(const JobRun *run)
{
    int stop = atomic_load(&run->stop);
    Err result = run_end(run).result;
    int64_t due_us;

    if (!failed(&result))
        return run->put_back_us != 0 ? RESULT_AGAIN : RESULT_DONE;
    if (stop == JOB_LOST)
        return RESULT_LOST;
    if (stop == JOB_CANCELLED)
        return RESULT_CANCELLED;
    return retry_due(run->kind->retry, run->hold.attempt, &result, 0, &due_us) ? RESULT_AGAIN : RESULT_DEAD;
}

/* A clock that was set back makes no wait shorter than none. */
void metrics_note_begun(const JobRun *run)
{
    const QueueMetrics *metrics = run->queue->metrics;
    int64_t waited_us = clock_wall_us(run->queue->clock) - run->hold.due_us;

    if (metrics != NULL)
        metrics_observe(metrics->table, ROW_WAIT, 0, waited_us > 0 ? waited_us : 0);
}

static Metrics *ended_of(const QueueMetrics *metrics, const Queue *queue)
{
    size_t place = 0;

    while (metrics->queues[place] != queue)
        place++;
    return metrics->ended[place].table;
}

void metrics_note_ended(const JobRun *run)
{
    const Queue *queue = run->queue;
    const QueueMetrics *metrics = queue->metrics;

    if (metrics == NULL)
        return;
    Metrics *table = metrics->table, *ended = ended_of(metrics, queue);
    metrics_add(ended, 0, metrics_series(ended, 0, (size_t)(run->kind - queue->kinds), result_of(run)), 1);
    metrics_observe(table, ROW_SECONDS,
                    metrics_series(table, ROW_SECONDS, place_of_kind(metrics, run->kind->name), 0),
                    clock_monotonic_us(queue->clock) - run->begun_us);
}
