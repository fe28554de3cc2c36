/* Calling a Redis: connected, let in and at its database within a second or so. Blocks. */
#ifndef NERDX_STORES_KV_REDIS_DIAL_H
#define NERDX_STORES_KV_REDIS_DIAL_H

#include <hiredis.h>

#include "stores/kv/redis_address.h"

/* NULL when it can't be reached or refuses us (the log says so). redisFree it. */
redisContext *redis_dial(const RedisAddress *address);

#endif
