/* A bounded number of connections to one database: lent to one thread at a time, thrown away when they broke, refused
 * at once while the server can't be reached (base/breaker.h). */
#ifndef NERDX_STORES_SQL_POSTGRES_POOL_H
#define NERDX_STORES_SQL_POSTGRES_POOL_H

#include <pthread.h>

#include "base/breaker.h"
#include "stores/sql/postgres_connection.h"
#include "stores/watch/watch.h"

enum { POSTGRES_BREAK_MS = 500 };

typedef struct PostgresPool {
    const PostgresAddress *address;
    Breaker breaker;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t given_back;
    PostgresConnection *idle; /* the last used first: the others may rest */
    int count;                /* lent and idle */
    int idle_count;
    int waiting; /* threads, for one of them */
} PostgresPool;

void postgres_pool_init(PostgresPool *pool, const PostgresAddress *address);
void postgres_pool_finish(PostgresPool *pool); /* all have been given back */

/* UNAVAILABLE when none is free within SQL_TURN_TIMEOUT_MS, or the server can't be reached. */
Err postgres_pool_take(PostgresPool *pool, PostgresConnection **out);

/* Nothing may be under way on it. */
void postgres_pool_give(PostgresPool *pool, PostgresConnection *connection);

void postgres_pool_use(PostgresPool *pool, StoreUse *out); /* for who counts */

#endif
