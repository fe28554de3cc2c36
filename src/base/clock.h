/* What time it is, as something that is handed in: code that needs time takes a const Clock *, tests give it
 * a ManualClock. Wall time is microseconds since 1970 in UTC and may jump; monotonic time is microseconds
 * since an unknown moment and never goes back: time-outs and durations use it. */
#ifndef NERDX_BASE_CLOCK_H
#define NERDX_BASE_CLOCK_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct Clock Clock;

struct Clock {
    int64_t (*wall_us)(const Clock *clock);
    int64_t (*monotonic_us)(const Clock *clock);
};

const Clock *clock_system(void);

static inline int64_t clock_wall_us(const Clock *clock)
{
    return clock->wall_us(clock);
}

static inline int64_t clock_monotonic_us(const Clock *clock)
{
    return clock->monotonic_us(clock);
}

/* Stands still until it is moved. Give &manual.clock to the code under test. Thread-safe. */
typedef struct ManualClock {
    Clock clock; /* first: a ManualClock is a Clock */
    _Atomic int64_t wall_us;
    _Atomic int64_t monotonic_us;
} ManualClock;

void manual_clock_init(ManualClock *manual, int64_t wall_us);
void manual_clock_advance(ManualClock *manual, int64_t us);       /* both times; us >= 0 */
void manual_clock_set_wall(ManualClock *manual, int64_t wall_us); /* a jump of the wall clock alone */

#endif
