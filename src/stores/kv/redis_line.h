/* A connection to Redis that many threads ask at once: one thread sends what has come, without waiting for the answers
 * before it (pipelining), and gives each answer to who asked, in order. Cut off it connects anew by itself, when
 * somebody asks. hiredis writes the commands and reads the answers; the waiting is ours. */
#ifndef NERDX_STORES_KV_REDIS_LINE_H
#define NERDX_STORES_KV_REDIS_LINE_H

#include <hiredis.h>

#include "stores/kv/kv.h"
#include "stores/kv/redis_address.h"

typedef struct RedisLine RedisLine;

/* On the line's thread, once, quickly. reply is NULL when result is an error; it goes when the call returns. */
typedef void (*RedisAnswerFn)(void *context, Err result, const redisReply *reply);

/* What comes unasked (messages), and that a connection is new: subscriptions are to be made again. May be NULL. */
typedef struct RedisPushes {
    void (*on_push)(void *context, const redisReply *reply);
    void (*on_connected)(void *context, RedisLine *line);
    void *context;
} RedisPushes;

/* address must outlive the line. Starts a thread; connects with the first command. */
RedisLine *redis_line_create(const RedisAddress *address, const RedisPushes *pushes);
void redis_line_destroy(RedisLine *line); /* what is under way ends with UNAVAILABLE; accepts NULL */

/* Never waits. Refused (on the caller's thread) when too many are under way or the server was just found gone. */
void redis_line_ask(RedisLine *line, int count, const Str *words, RedisAnswerFn answer, void *context);

/* A command whose answers come as pushes, or to nobody. */
void redis_line_tell(RedisLine *line, int count, const Str *words);

#endif
