/* Wakes the workers of other processes by messages of a kv store. A hint and nothing more: whoever misses one looks by themselves. Each
 * process hears its own messages, too, and so knows whether it would hear another's; while it does its idle workers look rarely. */
#ifndef NERDX_STORES_QUEUE_WAKE_H
#define NERDX_STORES_QUEUE_WAKE_H

#include "stores/kv/kv.h"
#include "stores/queue/bell.h"

typedef struct Queue Queue;
typedef struct Waker Waker;

Err waker_create(Queue *queue, Kv *kv, Waker **out);
void waker_destroy(Waker *waker); /* accepts NULL */

/* Whether what another process adds is heard of at once; of NULL it isn't. */
bool waker_is_heard(const Waker *waker);

#endif
