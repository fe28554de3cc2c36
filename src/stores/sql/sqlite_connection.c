#include "stores/sql/sqlite_connection.h"

#include <string.h>
#include <time.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 32, OPCODES_BETWEEN_CLOCK_LOOKS = 20000 };

typedef struct ErrorRow {
    int sqlite; /* primary or extended result code */
    ErrCode code;
    int retry_after_s;
    const char *message;
} ErrorRow;

static const ErrorRow ERRORS[] = {
    {SQLITE_CONSTRAINT, CONFLICT, 0, "this clashes with what is already stored"},
    {SQLITE_BUSY, UNAVAILABLE, 1, "the database is busy: another program holds it; try again"},
    {SQLITE_LOCKED, UNAVAILABLE, 1, "the database is busy; try again"},
    {SQLITE_FULL, UNAVAILABLE, 30, "the disk is full: free some space where the database is"},
    {SQLITE_IOERR, UNAVAILABLE, 30, "the disk of the database gives errors: check it, then try again"},
    {SQLITE_CANTOPEN, INTERNAL, 0, "can't be opened: its folder must exist and be writable for this user"},
    {SQLITE_PERM, INTERNAL, 0, "can't be opened: give this user access to the file"},
    {SQLITE_READONLY, INTERNAL, 0, "the database is read-only: let this user write the file and its folder"},
    {SQLITE_CORRUPT, INTERNAL, 0,
     "the database is damaged: stop the program and restore the file from a backup"},
    {SQLITE_NOTADB, INTERNAL, 0,
     "not a database, or its first page is damaged: restore the file from a backup"},
    {SQLITE_INTERRUPT, TIMED_OUT, 0, "a query ran too long and was stopped"},
    {SQLITE_TOOBIG, TOO_LARGE, 0, "a value is too large to store"},
    {SQLITE_NOMEM, UNAVAILABLE, 1, "the database ran out of memory"},
    /* The log's index can't grow: extended codes come last, and win. */
    {SQLITE_IOERR_SHMSIZE, UNAVAILABLE, 30, "the disk is full: free some space where the database is"},
};

static const ErrorRow OTHER = {0, INTERNAL, 0, "a fault in the store"};

Err connection_error(Connection *connection, int code, const char *doing)
{
    const ErrorRow *row = &OTHER;

    for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++)
        if (ERRORS[i].sqlite == (code & 0xFF) || ERRORS[i].sqlite == code)
            row = &ERRORS[i];
    Err e = err_retry_after(err(row->code, "%s", row->message), row->retry_after_s);
    return err_detail(e, "%s: %s: %s (%d)", connection->path, doing,
                      connection->db ? sqlite3_errmsg(connection->db) : sqlite3_errstr(code), code);
}

int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int is_too_late(void *context)
{
    const Connection *connection = context;

    return connection->deadline_ms && now_ms() > connection->deadline_ms;
}

Err connection_open(Connection *connection, const char *path, int flags, const char *setup)
{
    *connection = (Connection){.path = path};
    int code =
        sqlite3_open_v2(path, &connection->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK)
        return connection_error(connection, code, "open");
    sqlite3_busy_timeout(connection->db, SQL_TURN_TIMEOUT_MS);
    sqlite3_progress_handler(connection->db, OPCODES_BETWEEN_CLOCK_LOOKS, is_too_late, connection);
    return connection_script(connection, setup);
}

void connection_close(Connection *connection)
{
    for (size_t i = 0; i < connection->slot_count; i++)
        sqlite3_finalize(connection->slots[i].prepared);
    memory_free(connection->slots);
    sqlite3_close(connection->db);
    *connection = (Connection){0};
}

Err connection_script(Connection *connection, const char *text)
{
    connection->deadline_ms = 0;
    int code = sqlite3_exec(connection->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : connection_error(connection, code, text);
}

static size_t slot_of(const Connection *connection, const SqlStatement *statement)
{
    uint64_t hash = (uint64_t)(uintptr_t)statement * 0x9E3779B97F4A7C15U; /* Knuth's multiplicative hash */
    size_t i = (size_t)(hash >> 32) & (connection->slot_count - 1);

    while (connection->slots[i].statement && connection->slots[i].statement != statement)
        i = (i + 1) & (connection->slot_count - 1);
    return i;
}

static void grow_slots(Connection *connection)
{
    PreparedStatement *old = connection->slots;
    size_t old_count = connection->slot_count;

    connection->slot_count = old_count ? old_count * 2 : FIRST_SLOTS;
    connection->slots = memory_zalloc(connection->slot_count * sizeof *old);
    for (size_t i = 0; i < old_count; i++)
        if (old[i].statement)
            connection->slots[slot_of(connection, old[i].statement)] = old[i];
    memory_free(old);
}

/* One that was prepared before, or now. *owned tells that it is to be finalized after use: a statement that
 * is still running (a row's callback runs it again) can't be shared. */
static Err find_prepared(Connection *connection, const SqlStatement *statement, sqlite3_stmt **out,
                         bool *owned)
{
    if (connection->used * 2 >= connection->slot_count)
        grow_slots(connection);
    PreparedStatement *slot = &connection->slots[slot_of(connection, statement)];
    *owned = slot->prepared && sqlite3_stmt_busy(slot->prepared);
    *out = slot->prepared;
    if (slot->prepared && !*owned)
        return OK;

    unsigned flags = *owned ? 0 : SQLITE_PREPARE_PERSISTENT;
    int code = sqlite3_prepare_v3(connection->db, statement->sqlite, -1, flags, out, NULL);
    if (code != SQLITE_OK)
        return connection_error(connection, code, statement->name);
    assert(sqlite3_bind_parameter_count(*out) == statement->parameter_count);
    if (!*owned) {
        *slot = (PreparedStatement){statement, *out};
        connection->used++;
    }
    return OK;
}

static int bind(sqlite3_stmt *prepared, int number, const SqlValue *value)
{
    switch (value->type) {
    case SQL_NULL:
        return sqlite3_bind_null(prepared, number);
    case SQL_INT:
        return sqlite3_bind_int64(prepared, number, value->integer);
    case SQL_REAL:
        return sqlite3_bind_double(prepared, number, value->real);
    case SQL_TEXT:
        return sqlite3_bind_text64(prepared, number, value->text.data, value->text.len, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case SQL_BLOB:
        return sqlite3_bind_blob64(prepared, number, value->text.data, value->text.len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

/* As a value rather than as a column, which SQLite would look up for each question about it. (Such a value is only
 * good for the thread that has the connection: https://www.sqlite.org/c3ref/column_blob.html.) */
static SqlValue value_of(sqlite3_stmt *prepared, int column, SqlType wanted)
{
    sqlite3_value *value = sqlite3_column_value(prepared, column);
    const void *bytes;

    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        if (wanted == SQL_REAL) /* 2.0 in a column without a declared type comes back as 2 */
            return (SqlValue){.type = SQL_REAL, .real = sqlite3_value_double(value)};
        return (SqlValue){.type = SQL_INT, .integer = sqlite3_value_int64(value)};
    case SQLITE_FLOAT:
        return (SqlValue){.type = SQL_REAL, .real = sqlite3_value_double(value)};
    case SQLITE_TEXT:
        bytes = sqlite3_value_text(value);
        return (SqlValue){SQL_TEXT, .text = {bytes, (size_t)sqlite3_value_bytes(value)}};
    case SQLITE_BLOB:
        bytes = sqlite3_value_blob(value); /* NULL when empty */
        return (SqlValue){SQL_BLOB, .text = {bytes ? bytes : "", (size_t)sqlite3_value_bytes(value)}};
    default:
        return (SqlValue){.type = SQL_NULL};
    }
}

static Err read_row(sqlite3_stmt *prepared, const SqlStatement *statement, SqlValue *values)
{
    for (int i = 0; i < statement->column_count; i++) {
        const SqlColumn *column = &statement->columns[i];
        values[i] = value_of(prepared, i, column->type);
        bool fits = values[i].type == column->type || (values[i].type == SQL_NULL && column->nullable);
        if (!fits)
            return err_detail(err(INTERNAL, "the database holds a value of an unexpected type"),
                              "%s: %s is of type %d, declared %d", statement->name, column->name,
                              (int)values[i].type, (int)column->type);
    }
    return OK;
}

static Err step_through(Connection *connection, const SqlStatement *statement, sqlite3_stmt *prepared,
                        SqlRowFn on_row, void *context)
{
    SqlValue values[MAX_SQL_COLUMNS];
    int code;

    assert(statement->column_count <= MAX_SQL_COLUMNS);
    while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
        if (!on_row)
            continue;
        TRY(read_row(prepared, statement, values));
        TRY(on_row(context, values));
    }
    return code == SQLITE_DONE ? OK : connection_error(connection, code, statement->name);
}

static Err bind_and_step(Connection *connection, const SqlStatement *statement, sqlite3_stmt *prepared,
                         const SqlValue *parameters, SqlRowFn on_row, void *context)
{
    for (int i = 0; i < statement->parameter_count; i++) {
        int code = bind(prepared, i + 1, &parameters[i]);
        if (code != SQLITE_OK)
            return connection_error(connection, code, statement->name);
    }
    return step_through(connection, statement, prepared, on_row, context);
}

Err connection_run(Connection *connection, const SqlStatement *statement, const SqlValue *parameters,
                   SqlRowFn on_row, void *context, int64_t *changed)
{
    sqlite3_stmt *prepared;
    bool owned;

    TRY(find_prepared(connection, statement, &prepared, &owned));
    connection->deadline_ms = now_ms() + SQL_STATEMENT_TIMEOUT_MS;
    Err e = bind_and_step(connection, statement, prepared, parameters, on_row, context);
    if (changed)
        *changed = sqlite3_changes64(connection->db);
    if (owned)
        sqlite3_finalize(prepared);
    else
        sqlite3_reset(prepared);
    return e;
}

Err connection_get_int(Connection *connection, const char *query, int64_t *out)
{
    sqlite3_stmt *prepared = NULL;

    int code = sqlite3_prepare_v2(connection->db, query, -1, &prepared, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(prepared);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(prepared, 0);
    Err e = code == SQLITE_ROW ? OK : connection_error(connection, code, query);
    sqlite3_finalize(prepared);
    return e;
}
