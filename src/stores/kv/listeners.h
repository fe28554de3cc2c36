/* Who of this process listens to which channel: the same for every twin. Thread-safe. */
#ifndef NERDX_STORES_KV_LISTENERS_H
#define NERDX_STORES_KV_LISTENERS_H

#include <pthread.h>

#include "stores/kv/kv.h"

typedef struct KvListeners {
    pthread_mutex_t lock; /* held while they are told: who has left isn't told any more */
    KvSubscription *first;
    pthread_cond_t confirmed;
} KvListeners;

void kv_listeners_init(KvListeners *listeners);
void kv_listeners_finish(KvListeners *listeners); /* all have left */

KvSubscription *kv_listeners_add(Kv *kv, Str channel, KvMessageFn on_message, void *context, bool *is_first);
/* Frees it. channel: a copy in the arena when it was the last of its channel, absent otherwise. */
Kv *kv_listeners_remove(KvSubscription *subscription, Arena *arena, Str *channel);

/* The server has said that the channel is listened to; and waiting for that, no longer than KV_TIMEOUT_MS. */
void kv_listeners_confirm(KvListeners *listeners, Str channel);
void kv_listeners_wait(KvListeners *listeners, Str channel);

void kv_listeners_tell(KvListeners *listeners, Str channel, Str message);

/* Calls take for each channel once. */
void kv_listeners_each(KvListeners *listeners, void (*take)(void *context, Str channel), void *context);

#endif
