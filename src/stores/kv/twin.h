/* What a twin of stores/kv provides: one table of functions, and Kv as the first member of its struct. Keys and values
 * are within their limits when they come here. */
#ifndef NERDX_STORES_KV_TWIN_H
#define NERDX_STORES_KV_TWIN_H

#include "stores/kv/kv.h"
#include "stores/kv/listeners.h"
#include "stores/watch/watch.h"

typedef struct KvTwin {
    const char *scheme;
    Err (*open)(const char *address, const char *password, Kv **out); /* address: what follows "scheme:" */
    void (*close)(Kv *kv);
    Err (*ready)(Kv *kv);
    Err (*get)(Kv *kv, Arena *arena, Str key, Str *value);
    Err (*put)(Kv *kv, Str key, Str value, int64_t ttl_ms, bool only_new, bool *is_put);
    Err (*remove)(Kv *kv, Str key, bool *was_there);
    void (*start)(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
                  KvDoneFn done, void *context);
    /* At once; NULL: it waits for a server, and what is started is waited for. */
    Err (*run)(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
               int64_t *results);
    Err (*publish)(Kv *kv, Str channel, Str message);
    void (*listen)(Kv *kv, Str channel); /* the first listener of a channel has come, */
    void (*leave)(Kv *kv, Str channel);  /* the last has gone */
} KvTwin;

struct Kv {
    const KvTwin *twin;
    KvListeners listeners;
    StoreWatch *watch; /* NULL: nobody has asked for it */
    Metrics *gets;
};

extern const KvTwin KV_MEMORY_TWIN;
extern const KvTwin KV_REDIS_TWIN;

#endif
