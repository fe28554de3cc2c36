/* Work that an agent has done for it: several pieces at the same time on a pool, each told of as soon as it has ended. What takes
 * too long is let go: it ends alone and gives up its memory then.
 *
 *     Errands *errands = errands_create(pool);
 *     errands_send(errands, &(Errand){look_up, forget, question});  …
 *     while (errands_next(errands, until_us, &which)) …
 *     errands_release(errands);
 */
#ifndef NERDX_SERVICES_AGENTS_CORE_ERRANDS_H
#define NERDX_SERVICES_AGENTS_CORE_ERRANDS_H

#include <stdint.h>

#include "base/pool.h"

typedef struct Errands Errands;

typedef struct Errand {
    void (*run)(
        void *
            context); /* on a worker; on the sender's own thread when all workers are busy and so is the queue */
    void (*free)(void *context); /* once, when neither the work nor the sender needs it any more */
    void *context;
} Errand;

enum { ERRANDS_MAX = 32 };

Errands *errands_create(Pool *pool); /* pool NULL: the sender does it all, one after the other */

/* At most ERRANDS_MAX. */
void errands_send(Errands *errands, const Errand *errand);

/* The next that has ended and wasn't told yet: its number from 0, in the order of sending. False when all were told, or the
 * monotonic moment has come. */
bool errands_next(Errands *errands, int64_t until_us, size_t *which);

/* The contexts are freed now; those of work that is still going on when it ends. */
void errands_release(Errands *errands);

#endif
