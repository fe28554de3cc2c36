/* Transactions: serialisable, begun with their first statement, tried again when they met another one. The server
 * groups the commits of many connections into one fsync itself.
 *
 * Work that is one function has statements whose result nobody asks for put off: they go with the next one that is waited for, or
 * with the COMMIT, so that a transaction that only writes is one round trip. If one of those fails, the work is run anew and waits
 * for each: it then sees the failure where it is, as if none had ever been put off. An import puts off, too, and is never run anew. */
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "stores/sql/postgres.h"

enum { FIRST_PAUSE_US = 2000, LONGEST_PAUSE_US = 200000 };

typedef struct Transaction {
    Tx tx;
    PostgresConnection *connection;
    bool puts_off;
    bool has_put_off;
    Err failure;     /* of a statement; the transaction can then only be rolled back */
    bool may_repeat; /* begun anew it may succeed, and nothing of it is stored */
} Transaction;

static const SqlStatement BEGIN = {.name = "begin", .postgres = "BEGIN ISOLATION LEVEL SERIALIZABLE"};
static const SqlStatement BEGIN_ROWS = {.name = "begin rows",
                                        .postgres = "BEGIN ISOLATION LEVEL READ COMMITTED"};
static const SqlStatement NO_TIMEOUT = {.name = "no timeout", .postgres = "SET LOCAL statement_timeout = 0"};
static const SqlStatement NO_LOCK_TIMEOUT = {.name = "no lock timeout",
                                             .postgres = "SET LOCAL lock_timeout = 0"};
static const SqlStatement NO_IDLE_TIMEOUT = {.name = "no idle timeout",
                                             .postgres = "SET LOCAL idle_in_transaction_session_timeout = 0"};
static const SqlStatement LOCK = {.name = "lock for migration",
                                  .postgres =
                                      "SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 1))"};
static const SqlStatement COMMIT = {.name = "commit", .postgres = "COMMIT"};
static const SqlStatement ROLLBACK = {.name = "rollback", .postgres = "ROLLBACK"};

static PostgresDatabase *database_of(Tx *tx)
{
    return (PostgresDatabase *)tx->sql;
}

static void note_failure(Transaction *transaction, Err failure)
{
    if (!failed(&failure) || failed(&transaction->failure))
        return;
    transaction->failure = failure;
    transaction->may_repeat = transaction->connection->met_another ||
                              (transaction->connection->is_lost && failure.code == UNAVAILABLE);
}

static Err begin_with(PostgresDatabase *database, const SqlStatement *begin, Transaction *out)
{
    *out = (Transaction){.tx.sql = &database->sql};
    TRY(postgres_pool_take(&database->pool, &out->connection));
    note_failure(out, postgres_send(out->connection, begin, NULL)); /* told by the first statement */
    return OK;
}

/* A ROLLBACK behind a statement that was put off and failed isn't run: then once more. */
static void roll_back(PostgresConnection *connection)
{
    for (int i = 0; i < 2 && postgres_is_within(connection); i++)
        (void)postgres_run(connection, &ROLLBACK, NULL, NULL, NULL, NULL);
}

static void leave(Transaction *transaction)
{
    postgres_pool_give(&database_of(&transaction->tx)->pool, transaction->connection);
}

/* After a lost connection nobody knows what became of a COMMIT. */
static Err end(Transaction *transaction)
{
    PostgresConnection *connection = transaction->connection;

    if (failed(&transaction->failure)) {
        roll_back(connection);
        leave(transaction);
        return transaction->failure;
    }
    Err e = postgres_run(connection, &COMMIT, NULL, NULL, NULL, NULL);
    transaction->may_repeat = failed(&e) && connection->met_another;
    transaction->failure = e;
    roll_back(connection); /* where it failed before the COMMIT */
    if (failed(&e) && connection->is_lost)
        e = err_detail(
            err_retry_after(
                err(UNAVAILABLE, "the database was lost while it stored this: look whether it did"), 1),
            "%s", e.detail);
    leave(transaction);
    return e;
}

static void undo(Transaction *transaction)
{
    note_failure(transaction, err(CONFLICT, "rolled back"));
    (void)end(transaction);
}

Err postgres_begin(Sql *sql, Tx **out)
{
    Transaction *transaction = memory_new(Transaction);
    Err e = begin_with((PostgresDatabase *)sql, &BEGIN, transaction);

    if (failed(&e))
        memory_free(transaction);
    else
        *out = &transaction->tx;
    return e;
}

/* Who waits for the lock must see, when it gets it, what the one before did: not in a snapshot taken before. */
Err postgres_begin_migration(Sql *sql, Tx **out)
{
    Transaction *transaction = memory_new(Transaction);
    Err e = begin_with((PostgresDatabase *)sql, &BEGIN_ROWS, transaction);

    if (failed(&e)) {
        memory_free(transaction);
        return e;
    }
    *out = &transaction->tx;
    TRY(postgres_write(*out, &NO_TIMEOUT, NULL, NULL, NULL, NULL));
    TRY(postgres_write(*out, &NO_LOCK_TIMEOUT, NULL, NULL, NULL, NULL));
    TRY(postgres_write(*out, &NO_IDLE_TIMEOUT, NULL, NULL, NULL, NULL));
    TRY(postgres_write(*out, &LOCK, NULL, NULL, NULL, NULL));
    transaction->puts_off = true;
    return OK;
}

Err postgres_commit(Tx *tx)
{
    Transaction *transaction = (Transaction *)tx;
    Err e = end(transaction);

    memory_free(transaction);
    return e;
}

void postgres_rollback(Tx *tx)
{
    Transaction *transaction = (Transaction *)tx;

    undo(transaction);
    memory_free(transaction);
}

Err postgres_write(Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                   void *context, int64_t *changed)
{
    Transaction *transaction = (Transaction *)tx;
    PostgresConnection *connection = transaction->connection;

    if (failed(&transaction->failure))
        return transaction->failure;
    bool puts_off = transaction->puts_off && !on_row && !changed && postgres_may_send(connection);
    transaction->has_put_off |= puts_off;
    Err e = puts_off ? postgres_send(connection, statement, parameters)
                     : postgres_run(connection, statement, parameters, on_row, context, changed);
    note_failure(transaction, e);
    return e;
}

Err postgres_migrate(Tx *tx, const char *text)
{
    Transaction *transaction = (Transaction *)tx;

    if (failed(&transaction->failure))
        return transaction->failure;
    Err e = postgres_script(transaction->connection, text);
    note_failure(transaction, e);
    return e;
}

/* Doubling, and never the same for two that met: the second half by chance. */
static void pause_before(int try)
{
    int64_t longest_us = FIRST_PAUSE_US << (try < 7 ? try : 7);
    struct timespec pause;

    if (longest_us > LONGEST_PAUSE_US)
        longest_us = LONGEST_PAUSE_US;
    pause.tv_sec = 0;
    pause.tv_nsec = (long)(longest_us / 2 + (int64_t)(random_u64() % (uint64_t)(longest_us / 2))) * 1000;
    nanosleep(&pause, NULL);
}

/* What is to be done about a transaction that failed. */
typedef enum Again { NOT_AGAIN, AGAIN, AGAIN_ONE_BY_ONE } Again;

/* Only what a constraint said is anything that work looks at. */
static Again again(const Transaction *transaction)
{
    if (transaction->may_repeat)
        return AGAIN;
    return transaction->failure.code == CONFLICT && transaction->has_put_off ? AGAIN_ONE_BY_ONE : NOT_AGAIN;
}

static Err try_once(PostgresDatabase *database, const SqlStatement *begin, bool puts_off, SqlWorkFn work,
                    void *context, Again *out)
{
    Transaction transaction;

    *out = NOT_AGAIN;
    TRY(begin_with(database, begin, &transaction));
    transaction.puts_off = puts_off;
    Err e = work(context, &transaction.tx);
    bool is_its_own = failed(&e) && !failed(&transaction.failure);
    if (failed(&e))
        undo(&transaction);
    else
        e = end(&transaction);
    *out = is_its_own ? NOT_AGAIN : again(&transaction);
    return e;
}

static Err transact(Sql *sql, const SqlStatement *begin, SqlWorkFn work, void *context)
{
    bool puts_off = true;
    Again next;

    for (int try = 0;; try++) {
        Err e = try_once((PostgresDatabase *)sql, begin, puts_off, work, context, &next);
        if (next == NOT_AGAIN || try + 1 == SQL_MOST_TRIES)
            return e;
        if (next == AGAIN)
            pause_before(try);
        puts_off = puts_off && next == AGAIN;
    }
}

Err postgres_transact(Sql *sql, SqlWorkFn work, void *context)
{
    return transact(sql, &BEGIN, work, context);
}

Err postgres_transact_rows(Sql *sql, SqlWorkFn work, void *context)
{
    return transact(sql, &BEGIN_ROWS, work, context);
}
