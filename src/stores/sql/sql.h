/* The relational store: one interface, one file a twin (sqlite.c; PostgreSQL is one more file and a row in
 * TWINS). Services never call it with text: tools/sqlgen makes one typed function a query from their .sql
 * files.
 *
 * Promises, the same on every twin and checked by tests/conformance/sql:
 *  - a transaction is atomic, and sql_commit returns OK only when it is durable; commits of many threads
 * share one fsync;
 *  - when that shared commit fails, every transaction in it fails with the same error and none is visible;
 *  - writers are serialised; a reader sees the last committed state and never waits for a writer;
 *  - migrations are embedded, run once each, in order, in one transaction each.
 * Errors: CONFLICT (a constraint said no), UNAVAILABLE (busy, disk full, cut off; retry later), INTERNAL
 * (damaged, read-only, newer than this program): the message says what to do. */
#ifndef NERDX_STORES_SQL_SQL_H
#define NERDX_STORES_SQL_SQL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Sql Sql; /* a database */
typedef struct Tx Tx;   /* a write transaction, owned by one thread */

typedef enum SqlType { SQL_NULL, SQL_INT, SQL_REAL, SQL_TEXT, SQL_BLOB } SqlType;

typedef struct SqlValue {
    SqlType type;
    union {
        int64_t integer;
        double real;
        Str text; /* also for blobs */
    };
} SqlValue;

/* One query, made by tools/sqlgen: the text for each database, parameters numbered in the order they are
 * declared. */
typedef struct SqlStatement {
    const char *name; /* "graph_sql_get_node", for logs */
    const char *sqlite;
    const char *postgres;
    int parameter_count;
    int column_count;
    const SqlType *columns;
} SqlStatement;

typedef struct SqlMigration {
    int version; /* 1, 2, 3 … */
    const char *name;
    const char *sqlite;
    const char *postgres;
} SqlMigration;

typedef struct SqlMigrations {
    const SqlMigration *items;
    size_t count;
} SqlMigrations;

/* url: "sqlite:/path/file.db". Opens, checks, migrates. */
Err sql_open(const char *url, SqlMigrations migrations, Sql **out);
void sql_close(Sql *sql); /* accepts NULL */

/* Whether a read may wait for something else than memory or a local disk. */
bool sql_reads_block(const Sql *sql);

/* Takes the writer's turn. Within a bound (10 s) or UNAVAILABLE. */
Err sql_begin(Sql *sql, Tx **out);
Err sql_commit(Tx **tx);    /* durable when it returns OK; *tx becomes NULL either way */
void sql_rollback(Tx **tx); /* accepts NULL and *tx NULL */
#define AUTO_ROLLBACK __attribute__((cleanup(sql_rollback)))

/* Called by generated code only. Either tx or sql is given: within a transaction, or as a read of the calling
 * thread. */
typedef Err (*SqlRowFn)(void *context, const SqlValue *columns);
Err sql_run(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
            void *context, int64_t *changed);

#endif
