#include "base/pool.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/thread.h"

enum { US_PER_MS = 1000, KEPT_FREE = 4 /* one worker in four does only what can't wait */ };
typedef enum Rank { NOW, LATER, RANK_COUNT } Rank;

typedef struct Work {
    PoolFn run;
    void *context;
    int64_t since_us;
} Work;

/* First in, first out. */
typedef struct Queue {
    Work *ring;
    size_t first;
    size_t count;
    size_t running;
} Queue;

enum { WORKERS, RUNNING, QUEUED, QUEUE_LIMIT, REFUSED, METRIC_COUNT };

static const Metric METRICS[METRIC_COUNT] = {
    [WORKERS] = {METRIC_GAUGE, "nerdx_pool_workers", "Threads of the pool.", .labels = {{"pool"}}},
    [RUNNING] = {METRIC_GAUGE, "nerdx_pool_running", "Threads of the pool that are at work.",
                 .labels = {{"pool"}}},
    [QUEUED] = {METRIC_GAUGE, "nerdx_pool_queued", "Pieces of work that wait for a thread.",
                .labels = {{"pool"}}},
    [QUEUE_LIMIT] = {METRIC_GAUGE, "nerdx_pool_queue_limit", "How many may wait.", .labels = {{"pool"}}},
    [REFUSED] = {METRIC_COUNTER, "nerdx_pool_refused_total", "Pieces of work that found no place to wait.",
                 .labels = {{"pool"}}},
};

struct Pool {
    Metrics *metrics;
    pthread_mutex_t lock;
    pthread_cond_t has_work; /* a worker waits for work or the end */
    pthread_cond_t idle;     /* pool_drain waits for the last piece of work */
    Queue queues[RANK_COUNT];
    size_t capacity;   /* of each */
    size_t later_most; /* workers that may do what can wait */
    bool took_aged;    /* the last that was taken had waited long, before others */
    void (*at_rest)(void);
    bool draining;
    bool ending;
    size_t workers;
    pthread_t *threads;
};

/* The lock is held for all of these. */

static size_t queued(const Pool *pool)
{
    return pool->queues[NOW].count + pool->queues[LATER].count;
}

static size_t running(const Pool *pool)
{
    return pool->queues[NOW].running + pool->queues[LATER].running;
}

static bool is_aged(const Queue *queue)
{
    int64_t waited_us = clock_monotonic_us(clock_system()) - queue->ring[queue->first].since_us;

    return waited_us >= (int64_t)POOL_AGED_MS * US_PER_MS;
}

/* Which queue is served next; false when there is nothing that may be done. What has waited long goes before every other piece
 * of the rest. */
static bool choose(Pool *pool, Rank *out)
{
    const Queue *now = &pool->queues[NOW], *later = &pool->queues[LATER];
    bool may = later->count > 0 && later->running < pool->later_most;
    bool is_before = may && now->count > 0 && !pool->took_aged && is_aged(later);

    *out = may && (now->count == 0 || is_before) ? LATER : NOW;
    pool->took_aged = is_before;
    return *out == LATER || now->count > 0;
}

/* Takes the next piece of work; false at the end. */
static bool next_work(Pool *pool, Work *out, Rank *rank)
{
    while (!choose(pool, rank)) {
        if (pool->ending)
            return false;
        pthread_cond_wait(&pool->has_work, &pool->lock);
    }
    Queue *queue = &pool->queues[*rank];
    *out = queue->ring[queue->first];
    queue->first = (queue->first + 1) % pool->capacity;
    queue->count--;
    queue->running++;
    return true;
}

/* Not while at_rest runs. */
static void rest(Pool *pool)
{
    if (!pool->at_rest || queued(pool) > 0)
        return;
    mutex_unlock(&pool->lock);
    pool->at_rest();
    (void)mutex_lock(&pool->lock);
}

static void *work(void *context)
{
    Pool *pool = context;
    Work next;
    Rank rank;

    MUTEX_HOLD(&pool->lock);
    while (next_work(pool, &next, &rank)) {
        mutex_unlock(&pool->lock);
        next.run(next.context);
        (void)mutex_lock(&pool->lock);
        rest(pool);
        pool->queues[rank].running--;
        if (pool->draining && running(pool) == 0 && queued(pool) == 0)
            pthread_cond_broadcast(&pool->idle);
    }
    return NULL;
}

static int64_t count_running(void *pool)
{
    return (int64_t)pool_stats(pool).running;
}

static int64_t count_queued(void *pool)
{
    return (int64_t)pool_stats(pool).queued;
}

static void show(Pool *pool, const char *name)
{
    pool->metrics = metrics_create_for(METRICS, METRIC_COUNT, name);
    metrics_set(pool->metrics, WORKERS, 0, (int64_t)pool->workers);
    metrics_set(pool->metrics, QUEUE_LIMIT, 0, (int64_t)pool->capacity);
    metrics_ask(pool->metrics, RUNNING, 0, count_running, pool);
    metrics_ask(pool->metrics, QUEUED, 0, count_queued, pool);
    metrics_publish(pool->metrics);
}

Pool *pool_create(const char *name, size_t workers, size_t queue_limit)
{
    assert(workers > 0 && queue_limit > 0);
    Pool *pool = memory_new(Pool);

    pthread_mutex_init(&pool->lock, NULL);
    cond_init(&pool->has_work);
    cond_init(&pool->idle);
    for (Rank rank = NOW; rank < RANK_COUNT; rank++)
        pool->queues[rank].ring = memory_grow(NULL, queue_limit, sizeof(Work));
    pool->capacity = queue_limit;
    pool->later_most = workers - workers / KEPT_FREE;
    pool->workers = workers;
    pool->threads = memory_grow(NULL, workers, sizeof *pool->threads);
    for (size_t i = 0; i < workers; i++) {
        char thread_name[16];
        (void)snprintf(thread_name, sizeof thread_name, "%.11s-%u", name, (unsigned)(i % 1000));
        pool->threads[i] = thread_start(thread_name, work, pool);
    }
    show(pool, name);
    return pool;
}

void pool_at_rest(Pool *pool, void (*at_rest)(void))
{
    pool->at_rest = at_rest;
}

static bool put(Pool *pool, Rank rank, PoolFn run, void *context)
{
    Queue *queue = &pool->queues[rank];

    MUTEX_HOLD(&pool->lock);
    if (pool->draining || queue->count == pool->capacity)
        return false;
    queue->ring[(queue->first + queue->count) % pool->capacity] =
        (Work){run, context, clock_monotonic_us(clock_system())};
    queue->count++;
    pthread_cond_signal(&pool->has_work);
    return true;
}

static bool submit(Pool *pool, Rank rank, PoolFn run, void *context)
{
    bool is_taken = put(pool, rank, run, context);

    if (!is_taken)
        metrics_add(pool->metrics, REFUSED, 0, 1);
    return is_taken;
}

bool pool_submit(Pool *pool, PoolFn run, void *context)
{
    return submit(pool, NOW, run, context);
}

bool pool_submit_later(Pool *pool, PoolFn run, void *context)
{
    return submit(pool, LATER, run, context);
}

void pool_drain(Pool *pool)
{
    MUTEX_HOLD(&pool->lock);
    pool->draining = true;
    while (queued(pool) > 0 || running(pool) > 0)
        pthread_cond_wait(&pool->idle, &pool->lock);
}

static void end_workers(Pool *pool)
{
    {
        MUTEX_HOLD(&pool->lock);
        pool->ending = true;
        pthread_cond_broadcast(&pool->has_work);
    }
    for (size_t i = 0; i < pool->workers; i++)
        thread_join(pool->threads[i]);
}

void pool_destroy(Pool *pool)
{
    if (!pool)
        return;
    pool_drain(pool);
    end_workers(pool);
    metrics_destroy(pool->metrics);
    pthread_cond_destroy(&pool->has_work);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    memory_free(pool->threads);
    for (Rank rank = NOW; rank < RANK_COUNT; rank++)
        memory_free(pool->queues[rank].ring);
    memory_free(pool);
}

PoolStats pool_stats(Pool *pool)
{
    MUTEX_HOLD(&pool->lock);
    return (PoolStats){pool->workers, running(pool), queued(pool), pool->queues[LATER].count};
}
