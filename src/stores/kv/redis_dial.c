#include "stores/kv/redis_dial.h"

#include <stdint.h>
#include <stdio.h>

#include "base/log.h"

enum { CONNECT_TIMEOUT_S = 1 };

static redisReply *command(redisContext *redis, int count, const char *const *words)
{
    return redisCommandArgv(redis, count, (const char **)(uintptr_t)words, NULL);
}

static bool is_welcome(redisContext *redis, int count, const char *const *words)
{
    redisReply *reply = command(redis, count, words);
    bool ok = reply && reply->type != REDIS_REPLY_ERROR;

    if (reply && !ok)
        log_warn("the key-value store refuses us", log_chars("said", reply->str));
    if (reply)
        freeReplyObject(reply);
    return ok;
}

static bool introduce(const RedisAddress *address, redisContext *redis)
{
    const char *user = address->user ? address->user : "default";
    char database[16];

    (void)snprintf(database, sizeof database, "%d", address->database);
    if (address->password && !is_welcome(redis, 3, (const char *const[]){"AUTH", user, address->password}))
        return false;
    return address->database == 0 || is_welcome(redis, 2, (const char *const[]){"SELECT", database});
}

redisContext *redis_dial(const RedisAddress *address)
{
    static const struct timeval LIMIT = {.tv_sec = CONNECT_TIMEOUT_S};
    redisContext *redis = address->host ? redisConnectWithTimeout(address->host, address->port, LIMIT)
                                        : redisConnectUnixWithTimeout(address->path, LIMIT);

    if (redis && !redis->err) {
        (void)redisSetTimeout(redis, LIMIT);
        if (introduce(address, redis))
            return redis;
    }
    if (redis)
        redisFree(redis);
    return NULL;
}
