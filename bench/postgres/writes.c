/* Durable writes a second through the twin on PostgreSQL: 64 callers, a row a transaction. writes URL SECONDS. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/thread.h"
#include "bench/postgres/note_sql.h"

enum { CALLERS = 64, US_PER_S = 1000000 };

typedef struct Load {
    Sql *sql;
    int64_t until_us;
    int64_t run; /* makes the ids of this run its own */
    atomic_long written;
    atomic_long next;
} Load;

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static void must(Err e)
{
    if (!failed(&e))
        return;
    (void)fprintf(stderr, "writes: %s (%s)\n", e.message, e.detail);
    exit(1);
}

static Err add(void *context, Tx *tx)
{
    return note_sql_add(tx, *(const Str *)context, STR("a note of some length"), NULL);
}

static void *write_until_over(void *context)
{
    Load *load = context;
    AUTO_ARENA Arena arena = {0};

    while (now_us() < load->until_us) {
        arena_reset(&arena);
        Str id = str_format(&arena, "%lld-%ld", (long long)load->run, atomic_fetch_add(&load->next, 1));
        must(sql_transact(load->sql, add, &id));
        atomic_fetch_add(&load->written, 1);
    }
    return NULL;
}

int main(int count, char **words)
{
    pthread_t callers[CALLERS];
    Load load = {.run = now_us()};

    if (count != 3)
        return 1;
    must(sql_open(words[1], NOTE_SQL_MIGRATIONS, &load.sql));
    int64_t begin_us = now_us();
    load.until_us = begin_us + (int64_t)(strtod(words[2], NULL) * US_PER_S);
    for (int i = 0; i < CALLERS; i++)
        callers[i] = thread_start("caller", write_until_over, &load);
    for (int i = 0; i < CALLERS; i++)
        thread_join(callers[i]);
    printf("%.1f\n", (double)atomic_load(&load.written) * US_PER_S / (double)(now_us() - begin_us));
    sql_close(load.sql);
    return 0;
}
