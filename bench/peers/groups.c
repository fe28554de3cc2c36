/* The peer for durable writes: nothing but SQLite, one thread, the rows that `learn` writes, 64 to a
 * transaction. groups DATABASE SECONDS CHECKPOINT_PAGES -> rows a second. What no program on SQLite can be
 * far ahead of. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { GROUP = 64 };

static const char SCHEMA[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                             "CREATE TABLE event (id TEXT PRIMARY KEY) WITHOUT ROWID;"
                             "CREATE TABLE edge (id INTEGER PRIMARY KEY, type TEXT, source TEXT, target "
                             "TEXT, at INTEGER, properties TEXT);"
                             "CREATE INDEX edge_by_source ON edge (source, type, at DESC);"
                             "CREATE INDEX edge_by_target ON edge (target, type, at DESC);";

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void must(sqlite3 *db, int result, int wanted)
{
    if (result == wanted)
        return;
    fprintf(stderr, "groups: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void run(sqlite3 *db, const char *text)
{
    must(db, sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
    sqlite3_stmt *statement;

    must(db, sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

static void insert(sqlite3 *db, sqlite3_stmt *event, sqlite3_stmt *edge, long number)
{
    char id[64], user[32];

    snprintf(id, sizeof id, "run-%ld-%ld", number % 2, number);
    snprintf(user, sizeof user, "bench-%ld", number % 1000);
    sqlite3_bind_text(event, 1, id, -1, SQLITE_TRANSIENT);
    must(db, sqlite3_step(event), SQLITE_DONE);
    sqlite3_reset(event);
    sqlite3_bind_text(edge, 1, user, -1, SQLITE_TRANSIENT);
    sqlite3_bind_int64(edge, 2, number);
    must(db, sqlite3_step(edge), SQLITE_DONE);
    sqlite3_reset(edge);
}

static long measure(sqlite3 *db, double limit)
{
    sqlite3_stmt *event = prepare(db, "INSERT INTO event VALUES (?)");
    sqlite3_stmt *edge = prepare(db, "INSERT INTO edge (type, source, target, at, properties)"
                                     " VALUES ('INTERESTED_IN', ?, 'bench', ?, '{\"score\":0.5}')");
    double end = seconds() + limit;
    long count = 0;

    while (seconds() < end) {
        run(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < GROUP; i++)
            insert(db, event, edge, count++);
        run(db, "COMMIT");
    }
    sqlite3_finalize(event);
    sqlite3_finalize(edge);
    return count;
}

int main(int argc, char **argv)
{
    sqlite3 *db;
    char checkpoint[64];

    if (argc != 4) {
        fprintf(stderr, "usage: groups DATABASE SECONDS CHECKPOINT_PAGES\n");
        return 2;
    }
    must(NULL, sqlite3_open(argv[1], &db), SQLITE_OK);
    run(db, SCHEMA);
    snprintf(checkpoint, sizeof checkpoint, "PRAGMA wal_autocheckpoint = %d", atoi(argv[3]));
    run(db, checkpoint);
    double start = seconds();
    long count = measure(db, atof(argv[2]));
    printf("%.1f\n", (double)count / (seconds() - start));
    sqlite3_close(db);
    return 0;
}
