/* Workers for what must not run on a loop thread: a fixed number of threads and two bounded queues, each first in first
 * out. One is for what somebody waits for, the other for what can wait (pool_submit_later): it is done when nothing else is
 * there, or between, once it has waited for POOL_AGED_MS; and never by all workers, so that what comes then finds one
 * free. When a queue is full pool_submit says so at once; the caller answers 503. */
#ifndef NERDX_BASE_POOL_H
#define NERDX_BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Pool Pool;
typedef void (*PoolFn)(void *context);

enum { POOL_AGED_MS = 250 };

/* What every server shows of it: nerdx_pool_workers, nerdx_pool_running, nerdx_pool_queued, nerdx_pool_queue_limit and
 * nerdx_pool_refused_total, by its name. */

typedef struct PoolStats {
    size_t workers;
    size_t running;
    size_t queued;
    size_t can_wait; /* of those */
} PoolStats;

/* name: up to 11 bytes; a thread is called "name-12". queue_limit: of each queue. */
Pool *pool_create(const char *name, size_t workers, size_t queue_limit);

/* Before the first work: at_rest runs on a worker each time it finds no more work waiting. */
void pool_at_rest(Pool *pool, void (*at_rest)(void));

/* Runs run(context) on a worker, once. False when the queue is full or the pool is being drained.
 * Thread-safe. */
bool pool_submit(Pool *pool, PoolFn run, void *context);

/* The same, behind what can't wait. */
bool pool_submit_later(Pool *pool, PoolFn run, void *context);

void pool_drain(Pool *pool);   /* takes no more work; returns when all that was taken is done */
void pool_destroy(Pool *pool); /* drains, ends the threads; accepts NULL */
PoolStats pool_stats(Pool *pool);

#endif
