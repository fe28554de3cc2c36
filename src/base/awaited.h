/* Waits for what ends on another thread, where nothing better is to be done.
 *
 *     Awaited awaited;
 *     awaited_init(&awaited);
 *     start(…, awaited_tell, &awaited);
 *     TRY(awaited_wait(&awaited));
 */
#ifndef NERDX_BASE_AWAITED_H
#define NERDX_BASE_AWAITED_H

#include <pthread.h>
#include <stdbool.h>

#include "base/err.h"

typedef struct Awaited {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_told;
    Err result;
} Awaited;

void awaited_init(Awaited *awaited);
void awaited_tell(void *context, Err result); /* once, from any thread; context: the awaited */
Err awaited_wait(Awaited *awaited);           /* what was told; it is finished then */

#endif
