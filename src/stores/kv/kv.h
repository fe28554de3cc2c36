/* The key-value store: what nodes share and may lose: counters, limits, caches, presence, messages. One interface, two
 * twins: memory (this process alone) and Redis 7 (all nodes). What must not be lost belongs into stores/sql.
 *
 *     TRY(kv_open("memory:", NULL, &kv));
 *     TRY(kv_add(kv, STR("visits:page"), 1, 60000, &visits));
 *
 * Promises, the same on every twin and checked by tests/conformance/kv:
 *  - each call happens at once: nobody sees half of it, and none of two that add at once is lost;
 *  - what has a time to live is gone when it is over, never later;
 *  - a call is answered within KV_TIMEOUT_MS, or UNAVAILABLE; one that was may have happened or not;
 *  - after the server was cut off or restarted everything goes on by itself, empty if the server lost it.
 * Errors: INVALID and TOO_LARGE (a key or value outside the limits below; a sum of what is no number), UNAVAILABLE. */
#ifndef NERDX_STORES_KV_KV_H
#define NERDX_STORES_KV_KV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    KV_KEY_MAX = 512,          /* bytes, at least one */
    KV_VALUE_MAX = 1 << 20,    /* bytes */
    KV_MOST_ENTRIES = 1 << 20, /* in memory */
    KV_TIMEOUT_MS = 1000,
};

/* Numbers are exact up to here on every twin: Lua counts in doubles. */
#define KV_NUMBER_MAX ((INT64_C(1) << 53) - 1)

typedef struct Kv Kv;

/* url: "memory:", "redis://[user:password@]host[:port][/database]" or "redis+unix:/path[?database]". password: the server's,
 * where the URL has none; may be NULL. Opening waits for
 * nobody: whether a server answers is told by kv_ready. INVALID says what is wrong with the URL. */
Err kv_open(const char *url, const char *password, Kv **out);
void kv_close(Kv *kv); /* accepts NULL; nobody may be using it */
Err kv_ready(Kv *kv);

/* From now on every server shows what comes of its calls, and how often a value that was asked for was there
 * (redis_cache_hit_rate), by this name: what it is used for. Before threads start. */
void kv_watch(Kv *kv, const char *use);

/* Whether a call may wait for something else than memory. */
bool kv_blocks(const Kv *kv);

/* ttl_ms 0: for good. */
Err kv_get(Kv *kv, Arena *arena, Str key, Str *value); /* absent when there is none */
Err kv_put(Kv *kv, Str key, Str value, int64_t ttl_ms);
Err kv_put_new(Kv *kv, Str key, Str value, int64_t ttl_ms, bool *is_new); /* unless there is one */
Err kv_delete(Kv *kv, Str key, bool *was_there);

/* A counter; ttl_ms counts from when it is made, adding doesn't prolong it. */
Err kv_add(Kv *kv, Str key, int64_t delta, int64_t ttl_ms, int64_t *sum);

/* --- operations of more than one step --- */

enum { KV_MOST_KEYS = 4, KV_MOST_NUMBERS = 8 };

/* What an operation works on in memory: the numbers under its keys (0 where there is none), and the time. */
typedef struct KvCell {
    bool is_there;
    int64_t value;
    int64_t left_ms; /* to live; 0 = for good, or there is none */
    bool is_changed; /* set by the operation: value and left_ms are to be kept */
} KvCell;

typedef struct KvCells {
    int64_t now_ms; /* wall clock, the server's own */
    KvCell cells[KV_MOST_KEYS];
} KvCells;

/* The same twice: lua for Redis (KEYS; ARGV; it returns an array of whole numbers), embedded for memory. */
typedef struct KvOperation {
    const char *name;
    const char *lua;
    Err (*embedded)(KvCells *cells, const int64_t *arguments, int64_t *results);
    int key_count;
    int argument_count;
    int result_count;
} KvOperation;

Err kv_run(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments, int64_t *results);

/* The same without waiting: done is called once, on any thread, perhaps before kv_start returns; it must be quick. The
 * keys are copied. */
typedef void (*KvDoneFn)(void *context, Err result, const int64_t *results);
void kv_start(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments, KvDoneFn done,
              void *context);

/* --- messages --- */

/* To whoever listens now, on any node. At most once: who is cut off misses them. */
Err kv_publish(Kv *kv, Str channel, Str message);

/* Returns when it is in force; after KV_TIMEOUT_MS also when the server can't be reached: it will be once it can.
 * on_message runs on another thread, or the publisher's own, one message after the other; it must be quick, and must
 * not subscribe or unsubscribe. */
typedef void (*KvMessageFn)(void *context, Str message);
typedef struct KvSubscription KvSubscription;
Err kv_subscribe(Kv *kv, Str channel, KvMessageFn on_message, void *context, KvSubscription **out);
void kv_unsubscribe(KvSubscription *subscription); /* after it on_message isn't called; accepts NULL */

#endif
