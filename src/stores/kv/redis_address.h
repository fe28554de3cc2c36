/* Where a Redis is: "redis://[user:password@]host[:port][/database]" or "redis+unix:/path[?database]". Without TLS: on
 * another machine it belongs behind a tunnel. */
#ifndef NERDX_STORES_KV_REDIS_ADDRESS_H
#define NERDX_STORES_KV_REDIS_ADDRESS_H

#include "base/err.h"

typedef struct RedisAddress {
    char *host; /* NULL: a socket at path */
    char *path;
    char *user;
    char *password;
    int port;
    int database;
} RedisAddress;

/* address: what follows "redis". The texts are the caller's to free. INVALID says what is wrong, without quoting it. */
Err redis_address_read(const char *address, RedisAddress *out);
void redis_address_finish(RedisAddress *address); /* accepts a zeroed one */

#endif
