#include "http/keeper.h"

#include "base/thread.h"

/* Often enough for deadlines in seconds; more often while refused clients are still sending. */
enum { TICK_US = 100 * 1000, LINGERING_TICK_US = 10 * 1000 };

void keeper_init(Keeper *keeper, const Clock *clock, Connections *connections)
{
    *keeper = (Keeper){.clock = clock, .connections = connections};
    pthread_mutex_init(&keeper->lock, NULL);
    cond_init(&keeper->wakes);
}

void keeper_watch(Keeper *keeper, Watched *watched)
{
    MUTEX_HOLD(&keeper->lock);
    watched->previous = NULL;
    watched->next = keeper->first;
    if (keeper->first)
        keeper->first->previous = watched;
    keeper->first = watched;
    watched->watched = true;
}

void keeper_unwatch(Keeper *keeper, Watched *watched)
{
    if (!watched->watched)
        return;
    MUTEX_HOLD(&keeper->lock);
    if (watched->next)
        watched->next->previous = watched->previous;
    if (watched->previous)
        watched->previous->next = watched->next;
    else
        keeper->first = watched->next;
    watched->watched = false;
}

void keeper_look(Keeper *keeper)
{
    int64_t now_us = clock_monotonic_us(keeper->clock);

    MUTEX_HOLD(&keeper->lock);
    for (Watched *watched = keeper->first; watched; watched = watched->next)
        watched->look(watched, now_us);
}

/* False at the end. */
static bool wait_for_tick(Keeper *keeper)
{
    bool lingering = connections_lingering(keeper->connections);
    int64_t until_us = clock_monotonic_us(clock_system()) + (lingering ? LINGERING_TICK_US : TICK_US);

    MUTEX_HOLD(&keeper->lock);
    while (!keeper->ends && cond_wait_until(&keeper->wakes, &keeper->lock, until_us))
        ;
    return !keeper->ends;
}

static void *keep(void *context)
{
    Keeper *keeper = context;

    while (wait_for_tick(keeper)) {
        connections_check(keeper->connections, clock_monotonic_us(keeper->clock));
        keeper_look(keeper);
    }
    return NULL;
}

void keeper_start(Keeper *keeper)
{
    keeper->thread = thread_start("http-keeper", keep, keeper);
    keeper->started = true;
}

static void stop(Keeper *keeper)
{
    {
        MUTEX_HOLD(&keeper->lock);
        keeper->ends = true;
        pthread_cond_signal(&keeper->wakes);
    }
    thread_join(keeper->thread);
}

void keeper_finish(Keeper *keeper)
{
    if (keeper->started)
        stop(keeper);
    pthread_cond_destroy(&keeper->wakes);
    pthread_mutex_destroy(&keeper->lock);
}
