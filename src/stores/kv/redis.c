/* Redis 7: one line for what is asked, one, once somebody listens, for messages. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/awaited.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/kv/redis_line.h"
#include "stores/kv/twin.h"

enum { NUMBER_TEXT = 24 };

typedef struct RedisKv {
    Kv kv;
    RedisAddress address;
    RedisLine *line;
    pthread_mutex_t lock; /* guards what follows */
    RedisLine *ear;       /* for messages; NULL until somebody listens */
} RedisKv;

typedef struct Complaint {
    const char *begins; /* with what Redis begins an error */
    ErrCode code;
    const char *message;
} Complaint;

static const Complaint COMPLAINTS[] = {
    {"WRONGTYPE", INVALID, "under this key is no whole number"},
    {"ERR value is not an integer", INVALID, "under this key is no whole number"},
    {"ERR increment or decrement would overflow", INVALID,
     "the sum is beyond what can be counted exactly, 2^53"},
    {"OOM", UNAVAILABLE, "the key-value store is full; try again"},
    {"LOADING", UNAVAILABLE, "the key-value store is starting; try again"},
    {"READONLY", UNAVAILABLE, "the key-value store is read-only now; try again"},
    {"MASTERDOWN", UNAVAILABLE, "the key-value store has no master now; try again"},
    {"BUSY", UNAVAILABLE, "the key-value store is busy; try again"},
    {"NOPERM", INTERNAL, "our user isn't allowed to do this in the key-value store"},
};

/* A script's error begins with where it happened or not, depending on what called it. */
static Err complaint_of(const redisReply *reply)
{
    Str said = {reply->str, reply->len};
    Err e = err(INTERNAL, "a fault in the key-value store");

    for (size_t i = 0; i < sizeof COMPLAINTS / sizeof *COMPLAINTS; i++)
        if (str_find(said, str_from(COMPLAINTS[i].begins), 0) != SIZE_MAX) {
            e = err(COMPLAINTS[i].code, "%s", COMPLAINTS[i].message);
            break;
        }
    return err_detail(err_retry_after(e, e.code == UNAVAILABLE ? 1 : 0), "%.*s", STR_ARG(said));
}

/* --- one command, waited for --- */

typedef struct Question {
    Awaited awaited;
    Arena *arena; /* of text */
    Str text;     /* absent: none */
    int64_t number;
} Question;

static void take_reply(Question *question, const redisReply *reply)
{
    if (reply->type == REDIS_REPLY_INTEGER)
        question->number = reply->integer;
    else if (reply->type == REDIS_REPLY_STATUS)
        question->number = 1;
    else if (reply->type == REDIS_REPLY_STRING && question->arena)
        question->text = str_copy(question->arena, (Str){reply->str, reply->len});
}

static void on_answer(void *context, Err result, const redisReply *reply)
{
    Question *question = context;

    if (reply && reply->type == REDIS_REPLY_ERROR)
        result = complaint_of(reply);
    else if (reply)
        take_reply(question, reply);
    awaited_tell(&question->awaited, result);
}

static Err ask(Kv *kv, int count, const Str *words, Question *question)
{
    awaited_init(&question->awaited);
    redis_line_ask(((RedisKv *)kv)->line, count, words, on_answer, question);
    return awaited_wait(&question->awaited);
}

static Err redis_ready(Kv *kv)
{
    return ask(kv, 1, (Str[]){STR("PING")}, &(Question){0});
}

static Err redis_get(Kv *kv, Arena *arena, Str key, Str *value)
{
    Question question = {.arena = arena};

    TRY(ask(kv, 2, (Str[]){STR("GET"), key}, &question));
    *value = question.text;
    return OK;
}

static Err redis_put(Kv *kv, Str key, Str value, int64_t ttl_ms, bool only_new, bool *is_put)
{
    Str words[6] = {STR("SET"), key, value};
    char digits[NUMBER_TEXT];
    Question question = {0};
    int count = 3;

    if (ttl_ms) {
        (void)snprintf(digits, sizeof digits, "%" PRId64, ttl_ms);
        words[count++] = STR("PX");
        words[count++] = str_from(digits);
    }
    if (only_new)
        words[count++] = STR("NX");
    TRY(ask(kv, count, words, &question));
    *is_put = question.number == 1;
    return OK;
}

static Err redis_remove(Kv *kv, Str key, bool *was_there)
{
    Question question = {0};

    TRY(ask(kv, 2, (Str[]){STR("DEL"), key}, &question));
    *was_there = question.number == 1;
    return OK;
}

static Err redis_publish(Kv *kv, Str channel, Str message)
{
    return ask(kv, 3, (Str[]){STR("PUBLISH"), channel, message}, &(Question){0});
}

/* --- operations --- */

typedef struct Operating {
    const KvOperation *operation;
    KvDoneFn done;
    void *context;
} Operating;

static Err read_results(const KvOperation *operation, const redisReply *reply, int64_t *results)
{
    if (reply->type == REDIS_REPLY_ERROR)
        return complaint_of(reply);
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != (size_t)operation->result_count)
        return err_detail(err(INTERNAL, "a fault in the key-value store"), "%s gave no list of %d numbers",
                          operation->name, operation->result_count);
    for (size_t i = 0; i < reply->elements; i++)
        results[i] = reply->element[i]->integer;
    return OK;
}

static void on_results(void *context, Err result, const redisReply *reply)
{
    Operating *operating = context;
    int64_t results[KV_MOST_NUMBERS] = {0};

    if (reply)
        result = read_results(operating->operation, reply, results);
    operating->done(operating->context, result, results);
    memory_free(operating);
}

/* EVAL, not EVALSHA: a Redis that restarted knows no script, and the text is short beside the way. */
static void redis_start(Kv *kv, const KvOperation *operation, const Str *keys, const int64_t *arguments,
                        KvDoneFn done, void *context)
{
    Str words[3 + KV_MOST_KEYS + KV_MOST_NUMBERS] = {STR("EVAL"), str_from(operation->lua)};
    char digits[1 + KV_MOST_NUMBERS][NUMBER_TEXT];
    Operating *operating = memory_new(Operating);
    int count = 3;

    *operating = (Operating){operation, done, context};
    (void)snprintf(digits[0], NUMBER_TEXT, "%d", operation->key_count);
    words[2] = str_from(digits[0]);
    for (int i = 0; i < operation->key_count; i++)
        words[count++] = keys[i];
    for (int i = 0; i < operation->argument_count; i++) {
        (void)snprintf(digits[1 + i], NUMBER_TEXT, "%" PRId64, arguments[i]);
        words[count++] = str_from(digits[1 + i]);
    }
    redis_line_ask(((RedisKv *)kv)->line, count, words, on_results, operating);
}

/* --- messages --- */

static void on_push(void *context, const redisReply *reply)
{
    RedisKv *redis = context;

    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3)
        return;
    const redisReply *kind = reply->element[0];
    Str channel = {reply->element[1]->str, reply->element[1]->len};
    const redisReply *message = reply->element[2];
    if (strcmp(kind->str, "subscribe") == 0)
        kv_listeners_confirm(&redis->kv.listeners, channel);
    else if (strcmp(kind->str, "message") == 0)
        kv_listeners_tell(&redis->kv.listeners, channel, (Str){message->str, message->len});
}

static void subscribe(void *line, Str channel)
{
    redis_line_tell(line, 2, (Str[]){STR("SUBSCRIBE"), channel});
}

static void on_connected(void *context, RedisLine *line)
{
    RedisKv *redis = context;

    kv_listeners_each(&redis->kv.listeners, subscribe, line);
}

/* The ear subscribes to all that is listened to when it connects, and to what comes later as it comes. */
static void open_ear(RedisKv *redis, Str channel)
{
    MUTEX_HOLD(&redis->lock);
    if (redis->ear)
        subscribe(redis->ear, channel);
    else
        redis->ear = redis_line_create(&redis->address, &(RedisPushes){on_push, on_connected, redis});
}

static void redis_listen(Kv *kv, Str channel)
{
    open_ear((RedisKv *)kv, channel);
    kv_listeners_wait(&kv->listeners, channel);
}

static void redis_leave(Kv *kv, Str channel)
{
    RedisKv *redis = (RedisKv *)kv;

    MUTEX_HOLD(&redis->lock);
    if (redis->ear)
        redis_line_tell(redis->ear, 2, (Str[]){STR("UNSUBSCRIBE"), channel});
}

/* --- opening and closing --- */

static Err redis_open(const char *address, const char *password, Kv **out)
{
    RedisKv *redis = memory_new(RedisKv);
    Err e = redis_address_read(address, &redis->address);

    if (failed(&e)) {
        memory_free(redis);
        return e;
    }
    if (!redis->address.password)
        redis->address.password = memory_copy_text(password);
    redis->kv.twin = &KV_REDIS_TWIN;
    kv_listeners_init(&redis->kv.listeners);
    pthread_mutex_init(&redis->lock, NULL);
    redis->line = redis_line_create(&redis->address, NULL);
    *out = &redis->kv;
    return OK;
}

static void redis_close(Kv *kv)
{
    RedisKv *redis = (RedisKv *)kv;

    redis_line_destroy(redis->ear);
    redis_line_destroy(redis->line);
    pthread_mutex_destroy(&redis->lock);
    kv_listeners_finish(&kv->listeners);
    redis_address_finish(&redis->address);
    memory_free(redis);
}

const KvTwin KV_REDIS_TWIN = {
    .scheme = "redis",
    .open = redis_open,
    .close = redis_close,
    .ready = redis_ready,
    .get = redis_get,
    .put = redis_put,
    .remove = redis_remove,
    .start = redis_start,
    .publish = redis_publish,
    .listen = redis_listen,
    .leave = redis_leave,
};
