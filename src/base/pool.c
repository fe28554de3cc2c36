#include "base/pool.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/thread.h"

typedef struct Work {
    PoolFn run;
    void *context;
} Work;

struct Pool {
    pthread_mutex_t lock;
    pthread_cond_t has_work; /* a worker waits for work or the end */
    pthread_cond_t idle;     /* pool_drain waits for the last piece of work */
    Work *ring;
    size_t capacity;
    size_t first;
    size_t queued;
    size_t running;
    void (*at_rest)(void);
    bool draining;
    bool ending;
    size_t workers;
    pthread_t *threads;
};

/* Takes the next piece of work; false at the end. The lock is held. */
static bool next_work(Pool *pool, Work *out)
{
    while (pool->queued == 0 && !pool->ending)
        pthread_cond_wait(&pool->has_work, &pool->lock);
    if (pool->queued == 0)
        return false;
    *out = pool->ring[pool->first];
    pool->first = (pool->first + 1) % pool->capacity;
    pool->queued--;
    pool->running++;
    return true;
}

/* The lock is held, but not while at_rest runs. */
static void rest(Pool *pool)
{
    if (!pool->at_rest || pool->queued > 0)
        return;
    mutex_unlock(&pool->lock);
    pool->at_rest();
    (void)mutex_lock(&pool->lock);
}

static void *work(void *context)
{
    Pool *pool = context;
    Work next;

    MUTEX_HOLD(&pool->lock);
    while (next_work(pool, &next)) {
        mutex_unlock(&pool->lock);
        next.run(next.context);
        (void)mutex_lock(&pool->lock);
        rest(pool);
        pool->running--;
        if (pool->draining && pool->running == 0 && pool->queued == 0)
            pthread_cond_broadcast(&pool->idle);
    }
    return NULL;
}

Pool *pool_create(const char *name, size_t workers, size_t queue_limit)
{
    assert(workers > 0 && queue_limit > 0);
    Pool *pool = memory_new(Pool);

    pthread_mutex_init(&pool->lock, NULL);
    cond_init(&pool->has_work);
    cond_init(&pool->idle);
    pool->ring = memory_grow(NULL, queue_limit, sizeof *pool->ring);
    pool->capacity = queue_limit;
    pool->workers = workers;
    pool->threads = memory_grow(NULL, workers, sizeof *pool->threads);
    for (size_t i = 0; i < workers; i++) {
        char thread_name[16];
        (void)snprintf(thread_name, sizeof thread_name, "%.11s-%u", name, (unsigned)(i % 1000));
        pool->threads[i] = thread_start(thread_name, work, pool);
    }
    return pool;
}

void pool_at_rest(Pool *pool, void (*at_rest)(void))
{
    pool->at_rest = at_rest;
}

bool pool_submit(Pool *pool, PoolFn run, void *context)
{
    MUTEX_HOLD(&pool->lock);
    if (pool->draining || pool->queued == pool->capacity)
        return false;
    pool->ring[(pool->first + pool->queued) % pool->capacity] = (Work){run, context};
    pool->queued++;
    pthread_cond_signal(&pool->has_work);
    return true;
}

void pool_drain(Pool *pool)
{
    MUTEX_HOLD(&pool->lock);
    pool->draining = true;
    while (pool->queued > 0 || pool->running > 0)
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
    pthread_cond_destroy(&pool->has_work);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    memory_free(pool->threads);
    memory_free(pool->ring);
    memory_free(pool);
}

PoolStats pool_stats(Pool *pool)
{
    MUTEX_HOLD(&pool->lock);
    return (PoolStats){pool->workers, pool->running, pool->queued};
}
