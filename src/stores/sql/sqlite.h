/* The SQLite twin from inside: what its files share. sqlite.c opens and closes, sqlite_group.c writes,
 * sqlite_reader.c reads. */
#ifndef NERDX_STORES_SQL_SQLITE_H
#define NERDX_STORES_SQL_SQLITE_H

#include <pthread.h>

#include "stores/sql/sqlite_connection.h"
#include "stores/sql/twin.h"

typedef struct Group Group;   /* the transactions that one COMMIT will make durable */
typedef struct Waiter Waiter; /* a thread that waits for its turn */
typedef struct Reader Reader; /* a thread's connection to one database */

typedef struct Database {
    Sql sql;
    char *path;

    Connection writer; /* used by the thread that has the turn */
    int wal_frames;    /* in the log after the latest commit */
    int checkpoint_at; /* frames */
    bool unclean;      /* a COMMIT failed and may have left its frames in the log */

    pthread_mutex_t mutex; /* guards what follows */
    bool turn_taken;
    pthread_t turn_owner;
    Waiter *first_waiter;
    Waiter *last_waiter;
    Group *group; /* the open one, or NULL */

    Reader *readers; /* guarded by the lock in sqlite_reader.c */
} Database;

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
