/* The SQLite twin from inside: what its files share. sqlite.c opens and closes, sqlite_group.c writes,
 * sqlite_reader.c reads. */
#ifndef NERDX_STORES_SQL_SQLITE_H
#define NERDX_STORES_SQL_SQLITE_H

#include <pthread.h>

#include "stores/sql/sqlite_connection.h"
#include "stores/sql/twin.h"

typedef struct Waiter Waiter; /* a thread that waits */
typedef struct Reader Reader; /* a thread's connection to one database */

/* The transactions that one COMMIT will make durable. */
typedef struct Group {
    bool is_open; /* SQLite is in a transaction */
    int64_t begun_ms;
    int count;
    Waiter *members;
} Group;

typedef struct Database {
    Sql sql;
    char *path;

    /* Of the thread that has the turn. */
    Connection writer;
    Group group;
    int wal_frames;    /* in the log after the latest commit */
    int checkpoint_at; /* frames */
    bool unclean;      /* a COMMIT failed and may have left its frames in the log */

    pthread_mutex_t mutex; /* guards what follows */
    bool turn_taken;
    pthread_t turn_owner;
    Waiter *first_waiter;
    Waiter *last_waiter;

    Reader *readers; /* guarded by the lock in sqlite_reader.c */
} Database;

Err group_transact(Sql *sql, SqlWorkFn work, void *context);
Err group_begin(Sql *sql, Tx **out);
Err group_commit(Tx *tx);
void group_rollback(Tx *tx);
Err group_write(Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context, int64_t *changed);
Err group_script(Tx *tx, const char *text);
void group_count_frames(Database *database); /* starts to watch the log's size */

Err reader_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                void *context);
void readers_close(Database *database);

#endif
