/* What a twin of stores/sql provides: one table of functions, a row in TWINS (open.c) and the two structs
 * below as its first members. */
#ifndef NERDX_STORES_SQL_TWIN_H
#define NERDX_STORES_SQL_TWIN_H

#include <stdatomic.h>

#include "stores/sql/statement.h"
#include "stores/watch/watch.h"

/* Which of the program's migrations a database has. */
typedef struct SqlApplied {
    size_t count;
    bool has[SQL_MOST_MIGRATIONS]; /* as SqlMigrations.items has them */
} SqlApplied;

/* What is there now. Damage is an error. */
typedef struct SqlLook {
    bool is_there;
    SqlApplied applied;
    int64_t file_size; /* bytes; 0 = it lies elsewhere */
} SqlLook;

/* address is what follows "scheme:" in the URL. */
typedef struct SqlTwin {
    const char *scheme;
    const char *(*migration_text)(const SqlMigration *migration);
    const char *(*place)(Arena *arena, const char *address); /* for messages: without secrets */
    bool reads_block;
    void (*use)(Sql *sql, StoreUse *out); /* its connections now, from any thread */
    Err (*open)(const char *address, Sql **out);
    void (*close)(Sql *sql);
    Err (*transact)(Sql *sql, SqlWorkFn work, void *context);
    Err (*transact_rows)(Sql *sql, SqlWorkFn work, void *context);
    Err (*begin)(Sql *sql, Tx **out);
    Err (*begin_migration)(Sql *sql, Tx **out); /* one at a time, of all programs */
    Err (*commit)(Tx *tx);                      /* frees tx */
    void (*rollback)(Tx *tx);                   /* frees tx */
    Err (*read)(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context);
    Err (*begin_reads)(Sql *sql);
    void (*end_reads)(Sql *sql);
    uint64_t (*stamp)(Sql *sql);    /* NULL: there is none */
    void (*leave_no_trace)(Tx *tx); /* NULL: the server does it */
    Err (*write)(Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                 void *context, int64_t *changed);
    Err (*listen)(Sql *sql, SqlHeardFn heard, void *context, SqlListener **out); /* NULL: it can't */
    void (*unlisten)(SqlListener *listener);
    Err (*script)(Tx *tx, const char *text); /* a migration: any number of statements */
    Err (*look)(const char *address, SqlMigrations migrations, SqlLook *out); /* changes nothing */
    Err (*backup)(const char *address, const char *path,
                  int64_t until_s); /* NULL: the server's own tools do it */
    Err (*archive_base)(Sql *sql);  /* NULL: the same */
} SqlTwin;

struct Sql {
    const SqlTwin *twin;
    StoreWatch *watch; /* NULL: not open yet, or opened only to look */
    atomic_int reads;  /* under way */
};

struct Tx {
    Sql *sql;
};

/* What the database of that URL is now, and of which twin. Errors: INVALID (no twin's), those of its look. */
Err sql_look(const char *url, SqlMigrations migrations, SqlLook *out);
Err sql_find_twin(const char *url, const SqlTwin **twin, const char **address);

extern const SqlTwin SQLITE_TWIN;
extern const SqlTwin POSTGRES_TWIN;

#endif
