/* Reads: each on a connection of the pool, or, between begin_reads and end_reads of a thread, all on one that sees one
 * state of the database. */
#include "base/memory.h"
#include "stores/sql/postgres.h"

typedef struct Reading {
    PostgresDatabase *database;
    PostgresConnection *connection;
    int depth;
    struct Reading *next;
} Reading;

static _Thread_local Reading *of_thread;

static const SqlStatement BEGIN = {.name = "begin reads",
                                   .postgres = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
static const SqlStatement END = {.name = "end reads", .postgres = "COMMIT"};

static Reading **find(const PostgresDatabase *database)
{
    Reading **link = &of_thread;

    while (*link && (*link)->database != database)
        link = &(*link)->next;
    return link;
}

static Err read_once(PostgresDatabase *database, const SqlStatement *statement, const SqlValue *parameters,
                     SqlRowFn on_row, void *context, bool *was_lost)
{
    PostgresConnection *connection;

    *was_lost = false;
    TRY(postgres_pool_take(&database->pool, &connection));
    Err e = statement->is_walk ? postgres_walk(connection, statement, parameters, on_row, context)
                               : postgres_run(connection, statement, parameters, on_row, context, NULL);
    *was_lost = connection->is_lost;
    postgres_pool_give(&database->pool, connection);
    return e;
}

/* A resting connection may have been cut since, and a read changes nothing: once more on another, unless rows have been
 * given away. */
static Err read_alone(PostgresDatabase *database, const SqlStatement *statement, const SqlValue *parameters,
                      SqlRowFn on_row, void *context)
{
    bool was_lost;
    Err e = read_once(database, statement, parameters, on_row, context, &was_lost);

    if (!was_lost || statement->is_walk || e.code != UNAVAILABLE)
        return e;
    return read_once(database, statement, parameters, on_row, context, &was_lost);
}

Err postgres_read(Sql *sql, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
                  void *context)
{
    PostgresDatabase *database = (PostgresDatabase *)sql;
    Reading *reading = *find(database);

    if (reading)
        return postgres_run(reading->connection, statement, parameters, on_row, context, NULL);
    return read_alone(database, statement, parameters, on_row, context);
}

Err postgres_begin_reads(Sql *sql)
{
    PostgresDatabase *database = (PostgresDatabase *)sql;
    Reading *reading = *find(database);
    PostgresConnection *connection;

    if (reading) {
        reading->depth++;
        return OK;
    }
    TRY(postgres_pool_take(&database->pool, &connection));
    Err e = postgres_send(connection, &BEGIN, NULL);
    if (failed(&e)) {
        postgres_pool_give(&database->pool, connection);
        return e;
    }
    reading = memory_new(Reading);
    *reading = (Reading){database, connection, 1, of_thread};
    of_thread = reading;
    return OK;
}

void postgres_end_reads(Sql *sql)
{
    Reading **link = find((PostgresDatabase *)sql);
    Reading *reading = *link;

    assert(reading);
    if (--reading->depth > 0)
        return;
    (void)postgres_run(reading->connection, &END, NULL, NULL, NULL, NULL);
    *link = reading->next;
    postgres_pool_give(&reading->database->pool, reading->connection);
    memory_free(reading);
}
