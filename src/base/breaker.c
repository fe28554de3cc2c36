#include "base/breaker.h"

#include "base/thread.h"

enum { US_PER_MS = 1000 };

void breaker_init(Breaker *breaker, const Clock *clock, BreakerLimits limits)
{
    *breaker = (Breaker){.clock = clock, .limits = limits};
    (void)pthread_mutex_init(&breaker->lock, NULL);
}

void breaker_finish(Breaker *breaker)
{
    (void)pthread_mutex_destroy(&breaker->lock);
}

bool breaker_lets_through(Breaker *breaker)
{
    MUTEX_HOLD(&breaker->lock);

    if (!breaker->is_open)
        return true;
    if (breaker->is_tried || clock_monotonic_us(breaker->clock) < breaker->again_us)
        return false;
    breaker->is_tried = true;
    return true;
}

void breaker_note(Breaker *breaker, BreakerNews news)
{
    MUTEX_HOLD(&breaker->lock);

    breaker->is_tried = false;
    breaker->silent = news == BREAKER_SILENT ? breaker->silent + 1 : 0;
    if (news == BREAKER_ANSWERED)
        breaker->is_open = false;
    else if (news == BREAKER_UNREACHED || breaker->silent >= breaker->limits.silent_calls)
        breaker->is_open = true;
    breaker->again_us = clock_monotonic_us(breaker->clock) + (int64_t)breaker->limits.pause_ms * US_PER_MS;
}
