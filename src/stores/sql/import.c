/* Reads a stream line by line into tables, and believes none of it before its last line. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/lines.h"
#include "base/memory.h"
#include "base/time.h"
#include "stores/sql/term.h"
#include "stores/sql/transfer_line.h"
#include "stores/sql/twin.h"

enum { US_PER_S = 1000000 };

struct SqlStream {
    Lines *lines;
    Arena arena; /* of the services' names */
    Arena of_line;
    Str service;
    int64_t schema;
    int64_t until_us;
    crypto_hash_sha256_state digest; /* of the service that is being read */
};

typedef struct Importing {
    SqlStream *stream;
    SqlMigrations migrations;
    Tx *tx;
    int64_t *rows;  /* of each table */
    size_t entered; /* tables */
} Importing;

Err sql_stream_open(const char *path, SqlStream **out)
{
    SqlStream *stream = memory_new(SqlStream);
    Err e = lines_open(path, SQL_LINE_MAX, &stream->lines);

    if (failed(&e))
        memory_free(stream);
    else
        *out = stream;
    return e;
}

void sql_stream_close(SqlStream *stream)
{
    if (!stream)
        return;
    lines_close(stream->lines);
    arena_finish(&stream->arena);
    arena_finish(&stream->of_line);
    memory_free(stream);
}

/* The same failure, and where it is. */
static Err placed(Err e, const char *where)
{
    Err named = err(e.code, "%s: %s", where, e.message);

    return err_detail(err_retry_after(named, e.retry_after_s), "%s", e.detail);
}

/* Names the line that was given last. */
static Err at_line(const SqlStream *stream, Err e)
{
    char where[32];

    if (!failed(&e))
        return OK;
    (void)snprintf(where, sizeof where, "line %lld", (long long)lines_number(stream->lines));
    return placed(e, where);
}

/* False at the end. */
static Err next_line(SqlStream *stream, Str *line, bool *found)
{
    Err e = OK;

    arena_reset(&stream->of_line);
    *found = lines_next(stream->lines, line, &e);
    return at_line(stream, e);
}

/* --- header --- */

static Err read_header(SqlStream *stream, Str line)
{
    const json_t *said;
    Err e = json_read_into(&stream->of_line, line, &said);
    bool is_header = !failed(&e) && str_equal(json_str_or_empty(said, "nerdx"), STR("export")) &&
                     json_str_at(said, "service").data && json_is_integer(json_object_get(said, "schema"));

    if (!is_header)
        return err(INVALID, "isn't the first line of an export: {\"nerdx\":\"export\",\"format\":%d,…}",
                   TRANSFER_FORMAT);
    if (json_integer_value(json_object_get(said, "format")) != TRANSFER_FORMAT)
        return err(UNPROCESSABLE,
                   "an export of another form than %d: import it with the program that made it",
                   TRANSFER_FORMAT);
    stream->service = str_copy(&stream->arena, json_str_at(said, "service"));
    stream->schema = json_integer_value(json_object_get(said, "schema"));
    if (!time_parse(json_str_or_empty(said, "until"), &stream->until_us))
        return err(INVALID,
                   "should say until when it may be used, such as \"until\":\"2026-12-27T00:00:00Z\"");
    return OK;
}

/* Without its term, which is no part of the state. */
static void digest_header(SqlStream *stream)
{
    Buf digested = {.arena = &stream->of_line};

    (void)crypto_hash_sha256_init(&stream->digest);
    transfer_put_header(&digested, stream->service, (size_t)stream->schema, STR(""));
    transfer_digest_line(&stream->digest, buf_str(&digested));
}

Err sql_stream_next(SqlStream *stream, Str *service, bool *found)
{
    Str line;

    TRY(next_line(stream, &line, found));
    if (!*found)
        return OK;
    Err e = read_header(stream, line);
    if (failed(&e))
        return at_line(stream, e);
    TRY(sql_check_term("an export", stream->until_us));
    digest_header(stream);
    *service = stream->service;
    return OK;
}

static bool is_line_of_export(SqlStream *stream)
{
    bool found;
    Str line;
    Err e = next_line(stream, &line, &found);

    if (failed(&e) || !found)
        return false;
    e = read_header(stream, line);
    return !failed(&e);
}

Err sql_export_until(const char *path, int64_t *until_s)
{
    SqlStream *stream;
    Err e = sql_stream_open(path, &stream);

    *until_s = 0;
    if (e.code == NOT_FOUND)
        return OK;
    TRY(e);
    if (is_line_of_export(stream))
        *until_s = stream->until_us / US_PER_S;
    sql_stream_close(stream);
    return OK;
}

/* --- the tables before --- */

static Err count_row(void *rows, const SqlValue *row)
{
    (void)row;
    ++*(int64_t *)rows;
    return OK;
}

static Err check_empty(Tx *tx, const SqlTable *table)
{
    SqlValue limit = sql_bind_int(table->initial_rows + 1);
    int64_t rows = 0;

    TRY(sql_run(NULL, tx, table->first, &limit, count_row, &rows, NULL));
    if (rows > table->initial_rows)
        return err(CONFLICT, "%s isn't empty: --replace lets what comes take the place of all that is there",
                   table->name);
    return OK;
}

static Err clear_tables(const Importing *importing, bool replace)
{
    const SqlTable *tables = importing->migrations.tables;

    for (size_t i = 0; !replace && i < importing->migrations.table_count; i++)
        TRY(check_empty(importing->tx, &tables[i]));
    for (size_t i = importing->migrations.table_count; i > 0; i--)
        TRY(sql_run(NULL, importing->tx, tables[i - 1].clear, NULL, NULL, NULL, NULL));
    return OK;
}

/* --- rows --- */

static Err enter_table(Importing *importing, Str line)
{
    Buf expected = {.arena = &importing->stream->of_line};

    if (importing->entered == importing->migrations.table_count)
        return err(INVALID, "a table too many: this program knows %zu", importing->entered);
    const SqlTable *table = &importing->migrations.tables[importing->entered];
    transfer_put_table(&expected, table);
    if (!str_equal(line, buf_str(&expected)))
        return err(INVALID, "should be the table %s with this program's columns", table->name);
    importing->entered++;
    return OK;
}

/* A server is told of many rows before it answers for the first. */
static Err store_row(const Importing *importing, const SqlTable *table, const SqlValue *values)
{
    Err e = sql_run(NULL, importing->tx, table->add, values, NULL, NULL, NULL);

    return failed(&e) ? placed(e, "this row, or one of the last before it") : OK;
}

static Err add_row(const Importing *importing, Str line)
{
    SqlValue values[MAX_SQL_COLUMNS];

    if (importing->entered == 0)
        return err(INVALID, "a row before the first table");
    const SqlTable *table = &importing->migrations.tables[importing->entered - 1];
    TRY(transfer_read_row(&importing->stream->of_line, table, line, values));
    importing->rows[importing->entered - 1]++;
    return store_row(importing, table, values);
}

/* The last line must be, byte for byte, the one that would be written behind what has come in. */
static Err check_end(const Importing *importing, Str line, SqlMoved *moved)
{
    SqlStream *stream = importing->stream;
    Buf expected = {.arena = &stream->of_line};

    transfer_digest_print(&stream->digest, moved->sha256);
    transfer_put_end(&expected, stream->service, importing->migrations, importing->rows, moved->sha256);
    if (importing->entered != importing->migrations.table_count || !str_equal(line, buf_str(&expected)))
        return err(UNPROCESSABLE,
                   "what came in isn't what went out: its rows or its SHA-256 differ; export again");
    return OK;
}

/* Until the last line. */
static Err take_lines(Importing *importing, SqlMoved *moved)
{
    SqlStream *stream = importing->stream;
    bool found;
    Str line;

    for (;;) {
        TRY(next_line(stream, &line, &found));
        if (!found)
            return err(INVALID, "cut off behind line %lld: its last line is missing",
                       (long long)lines_number(stream->lines));
        if (str_starts(line, STR("{\"end\":")))
            return check_end(importing, line, moved);
        transfer_digest_line(&stream->digest, line);
        bool is_table = str_starts(line, STR("{\"table\":"));
        Err e = is_table ? enter_table(importing, line) : add_row(importing, line);
        if (failed(&e))
            return at_line(stream, e);
    }
}

static void note_moved(const Importing *importing, SqlMoved *moved)
{
    moved->tables = importing->entered;
    for (size_t i = 0; i < importing->entered; i++)
        moved->rows += importing->rows[i];
}

static Err take_in(Sql *sql, Importing *importing, bool replace, SqlMoved *moved)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql->twin->begin_migration(sql, &tx));
    importing->tx = tx;
    TRY(clear_tables(importing, replace));
    TRY(take_lines(importing, moved));
    note_moved(importing, moved);
    return sql_commit(&tx);
}

Err sql_import(SqlStream *stream, const char *url, SqlMigrations migrations, bool replace, SqlMoved *moved)
{
    AUTO_ARENA Arena arena = {0};
    Importing importing = {.stream = stream, .migrations = migrations};
    Sql *sql;

    *moved = (SqlMoved){0};
    if (stream->schema != (int64_t)migrations.count)
        return err(
            UNPROCESSABLE,
            "of schema %lld, this program has %zu: import it with the version that made it, then migrate",
            (long long)stream->schema, migrations.count);
    importing.rows = arena_array(&arena, int64_t, migrations.table_count + 1);
    TRY(sql_open(url, migrations, &sql));
    Err e = take_in(sql, &importing, replace, moved);
    sql_close(sql);
    return e;
}
