#include "stores/sql/postgres.h"

#include "base/memory.h"
#include "stores/sql/history_sql.h"
#include "stores/sql/migrate.h"

static void free_database(PostgresDatabase *database)
{
    postgres_pool_finish(&database->pool);
    arena_finish(&database->arena);
    memory_free(database);
}

static Err make(const char *address, PostgresDatabase **out)
{
    PostgresDatabase *database = memory_new(PostgresDatabase);

    database->sql.twin = &POSTGRES_TWIN;
    Err e = postgres_address_read(&database->arena, address, &database->address);
    postgres_pool_init(&database->pool, &database->address);
    if (failed(&e))
        free_database(database);
    else
        *out = database;
    return e;
}

static Err has_schema(PostgresDatabase *database, bool *out)
{
    int64_t schemas;

    TRY(history_sql_count_schemas(&database->sql, NULL, &schemas));
    *out = schemas > 0;
    return OK;
}

/* Two that make it at once: the lock lets one go first, and the other finds it there. */
static Err make_schema(PostgresDatabase *database)
{
    AUTO_ARENA Arena arena = {0};
    PostgresConnection *connection;
    Str text = str_format(
        &arena, "BEGIN; SELECT pg_advisory_xact_lock(1314018372); CREATE SCHEMA IF NOT EXISTS \"%s\"; COMMIT",
        database->address.schema);

    TRY(postgres_pool_take(&database->pool, &connection));
    Err e = postgres_script(connection, text.data);
    connection->is_lost = connection->is_lost || failed(&e); /* it may be left within the transaction */
    postgres_pool_give(&database->pool, connection);
    return e;
}

static Err open_schema(PostgresDatabase *database)
{
    bool is_there;

    TRY(has_schema(database, &is_there));
    return is_there ? OK : make_schema(database);
}

static Err postgres_open(const char *address, Sql **out)
{
    PostgresDatabase *database;

    TRY(make(address, &database));
    Err e = open_schema(database);
    if (failed(&e)) {
        free_database(database);
        return e;
    }
    *out = &database->sql;
    return OK;
}

static void postgres_close(Sql *sql)
{
    free_database((PostgresDatabase *)sql);
}

static const char *migration_text(const SqlMigration *migration)
{
    return migration->postgres;
}

static const char *place(Arena *arena, const char *address)
{
    PostgresAddress read;
    Err e = postgres_address_read(arena, address, &read);

    return failed(&e) ? "postgresql" : read.shown;
}

static Err look_inside(PostgresDatabase *database, SqlMigrations migrations, SqlLook *out)
{
    TRY(has_schema(database, &out->is_there));
    return out->is_there ? migrate_look(&database->sql, migrations, &out->applied) : OK;
}

static Err postgres_look(const char *address, SqlMigrations migrations, SqlLook *out)
{
    PostgresDatabase *database;

    TRY(make(address, &database));
    Err e = look_inside(database, migrations, out);
    free_database(database);
    return e;
}

static void postgres_use(Sql *sql, StoreUse *out)
{
    postgres_pool_use(&((PostgresDatabase *)sql)->pool, out);
}

const SqlTwin POSTGRES_TWIN = {
    .scheme = "postgresql",
    .migration_text = migration_text,
    .place = place,
    .reads_block = true,
    .use = postgres_use,
    .open = postgres_open,
    .close = postgres_close,
    .transact = postgres_transact,
    .transact_rows = postgres_transact_rows,
    .begin = postgres_begin,
    .begin_migration = postgres_begin_migration,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .read = postgres_read,
    .begin_reads = postgres_begin_reads,
    .end_reads = postgres_end_reads,
    .write = postgres_write,
    .listen = postgres_listen,
    .unlisten = postgres_unlisten,
    .script = postgres_migrate,
    .look = postgres_look,
};
