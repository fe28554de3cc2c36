/* Keeps callers from waiting for a server that doesn't answer: after it couldn't be reached, or was silent for several
 * calls in a row, everybody is turned away at once, but for one who tries again after each pause. */
#ifndef NERDX_BASE_BREAKER_H
#define NERDX_BASE_BREAKER_H

#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"

typedef struct BreakerLimits {
    int pause_ms;
    int silent_calls; /* so many in a row open it */
} BreakerLimits;

typedef struct Breaker {
    pthread_mutex_t lock;
    const Clock *clock;
    BreakerLimits limits;
    bool is_open;     /* nobody gets through */
    bool is_tried;    /* by one caller, just now */
    int64_t again_us; /* monotonic: when the next one may try */
    int silent;       /* calls in a row that heard nothing in time */
} Breaker;

/* What a call came to. */
typedef enum BreakerNews { BREAKER_ANSWERED, BREAKER_SILENT, BREAKER_UNREACHED } BreakerNews;

void breaker_init(Breaker *breaker, const Clock *clock, BreakerLimits limits);
void breaker_finish(Breaker *breaker);

/* Thread-safe. After true, breaker_note must follow. */
bool breaker_lets_through(Breaker *breaker);
void breaker_note(Breaker *breaker, BreakerNews news);

#endif
