/* Wakes who waits for work in this process. What it was rung for may not be committed yet: who was woken looks again soon. */
#ifndef NERDX_STORES_QUEUE_BELL_H
#define NERDX_STORES_QUEUE_BELL_H

#include "base/thread.h"

typedef struct Bell {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t rings;
} Bell;

void bell_init(Bell *bell);
void bell_finish(Bell *bell);
void bell_ring(Bell *bell);
uint64_t bell_rings(Bell *bell);

/* Until it has rung since `seen`, or the monotonic moment has come. */
void bell_wait(Bell *bell, uint64_t seen, int64_t until_us);

#endif
