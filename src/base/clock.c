#include "base/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec now;

    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_wall_us(const Clock *clock)
{
    (void)clock;
    return read_us(CLOCK_REALTIME);
}

static int64_t system_monotonic_us(const Clock *clock)
{
    (void)clock;
    return read_us(CLOCK_MONOTONIC);
}

const Clock *clock_system(void)
{
    static const Clock SYSTEM = {system_wall_us, system_monotonic_us};

    return &SYSTEM;
}

static int64_t manual_wall_us(const Clock *clock)
{
    return atomic_load(&((const ManualClock *)clock)->wall_us);
}

static int64_t manual_monotonic_us(const Clock *clock)
{
    return atomic_load(&((const ManualClock *)clock)->monotonic_us);
}

void manual_clock_init(ManualClock *manual, int64_t wall_us)
{
    assert(manual);
    manual->clock = (Clock){manual_wall_us, manual_monotonic_us};
    atomic_init(&manual->wall_us, wall_us);
    atomic_init(&manual->monotonic_us, 0);
}

void manual_clock_advance(ManualClock *manual, int64_t us)
{
    assert(us >= 0);
    atomic_fetch_add(&manual->wall_us, us);
    atomic_fetch_add(&manual->monotonic_us, us);
}

void manual_clock_set_wall(ManualClock *manual, int64_t wall_us)
{
    atomic_store(&manual->wall_us, wall_us);
}
