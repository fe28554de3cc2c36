/* One connection to PostgreSQL: statements prepared once, many sent before the first answer is awaited (libpq's
 * pipeline mode), no wait without an end. Used by one thread at a time. */
#ifndef NERDX_STORES_SQL_POSTGRES_CONNECTION_H
#define NERDX_STORES_SQL_POSTGRES_CONNECTION_H

#include <libpq-fe.h>

#include "base/keymap.h"
#include "stores/sql/postgres_address.h"
#include "stores/sql/statement.h"

enum {
    POSTGRES_LOCK_TIMEOUT_MS = 8000,       /* who waits for others is told so, and may come back */
    POSTGRES_STATEMENT_TIMEOUT_MS = 10000, /* the server stops it then, */
    POSTGRES_ANSWER_TIMEOUT_MS = 12000,    /* and a server that doesn't is given up */
    POSTGRES_MAX_SENT = 64,
    POSTGRES_MAX_SENT_BYTES = 1 << 20, /* of values: libpq keeps what the server doesn't take yet */
};

/* What was sent and not answered yet. */
typedef struct Sent {
    const SqlStatement *statement;
    bool is_preparation;
} Sent;

typedef struct PostgresConnection {
    PGconn *pg;
    StrIdMap prepared; /* by the statement's address; value: the number in its name */
    uint32_t prepared_count;
    Sent sent[POSTGRES_MAX_SENT];
    int sent_count;
    size_t sent_bytes; /* of their values */
    bool is_lost;
    bool met_another; /* of the last failure: begun anew it may well succeed */
    struct PostgresConnection *next;
} PostgresConnection;

/* Opened and set up: schema, time-outs, isolation. */
Err postgres_connect(const PostgresAddress *address, PostgresConnection *out);
void postgres_disconnect(PostgresConnection *connection); /* accepts a zeroed one */

/* Whether the server has closed it meanwhile; asks nobody. */
bool postgres_is_stale(PostgresConnection *connection);

/* Whether one more can be sent before an answer is waited for, and what ends the transaction. */
bool postgres_may_send(const PostgresConnection *connection);

/* Whether a transaction is open, as far as the server has answered. */
bool postgres_is_within(const PostgresConnection *connection);

/* Sends without waiting; whether it succeeds is told by the next postgres_run. */
Err postgres_send(PostgresConnection *connection, const SqlStatement *statement, const SqlValue *parameters);

/* Sends, waits for all that was sent, and calls on_row (may be NULL) for the rows of this statement: then the
 * connection is free for others. changed may be NULL. The first failure of all is returned. */
Err postgres_run(PostgresConnection *connection, const SqlStatement *statement, const SqlValue *parameters,
                 SqlRowFn on_row, void *context, int64_t *changed);

/* The same, a row at a time as they arrive: memory stays flat, and on_row must not use the connection. */
Err postgres_walk(PostgresConnection *connection, const SqlStatement *statement, const SqlValue *parameters,
                  SqlRowFn on_row, void *context);

/* Any number of statements, without a time bound of ours. */
Err postgres_script(PostgresConnection *connection, const char *text);

#endif
