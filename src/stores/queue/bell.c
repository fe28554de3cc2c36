#include "stores/queue/bell.h"

void bell_init(Bell *bell)
{
    (void)pthread_mutex_init(&bell->lock, NULL);
    cond_init(&bell->changed);
    bell->rings = 0;
}

void bell_finish(Bell *bell)
{
    (void)pthread_cond_destroy(&bell->changed);
    (void)pthread_mutex_destroy(&bell->lock);
}

void bell_ring(Bell *bell)
{
    MUTEX_HOLD(&bell->lock);
    bell->rings++;
    (void)pthread_cond_broadcast(&bell->changed);
}

uint64_t bell_rings(Bell *bell)
{
    MUTEX_HOLD(&bell->lock);
    return bell->rings;
}

void bell_wait(Bell *bell, uint64_t seen, int64_t until_us)
{
    MUTEX_HOLD(&bell->lock);
    while (bell->rings == seen && cond_wait_until(&bell->changed, &bell->lock, until_us))
        continue;
}
