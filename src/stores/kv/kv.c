#include "stores/kv/kv.h"

#include <assert.h>
#include <string.h>

#include "base/awaited.h"
#include "stores/kv/twin.h"

static const KvTwin *const TWINS[] = {&KV_MEMORY_TWIN, &KV_REDIS_TWIN};

Err kv_open(const char *url, const char *password, Kv **out)
{
    size_t scheme = strcspn(url, ":+");

    *out = NULL;
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++)
        if (strlen(TWINS[i]->scheme) == scheme && strncmp(url, TWINS[i]->scheme, scheme) == 0 && url[scheme])
            return TWINS[i]->open(url + scheme, password, out);
    return err(INVALID, "\"%.*s:\" is no key-value store I know; memory: or redis://host:6379 would be right",
               scheme < 40 ? (int)scheme : 40, url);
}

void kv_close(Kv *kv)
{
    if (!kv)
        return;
    metrics_destroy(kv->gets);
    store_watch_destroy(kv->watch);
    kv->twin->close(kv);
}

/* --- what is seen of it --- */

enum { GETS, HIT_RATE, GET_ROWS };
enum { GET_HIT, GET_MISS, GET_RESULTS };
static const char *const RESULTS[GET_RESULTS] = {[GET_HIT] = "hit", [GET_MISS] = "miss"};

static const Metric ROWS[GET_ROWS] = {
    [GETS] = {METRIC_COUNTER, "nerdx_kv_gets_total", "Values that were asked for, and were there or not.",
              .labels = {{"result", RESULTS, GET_RESULTS}, {"use"}}},
    [HIT_RATE] =
        {METRIC_GAUGE, "redis_cache_hit_rate",
         "Which part of the values that were asked for was there, since the start; 0 while none was. Also of "
         "the memory that stands in Redis's place.",
         .labels = {{"use"}}, .unit = 1e6},
};

static int64_t hit_rate(void *context)
{
    enum { MILLIONTHS = 1000000 };
    const Metrics *gets = context;
    int64_t hits = metrics_value(gets, GETS, metrics_series(gets, GETS, GET_HIT, 0));
    int64_t all = hits + metrics_value(gets, GETS, metrics_series(gets, GETS, GET_MISS, 0));

    return all > 0 ? hits * MILLIONTHS / all : 0;
}

void kv_watch(Kv *kv, const char *use)
{
    assert(!kv->watch);
    kv->watch = store_watch_create(use, kv->twin->scheme, NULL, NULL);
    kv->gets = metrics_create_for(ROWS, GET_ROWS, use);
    metrics_ask(kv->gets, HIT_RATE, 0, hit_rate, kv->gets);
    metrics_publish(kv->gets);
}

static void note_get(const Kv *kv, const Err *e, Str value)
{
    if (kv->gets && !failed(e))
        metrics_add(kv->gets, GETS,
                    metrics_series(kv->gets, GETS, value.data != NULL ? GET_HIT : GET_MISS, 0), 1);
}

Err kv_ready(Kv *kv)
{
    return kv->twin->ready(kv);
}

bool kv_blocks(const Kv *kv)
{
    return kv->twin->run == NULL;
}

static Err check_key(Str key)
{
    if (key.len == 0 || key.len > KV_KEY_MAX)
        return err(INVALID, "a key has 1 to %d bytes, this one has %zu", KV_KEY_MAX, key.len);
    return OK;
}

static Err check_value(Str value)
{
    if (value.len > KV_VALUE_MAX)
        return err(TOO_LARGE, "a value has up to %d bytes, this one has %zu", KV_VALUE_MAX, value.len);
    return OK;
}

Err kv_get(Kv *kv, Arena *arena, Str key, Str *value)
{
    *value = (Str){0};
    TRY(check_key(key));
    StoreCall call;

    store_begin(&call, kv->watch, STORE_READ, "kv get");
    Err e = kv->twin->get(kv, arena, key, value);
    store_end(&call, &e);
    note_get(kv, &e, *value);
    return e;
}

static Err put(Kv *kv, Str key, Str value, int64_t ttl_ms, bool only_new, bool *is_put)
{
    assert(ttl_ms >= 0);
    TRY(check_key(key));
    TRY(check_value(value));
    StoreCall call;

    store_begin(&call, kv->watch, STORE_OTHER, "kv put");
    Err e = kv->twin->put(kv, key, value, ttl_ms, only_new, is_put);
    store_end(&call, &e);
    return e;
}

Err kv_put(Kv *kv, Str key, Str value, int64_t ttl_ms)
{
    bool is_put;

    return put(kv, key, value, ttl_ms, false, &is_put);
}

Err kv_put_new(Kv *kv, Str key, Str value, int64_t ttl_ms, bool *is_new)
{
    *is_new = false;
    return put(kv, key, value, ttl_ms, true, is_new);
}

Err kv_delete(Kv *kv, Str key, bool *was_there)
{
    *was_there = false;
    TRY(check_key(key));
    StoreCall call;

    store_begin(&call, kv->watch, STORE_OTHER, "kv delete");
    Err e = kv->twin->remove(kv, key, was_there);
    store_end(&call, &e);
    return e;
}

static Err add_to_cell(KvCells *cells, const int64_t *arguments, int64_t *results)
{
    KvCell *cell = &cells->cells[0];

    if (__builtin_add_overflow(cell->value, arguments[0], &cell->value) || cell->value > KV_NUMBER_MAX ||
        cell->value < -KV_NUMBER_MAX)
        return err(INVALID, "the sum is beyond what can be counted exactly, 2^53");
    if (!cell->is_there)
        cell->left_ms = arguments[1];
    cell->is_changed = true;
    results[0] = cell->value;
    return OK;
}

static const KvOperation ADD = {
    .name = "add",
    .lua = "local old = redis.call('GET', KEYS[1]) "
           "if old and not string.match(old, '^-?%d+$') then return redis.error_reply('ERR value is not an "
           "integer') end "
           "if math.abs(tonumber(old or 0) + tonumber(ARGV[1])) >= 9007199254740992 then "
           "return redis.error_reply('ERR increment or decrement would overflow') end "
           "local sum = redis.call('INCRBY', KEYS[1], ARGV[1]) "
           "if not old and ARGV[2] ~= '0' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end "
           "return {sum}",
    .embedded = add_to_cell,
    .key_count = 1,
    .argument_count = 2,
    .result_count = 1,
};

Err kv_add(Kv *kv, Str key, int64_t delta, int64_t ttl_ms, int64_t *sum)
{
    assert(ttl_ms >= 0);
    return kv_run(kv, &ADD, &key, (int64_t[]){delta, ttl_ms}, sum);
}

/* --- operations --- */

static Err check_operation(const KvOperation *operation, const Str *keys)
{
    assert(operation->key_count <= KV_MOST_KEYS && operation->argument_count <= KV_MOST_NUMBERS);
    assert(operation->result_count <= KV_MOST_NUMBERS);
    for (int i = 0; i < operation->key_count; i++)
        TRY(check_key(keys[i]));
    return OK;
}

void kv_start(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments, KvDoneFn done,
              void *context)
{
    Err e = check_operation(operation, keys);

    if (failed(&e))
        done(context, e, NULL);
    else
        kv->twin->start(kv, operation, keys, arguments, done, context);
}

typedef struct Running {
    Awaited awaited;
    int64_t *results;
    int result_count;
} Running;

static void finish_running(void *context, Err result, const int64_t *results)
{
    Running *running = context;

    if (!failed(&result))
        memcpy(running->results, results, (size_t)running->result_count * sizeof *results);
    awaited_tell(&running->awaited, result);
}

static Err run_and_wait(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
                        int64_t *results)
{
    Running running = {.results = results, .result_count = operation->result_count};

    awaited_init(&running.awaited);
    kv->twin->start(kv, operation, keys, arguments, finish_running, &running);
    return awaited_wait(&running.awaited);
}

static Err run(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
               int64_t *results)
{
    if (kv->twin->run)
        return kv->twin->run(kv, operation, keys, arguments, results);
    return run_and_wait(kv, operation, keys, arguments, results);
}

Err kv_run(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments, int64_t *results)
{
    StoreCall call;

    TRY(check_operation(operation, keys));
    store_begin(&call, kv->watch, STORE_OTHER, operation->name);
    Err e = run(kv, operation, keys, arguments, results);
    store_end(&call, &e);
    return e;
}

/* --- messages --- */

Err kv_publish(Kv *kv, Str channel, Str message)
{
    TRY(check_key(channel));
    TRY(check_value(message));
    return kv->twin->publish(kv, channel, message);
}

Err kv_subscribe(Kv *kv, Str channel, KvMessageFn on_message, void *context, KvSubscription **out)
{
    bool is_first;

    *out = NULL;
    TRY(check_key(channel));
    KvSubscription *subscription = kv_listeners_add(kv, channel, on_message, context, &is_first);
    if (is_first)
        kv->twin->listen(kv, channel);
    *out = subscription;
    return OK;
}

void kv_unsubscribe(KvSubscription *subscription)
{
    AUTO_ARENA Arena arena = {0};
    Str channel;

    if (!subscription)
        return;
    Kv *kv = kv_listeners_remove(subscription, &arena, &channel);
    if (channel.data)
        kv->twin->leave(kv, channel);
}
