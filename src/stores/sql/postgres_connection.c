#include "stores/sql/postgres_connection.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "stores/sql/postgres_error.h"
#include "stores/sql/postgres_values.h"

enum {
    MOST_OF_ONE = 2 /* a preparation and a statement */,
    NAME_SIZE = 16,
    US_A_MS = 1000,
    LAST_WORDS = 4 /* a farewell, then the end */,
    PATIENCE_MS = 500
};

/* Sequential scans lock whole tables against others' serialisable writes, index scans the rows they meet
 * (PostgreSQL 15, 13.2.3). Where there is no index the planner then believes a scan to cost 1e10, and would compile it (JIT)
 * for 100 ms each time. A transaction that its program forgot must not hold others up. */
static const char SETUP[] = "SET search_path TO \"%s\";"
                            "SET statement_timeout = %d;"
                            "SET lock_timeout = %d;"
                            "SET idle_in_transaction_session_timeout = 60000;"
                            "SET enable_seqscan = off;"
                            "SET jit = off;"
                            "SET bytea_output = hex;"
                            "SET timezone = 'UTC'";

static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static Err lost(PostgresConnection *connection, const char *doing)
{
    connection->is_lost = true;
    connection->met_another = false;
    return postgres_lost(connection->pg, doing);
}

static Err check_encoding(const PostgresConnection *connection)
{
    const char *encoding = PQparameterStatus(connection->pg, "server_encoding");

    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return err(INTERNAL, "the database's encoding is %s, it must be UTF8: create it with ENCODING 'UTF8'",
                   encoding ? encoding : "unknown");
    return OK;
}

/* libpq keeps no result of a refusal: the SQLSTATE is only in its verbose words, which can be asked for once there is a
 * connection. So who was refused asks once more, unless it took long: then nobody spoke. */
static PGconn *dial(const PostgresAddress *address)
{
    int64_t begun_us = clock_monotonic_us(clock_system());
    PGconn *pg = PQconnectdbParams(address->keywords, address->values, 0);

    if (PQstatus(pg) != CONNECTION_OK &&
        clock_monotonic_us(clock_system()) - begun_us < (int64_t)PATIENCE_MS * US_A_MS) {
        (void)PQsetErrorVerbosity(pg, PQERRORS_VERBOSE);
        PQreset(pg);
    }
    return pg;
}

Err postgres_connect(const PostgresAddress *address, PostgresConnection *out)
{
    char setup[sizeof SETUP + 128];

    *out = (PostgresConnection){.pg = dial(address)};
    if (PQstatus(out->pg) != CONNECTION_OK) {
        Err e = postgres_refused(out->pg);
        postgres_disconnect(out);
        return e;
    }
    (void)PQsetNoticeProcessor(out->pg, ignore_notice, NULL);
    (void)PQsetnonblocking(out->pg, 1);
    (void)snprintf(setup, sizeof setup, SETUP, address->schema, POSTGRES_STATEMENT_TIMEOUT_MS,
                   POSTGRES_LOCK_TIMEOUT_MS);
    Err e = check_encoding(out);
    if (!failed(&e))
        e = postgres_script(out, setup);
    if (failed(&e))
        postgres_disconnect(out);
    return e;
}

void postgres_disconnect(PostgresConnection *connection)
{
    PQfinish(connection->pg);
    keymap_finish(&connection->prepared);
    *connection = (PostgresConnection){0};
}

bool postgres_is_stale(PostgresConnection *connection)
{
    struct pollfd watched = {.fd = PQsocket(connection->pg), .events = POLLIN};
    bool stale = connection->is_lost || PQstatus(connection->pg) != CONNECTION_OK;

    for (int i = 0; !stale && i < LAST_WORDS && poll(&watched, 1, 0) > 0; i++)
        stale = !PQconsumeInput(connection->pg);
    return stale;
}

/* --- waiting --- */

/* Until a result can be taken, and everything is sent. deadline_us 0: without end. */
static Err await(PostgresConnection *connection, int64_t deadline_us, const char *doing)
{
    for (;;) {
        int unsent = PQflush(connection->pg);
        if (unsent < 0)
            return lost(connection, doing);
        if (!unsent && !PQisBusy(connection->pg))
            return OK;
        struct pollfd watched = {.fd = PQsocket(connection->pg),
                                 .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
        int64_t left_ms = deadline_us ? (deadline_us - clock_monotonic_us(clock_system())) / US_A_MS : -1;
        if (deadline_us && left_ms <= 0) {
            connection->is_lost = true;
            return err_detail(err(TIMED_OUT, "the database didn't answer in time"), "%s", doing);
        }
        (void)poll(&watched, 1, (int)left_ms);
        if (!PQconsumeInput(connection->pg))
            return lost(connection, doing);
    }
}

static int64_t deadline(void)
{
    return clock_monotonic_us(clock_system()) + (int64_t)POSTGRES_ANSWER_TIMEOUT_MS * US_A_MS;
}

/* *out is NULL after the last of a statement. */
static Err take(PostgresConnection *connection, int64_t until_us, const char *doing, PGresult **out)
{
    *out = NULL;
    TRY(await(connection, until_us, doing));
    *out = PQgetResult(connection->pg);
    if (*out && PQstatus(connection->pg) == CONNECTION_BAD) {
        PQclear(*out);
        *out = NULL;
        return lost(connection, doing);
    }
    return OK;
}

/* --- sending --- */

static void print_name(char *out, uint32_t number)
{
    (void)snprintf(out, NAME_SIZE, "s%u", number);
}

static void note_sent(PostgresConnection *connection, const SqlStatement *statement, bool is_preparation)
{
    connection->sent[connection->sent_count++] = (Sent){statement, is_preparation};
}

static void note_sent_values(PostgresConnection *connection, int count, const PostgresValues *values)
{
    for (int i = 0; i < count; i++)
        connection->sent_bytes += (size_t)values->lengths[i];
}

static void forget_sent(PostgresConnection *connection)
{
    connection->sent_count = 0;
    connection->sent_bytes = 0;
}

static Err prepare(PostgresConnection *connection, const SqlStatement *statement, char *name)
{
    uint32_t *number = keymap_place(&connection->prepared, str_from(statement->name));
    Oid types[POSTGRES_MAX_VALUES];

    if (*number != KEYMAP_NONE) {
        print_name(name, *number);
        return OK;
    }
    *number = connection->prepared_count++;
    print_name(name, *number);
    postgres_types(statement, types);
    if (!PQsendPrepare(connection->pg, name, statement->postgres, statement->parameter_count, types))
        return lost(connection, statement->name);
    note_sent(connection, statement, true);
    return OK;
}

bool postgres_may_send(const PostgresConnection *connection)
{
    return connection->sent_count + 2 * MOST_OF_ONE <= POSTGRES_MAX_SENT &&
           connection->sent_bytes < POSTGRES_MAX_SENT_BYTES;
}

bool postgres_is_within(const PostgresConnection *connection)
{
    return !connection->is_lost && PQtransactionStatus(connection->pg) != PQTRANS_IDLE;
}

Err postgres_send(PostgresConnection *connection, const SqlStatement *statement, const SqlValue *parameters)
{
    PostgresValues values;
    char name[NAME_SIZE];

    assert(connection->sent_count + MOST_OF_ONE <= POSTGRES_MAX_SENT);
    if (connection->is_lost)
        return lost(connection, statement->name);
    if (PQpipelineStatus(connection->pg) == PQ_PIPELINE_OFF)
        (void)PQenterPipelineMode(connection->pg);
    TRY(prepare(connection, statement, name));
    postgres_bind(statement, parameters, &values);
    if (!PQsendQueryPrepared(connection->pg, name, statement->parameter_count, values.values, values.lengths,
                             values.formats, 0))
        return lost(connection, statement->name);
    note_sent(connection, statement, false);
    note_sent_values(connection, statement->parameter_count, &values);
    return OK;
}

/* --- taking the answers --- */

/* One that failed isn't known to the server: the next use prepares it again, under another name. */
static void forget_prepared(PostgresConnection *connection, const SqlStatement *statement)
{
    *keymap_place(&connection->prepared, str_from(statement->name)) = KEYMAP_NONE;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

/* What follows a failure up to the sync is not run; only the failure itself says why. */
static void note_failure(PostgresConnection *connection, Sent sent, const PGresult *result, Err *failure)
{
    if (sent.is_preparation)
        forget_prepared(connection, sent.statement);
    if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED || failed(failure))
        return;
    connection->met_another = postgres_met_another(result);
    *failure = postgres_error(result, sent.statement->name);
}

/* All results of one statement; the last is kept in *kept, for its rows. */
static Err take_answers(PostgresConnection *connection, Sent sent, Err *failure, PGresult **kept)
{
    int64_t until_us = deadline();
    PGresult *result;

    for (;;) {
        TRY(take(connection, until_us, sent.statement->name, &result));
        if (!result)
            return OK;
        PQclear(*kept);
        *kept = result;
        if (!is_good(result))
            note_failure(connection, sent, result, failure);
    }
}

static Err take_sync(PostgresConnection *connection)
{
    PGresult *result;

    TRY(take(connection, deadline(), "sync", &result));
    PQclear(result);
    (void)PQexitPipelineMode(connection->pg);
    return OK;
}

/* Of all that was sent; *last is the result of the last, for the caller to clear. */
static Err take_all(PostgresConnection *connection, PGresult **last)
{
    Err failure = OK;

    connection->met_another = false;
    for (int i = 0; i < connection->sent_count; i++)
        TRY(take_answers(connection, connection->sent[i], &failure, last));
    TRY(take_sync(connection));
    return failure;
}

static Err give_rows(const SqlStatement *statement, PGresult *result, SqlRowFn on_row, void *context)
{
    SqlValue values[POSTGRES_MAX_VALUES];

    for (int row = 0; on_row && row < PQntuples(result); row++) {
        TRY(postgres_read_row(statement, result, row, values));
        TRY(on_row(context, values));
    }
    return OK;
}

static int64_t changed_by(PGresult *result)
{
    const char *count = PQcmdTuples(result);

    return count[0] ? strtoll(count, NULL, 10) : 0;
}

static Err sync_after(PostgresConnection *connection, const char *doing)
{
    if (!PQpipelineSync(connection->pg))
        return lost(connection, doing);
    return OK;
}

Err postgres_run(PostgresConnection *connection, const SqlStatement *statement, const SqlValue *parameters,
                 SqlRowFn on_row, void *context, int64_t *changed)
{
    PGresult *last = NULL;
    Err e = postgres_send(connection, statement, parameters);

    if (!failed(&e))
        e = sync_after(connection, statement->name);
    if (!failed(&e))
        e = take_all(connection, &last);
    forget_sent(connection);
    if (!failed(&e) && changed)
        *changed = changed_by(last);
    if (!failed(&e))
        e = give_rows(statement, last, on_row, context);
    PQclear(last);
    return e;
}

/* The rows of one result that is a row each; an error of on_row is kept, and the rest let pass. */
static Err walk_rows(PostgresConnection *connection, const SqlStatement *statement, SqlRowFn on_row,
                     void *context)
{
    Err failure = OK;
    PGresult *result;

    for (;;) {
        TRY(take(connection, deadline(), statement->name, &result));
        if (!result)
            return failure;
        if (!is_good(result))
            note_failure(connection, (Sent){statement, false}, result, &failure);
        else if (!failed(&failure))
            failure = give_rows(statement, result, on_row, context);
        PQclear(result);
    }
}

static Err walk_all(PostgresConnection *connection, SqlRowFn on_row, void *context)
{
    PGresult *prepared = NULL;
    Err failure = OK;
    int last = connection->sent_count - 1;

    for (int i = 0; i < last; i++)
        TRY(take_answers(connection, connection->sent[i], &failure, &prepared));
    PQclear(prepared);
    (void)PQsetSingleRowMode(connection->pg);
    Err e = walk_rows(connection, connection->sent[last].statement, on_row, context);
    if (!connection->is_lost)
        TRY(take_sync(connection));
    return failed(&failure) ? failure : e;
}

Err postgres_walk(PostgresConnection *connection, const SqlStatement *statement, const SqlValue *parameters,
                  SqlRowFn on_row, void *context)
{
    TRY(postgres_send(connection, statement, parameters));
    TRY(sync_after(connection, statement->name));
    Err e = walk_all(connection, on_row, context);
    forget_sent(connection);
    return e;
}

static Err take_script(PostgresConnection *connection)
{
    Err failure = OK;
    PGresult *result;

    for (;;) {
        TRY(take(connection, 0, "script", &result));
        if (!result)
            return failure;
        if (!is_good(result) && !failed(&failure))
            failure = postgres_error(result, "script");
        PQclear(result);
    }
}

Err postgres_script(PostgresConnection *connection, const char *text)
{
    assert(connection->sent_count == 0);
    if (connection->is_lost || !PQsendQuery(connection->pg, text))
        return lost(connection, "script");
    return take_script(connection);
}
