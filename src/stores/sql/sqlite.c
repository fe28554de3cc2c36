#include "stores/sql/sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "stores/sql/migrate.h"

/* "NRDX" in the file's header: https://www.sqlite.org/fileformat2.html, 1.3.17. */
enum { APPLICATION_ID = 0x4E524458, BUSY_PAUSE_MS = 10 };

static const char SETUP[] = "PRAGMA journal_mode = WAL;"
                            "PRAGMA synchronous = FULL;"
                            "PRAGMA foreign_keys = ON;"
                            "PRAGMA secure_delete = ON;" /* what is deleted is written over */
                            "PRAGMA temp_store = MEMORY;"
                            "PRAGMA cache_size = -8192;" /* KiB; measured: 64 MiB are no faster */
                            "PRAGMA journal_size_limit = 67108864;"
                            "PRAGMA wal_autocheckpoint = 0;"; /* sqlite_group.c does it */

static void configure_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* one lock less on every allocation */
    /* No twenty pages for each connection at once: most read three. */
    (void)sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
}

/* With the write lock held, for another program may be making the same file. */
static Err claim(Connection *connection)
{
    int64_t owner = 0, tables = 0;

    TRY(connection_get_int(connection, "PRAGMA application_id", &owner));
    TRY(connection_get_int(connection, "SELECT count(*) FROM sqlite_master", &tables));
    if (owner != APPLICATION_ID && (owner != 0 || tables != 0))
        return err(INTERNAL, "a database of another program: choose another file");
    char mark[64];
    (void)snprintf(mark, sizeof mark, "PRAGMA application_id = %d; COMMIT", APPLICATION_ID);
    return connection_script(connection, mark);
}

/* A file that is still empty needs no journal beside it while its first page is written: there is nothing that a crash
 * could lose, and making, syncing and removing the journal is half of a first start's time. */
static Err be_quick_with_new(Connection *connection)
{
    int64_t pages = 0;

    TRY(connection_get_int(connection, "PRAGMA page_count", &pages));
    return pages > 0 ? OK : connection_script(connection, "PRAGMA journal_mode = MEMORY");
}

/* Marks a new file as ours, and refuses one that belongs to another program. */
static Err check_owner(Connection *connection)
{
    int64_t owner = 0;

    TRY(connection_get_int(connection, "PRAGMA application_id", &owner));
    if (owner == APPLICATION_ID)
        return OK;
    TRY(be_quick_with_new(connection));
    TRY(connection_script(connection, "BEGIN IMMEDIATE"));
    return claim(connection); /* when it fails the connection is closed, and that rolls back */
}

/* A backup that is opened in time is a living store from then on. */
static Err take_over(Connection *connection)
{
    int64_t until_minute = 0;

    TRY(connection_get_int(connection, "PRAGMA user_version", &until_minute));
    TRY(sqlite_check_term(until_minute));
    return until_minute == 0 ? OK : connection_script(connection, "PRAGMA user_version = 0");
}

static Err open_writer(Connection *writer, const char *path)
{
    static const char FIRST[] = "PRAGMA locking_mode = NORMAL";

    TRY(connection_open(writer, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, FIRST));
    archive_spare_log(writer, true);
    TRY(check_owner(writer));
    TRY(take_over(writer));
    return connection_script(writer, SETUP);
}

/* Two programs that make the same file at once: changing to WAL is refused without waiting, so try again. */
static Err open_writer_patiently(Connection *writer, const char *path)
{
    static const struct timespec PAUSE = {.tv_nsec = BUSY_PAUSE_MS * 1000000L};
    int64_t until_ms = now_ms() + SQL_TURN_TIMEOUT_MS;

    for (;;) {
        Err e = open_writer(writer, path);
        if (!failed(&e))
            return OK;
        int code = sqlite3_errcode(writer->db);
        connection_close(writer);
        if ((code & 0xFF) != SQLITE_BUSY || now_ms() >= until_ms)
            return e;
        nanosleep(&PAUSE, NULL);
    }
}

static void free_database(Database *database)
{
    archive_stop(database->archive);
    readers_finish(&database->readers);
    wal_close(database);
    archive_close(database->archive);
    turn_finish(&database->turn);
    memory_free(database->path);
    memory_free(database);
}

static Err sqlite_open(const char *address, Sql **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    Database *database = memory_new(Database);

    pthread_once(&once, configure_library);
    database->sql.twin = &SQLITE_TWIN;
    database->path = memory_copy_text(address);
    turn_init(&database->turn);
    readers_init(&database->readers);
    Err e = open_writer_patiently(&database->writer, database->path);
    if (failed(&e)) {
        free_database(database);
        return e;
    }
    wal_watch(database);
    stamp_open(database);
    e = archive_open(database->path, database->index, &database->archive);
    if (failed(&e)) {
        free_database(database);
        return e;
    }
    *out = &database->sql;
    return OK;
}

/* Closing the last connection writes the log into the file and removes it. */
static void sqlite_close(Sql *sql)
{
    free_database((Database *)sql);
}

static const char *migration_text(const SqlMigration *migration)
{
    return migration->sqlite;
}

static const char *place(Arena *arena, const char *address)
{
    (void)arena;
    return address;
}

static Err take_first_line(void *context, const SqlValue *columns)
{
    char *line = context;

    if (line[0] == '\0')
        (void)snprintf(line, ERR_TEXT, "%.*s", (int)columns[0].text.len, columns[0].text.data);
    return OK;
}

static Err quick_check(Sql *sql)
{
    static const SqlColumn COLUMNS[] = {{"quick_check", SQL_TEXT, false}};
    static const SqlStatement QUICK_CHECK = {
        .name = "quick_check", .sqlite = "PRAGMA quick_check(1)", .column_count = 1, .columns = COLUMNS};
    char line[ERR_TEXT] = "";

    TRY(sql_run(sql, NULL, &QUICK_CHECK, NULL, take_first_line, line, NULL));
    if (strcmp(line, "ok") != 0)
        return err(INTERNAL, "the database is damaged (%.60s): restore the file from a backup", line);
    return OK;
}

static Err take_number(void *context, const SqlValue *columns)
{
    int64_t *number = context;

    *number = columns[0].integer;
    return OK;
}

static Err check_term(Sql *sql)
{
    static const SqlColumn COLUMNS[] = {{"user_version", SQL_INT, false}};
    static const SqlStatement TERM = {
        .name = "term", .sqlite = "PRAGMA user_version", .column_count = 1, .columns = COLUMNS};
    int64_t until_minute = 0;

    TRY(sql_run(sql, NULL, &TERM, NULL, take_number, &until_minute, NULL));
    return sqlite_check_term(until_minute);
}

/* Reads only, so that nothing is created or changed. */
static Err check_open(Database *database, SqlMigrations migrations, SqlApplied *applied)
{
    TRY(check_term(&database->sql));
    TRY(migrate_look(&database->sql, migrations, applied));
    return quick_check(&database->sql);
}

static Err sqlite_look(const char *address, SqlMigrations migrations, SqlLook *out)
{
    Database database = {.sql.twin = &SQLITE_TWIN, .path = (char *)address};
    struct stat file;

    if (stat(address, &file) != 0 && errno == ENOENT)
        return OK;
    out->is_there = true;
    out->file_size = file.st_size;
    readers_init(&database.readers);
    Err e = check_open(&database, migrations, &out->applied);
    readers_finish(&database.readers);
    return e;
}

/* The writer, and the readers that read. */
static void sqlite_use(Sql *sql, StoreUse *out)
{
    Database *database = (Database *)sql;
    bool is_taken;
    int waiting;

    turn_use(&database->turn, &is_taken, &waiting);
    *out = (StoreUse){.active = is_taken + atomic_load(&sql->reads), .waiting = waiting};
}

static Err begin_chain(Sql *sql)
{
    return archive_begin_now(((Database *)sql)->archive);
}

const SqlTwin SQLITE_TWIN = {
    .scheme = "sqlite",
    .migration_text = migration_text,
    .place = place,
    .reads_block = false,
    .use = sqlite_use,
    .open = sqlite_open,
    .close = sqlite_close,
    .transact = group_transact,
    .transact_rows = group_transact,
    .begin = group_begin,
    .begin_migration = group_begin,
    .commit = group_commit,
    .rollback = group_rollback,
    .read = reader_read,
    .begin_reads = reader_begin,
    .end_reads = reader_end,
    .leave_no_trace = wal_leave_no_trace,
    .stamp = stamp_read,
    .write = group_write,
    .script = group_script,
    .look = sqlite_look,
    .backup = sqlite_backup,
    .archive_base = begin_chain,
};
