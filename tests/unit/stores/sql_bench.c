/* Durable inserts a second: the store with 1, 8 and 64 threads, one insert a transaction, against a bare SQLite loop
 * that commits groups of 64, in turn on the same disk; with an archive, if one is named. sql_bench [FOLDER [SECONDS [ARCHIVE]]]. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conformance/sql/shop_sql.h"

enum { MAX_THREADS = 64, BARE_GROUP = 64, ROUNDS = 5, ARCHIVE_KEPT_S = 24 * 3600 };

typedef struct Load {
    Sql *sql;
    atomic_bool stop;
    atomic_long done;
    atomic_long next;
} Load;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "sql_bench: %s\n", what);
    exit(1);
}

static void must(Err e)
{
    if (failed(&e))
        die(e.message);
}

/* Keys in no order, as event ids are. */
static Str key_of(long number, char key[48])
{
    uint64_t hash = (uint64_t)number * 0x9E3779B97F4A7C15U;

    (void)snprintf(key, 48, "%016llx%08lx", (unsigned long long)hash, number);
    return str_from(key);
}

typedef struct Insert {
    Str key;
} Insert;

static Err insert(void *context, Tx *tx)
{
    const Insert *in = context;

    return shop_sql_add(tx, in->key, 1, STR("a note of some length"), NULL);
}

static void *transact_until_stopped(void *context)
{
    Load *load = context;
    char key[48];

    while (!atomic_load(&load->stop)) {
        Insert in = {key_of(atomic_fetch_add(&load->next, 1), key)};
        must(sql_transact(load->sql, insert, &in));
        atomic_fetch_add(&load->done, 1);
    }
    return NULL;
}

static void *begin_until_stopped(void *context)
{
    Load *load = context;
    char key[48];

    while (!atomic_load(&load->stop)) {
        Tx *tx = NULL;
        Insert in = {key_of(atomic_fetch_add(&load->next, 1), key)};
        must(sql_begin(load->sql, &tx));
        must(insert(&in, tx));
        must(sql_commit(&tx));
        atomic_fetch_add(&load->done, 1);
    }
    return NULL;
}

/* What is measured, besides the bare loop. */
typedef struct Kind {
    const char *name;
    int threads;
    void *(*run)(void *load);
} Kind;

static const Kind KINDS[] = {
    {"sql_transact, 1 thread", 1, transact_until_stopped},
    {"sql_transact, 8 threads", 8, transact_until_stopped},
    {"sql_transact, 64 threads", 64, transact_until_stopped},
    {"sql_begin, 1 thread", 1, begin_until_stopped},
    {"sql_begin, 8 threads", 8, begin_until_stopped},
    {"sql_begin, 64 threads", 64, begin_until_stopped},
};

enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static double run_store(Sql *sql, atomic_long *next, const Kind *kind, double seconds)
{
    Load load = {.sql = sql, .next = atomic_load(next)};
    pthread_t threads[MAX_THREADS];
    double start = now();

    for (int i = 0; i < kind->threads; i++)
        if (pthread_create(&threads[i], NULL, kind->run, &load) != 0)
            die("no thread");
    usleep((useconds_t)(seconds * 1e6));
    atomic_store(&load.stop, true);
    for (int i = 0; i < kind->threads; i++)
        pthread_join(threads[i], NULL);
    atomic_store(next, atomic_load(&load.next));
    return (double)atomic_load(&load.done) / (now() - start);
}

static void bare_exec(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        die(sqlite3_errmsg(db));
}

static sqlite3 *open_bare(const char *path)
{
    sqlite3 *db;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        die("can't open the bare database");
    bare_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192;"
                  "PRAGMA cache_size = -8192;");
    bare_exec(db, SHOP_SQL_MIGRATIONS.items[0].sqlite);
    return db;
}

static double run_bare(sqlite3 *db, long *next, double seconds)
{
    sqlite3_stmt *insert;
    double start = now();
    long done = 0;
    char key[48];

    sqlite3_prepare_v2(db, "INSERT INTO stock (sku, on_hand, note) VALUES (?1, ?2, ?3)", -1, &insert, NULL);
    while (now() - start < seconds) {
        bare_exec(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < BARE_GROUP; i++, done++) {
            Str sku = key_of((*next)++, key);
            sqlite3_bind_text(insert, 1, sku.data, (int)sku.len, SQLITE_STATIC);
            sqlite3_bind_int(insert, 2, 1);
            sqlite3_bind_text(insert, 3, "a note of some length", -1, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE)
                die(sqlite3_errmsg(db));
            sqlite3_reset(insert);
        }
        bare_exec(db, "COMMIT");
    }
    sqlite3_finalize(insert);
    return (double)done / (now() - start);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void report(const char *name, double *rates, double bare)
{
    qsort(rates, ROUNDS, sizeof *rates, by_value);
    printf("%-28s median %8.0f/s   min %8.0f   max %8.0f   %5.2f x bare\n", name, rates[ROUNDS / 2], rates[0],
           rates[ROUNDS - 1], rates[ROUNDS / 2] / bare);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "/tmp";
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 1;
    const char *archive = argc > 3 ? argv[3] : NULL;
    char path[512], url[640];
    double bare[ROUNDS], store[KIND_COUNT][ROUNDS];
    atomic_long store_next = 0;
    long bare_next = 0;
    Sql *sql;

    (void)snprintf(path, sizeof path, "%s/nerdx-bench-XXXXXX", folder);
    if (!mkdtemp(path))
        die("can't make a folder");
    (void)snprintf(url, sizeof url, "sqlite:%s/store.db", path);
    sql_archive_to(archive, ARCHIVE_KEPT_S);
    must(sql_open(url, SHOP_SQL_MIGRATIONS, &sql));
    (void)snprintf(url, sizeof url, "%s/bare.db", path);
    sqlite3 *db = open_bare(url);
    for (int round = 0; round < ROUNDS; round++) {
        bare[round] = run_bare(db, &bare_next, seconds);
        for (size_t k = 0; k < KIND_COUNT; k++)
            store[k][round] = run_store(sql, &store_next, &KINDS[k], seconds);
    }
    sqlite3_close(db);
    sql_close(sql);
    qsort(bare, ROUNDS, sizeof *bare, by_value);
    double base = bare[ROUNDS / 2];
    report("bare loop, groups of 64", bare, base);
    for (size_t k = 0; k < KIND_COUNT; k++)
        report(KINDS[k].name, store[k], base);
    (void)snprintf(url, sizeof url, "rm -rf '%s'", path);
    return system(url);
}
