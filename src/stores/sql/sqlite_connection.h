/* One connection to an SQLite file: opened with our settings, statements prepared once, errors made ours.
 * Used by one thread at a time. */
#ifndef NERDX_STORES_SQL_SQLITE_CONNECTION_H
#define NERDX_STORES_SQL_SQLITE_CONNECTION_H

#include <sqlite3.h>

#include "stores/sql/statement.h"

typedef struct PreparedStatement {
    const SqlStatement *statement;
    sqlite3_stmt *prepared;
} PreparedStatement;

typedef struct Connection {
    sqlite3 *db;
    const char *path;
    PreparedStatement *slots; /* a hash table by address: statements are constants */
    size_t slot_count;        /* a power of two */
    size_t used;
    int64_t deadline_ms; /* of the running statement; 0 = none */
} Connection;

/* flags: SQLITE_OPEN_*. setup runs right after opening. path must outlive the connection. */
Err connection_open(Connection *connection, const char *path, int flags, const char *setup);
void connection_close(Connection *connection); /* accepts a zeroed one */

/* Runs SQL text of any number of statements, without a time bound. */
Err connection_script(Connection *connection, const char *text);

Err connection_run(Connection *connection, const SqlStatement *statement, const SqlValue *parameters,
                   SqlRowFn on_row, void *context, int64_t *changed);

/* The first column of the first row. */
Err connection_get_int(Connection *connection, const char *query, int64_t *out);

/* The connection's latest error as ours; doing is for the log. */
Err connection_error(Connection *connection, int code, const char *doing);

int64_t now_ms(void); /* monotonic */

#endif
