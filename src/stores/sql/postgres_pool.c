#include "stores/sql/postgres_pool.h"

#include "base/memory.h"
#include "base/thread.h"

void postgres_pool_init(PostgresPool *pool, const PostgresAddress *address)
{
    *pool = (PostgresPool){.address = address};
    breaker_init(&pool->breaker, clock_system(),
                 (BreakerLimits){.pause_ms = POSTGRES_BREAK_MS, .silent_calls = 3});
    pthread_mutex_init(&pool->lock, NULL);
    cond_init(&pool->given_back);
}

static void throw_away(PostgresConnection *connection)
{
    postgres_disconnect(connection);
    memory_free(connection);
}

void postgres_pool_finish(PostgresPool *pool)
{
    while (pool->idle) {
        PostgresConnection *connection = pool->idle;
        pool->idle = connection->next;
        throw_away(connection);
        pool->count--;
    }
    assert(pool->count == 0);
    pthread_cond_destroy(&pool->given_back);
    pthread_mutex_destroy(&pool->lock);
    breaker_finish(&pool->breaker);
}

/* With the lock held. False: it took too long. */
static bool wait_for_room(PostgresPool *pool)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + (int64_t)SQL_TURN_TIMEOUT_MS * 1000;
    bool is_in_time = true;

    pool->waiting++;
    while (is_in_time && !pool->idle && pool->count >= pool->address->connections)
        is_in_time = cond_wait_until(&pool->given_back, &pool->lock, until_us);
    pool->waiting--;
    return is_in_time;
}

/* One that rests, or room for a new one (*out NULL). */
static Err take_or_make_room(PostgresPool *pool, PostgresConnection **out)
{
    MUTEX_HOLD(&pool->lock);
    if (!wait_for_room(pool))
        return err_retry_after(err(UNAVAILABLE, "all connections to the database are busy; try again"), 1);
    *out = pool->idle;
    if (*out) {
        pool->idle = (*out)->next;
        pool->idle_count--;
    } else {
        pool->count++;
    }
    return OK;
}

void postgres_pool_use(PostgresPool *pool, StoreUse *out)
{
    MUTEX_HOLD(&pool->lock);
    *out = (StoreUse){pool->count - pool->idle_count, pool->address->connections, pool->waiting};
}

static void leave_room(PostgresPool *pool)
{
    MUTEX_HOLD(&pool->lock);
    pool->count--;
    pthread_cond_signal(&pool->given_back);
}

/* With room taken for it. */
static Err connect_anew(PostgresPool *pool, PostgresConnection **out)
{
    if (!breaker_lets_through(&pool->breaker))
        return err_retry_after(err(UNAVAILABLE, "the database can't be reached; try again"), 1);
    *out = memory_new(PostgresConnection);
    Err e = postgres_connect(pool->address, *out);
    breaker_note(&pool->breaker, e.code == UNAVAILABLE ? BREAKER_UNREACHED : BREAKER_ANSWERED);
    if (failed(&e)) {
        memory_free(*out);
        *out = NULL;
    }
    return e;
}

Err postgres_pool_take(PostgresPool *pool, PostgresConnection **out)
{
    TRY(take_or_make_room(pool, out));
    if (*out && !postgres_is_stale(*out))
        return OK;
    if (*out)
        throw_away(*out);
    Err e = connect_anew(pool, out);
    if (failed(&e))
        leave_room(pool);
    return e;
}

void postgres_pool_give(PostgresPool *pool, PostgresConnection *connection)
{
    if (postgres_is_stale(connection)) {
        throw_away(connection);
        leave_room(pool);
        return;
    }
    MUTEX_HOLD(&pool->lock);
    connection->next = pool->idle;
    pool->idle = connection;
    pool->idle_count++;
    pthread_cond_signal(&pool->given_back);
}
