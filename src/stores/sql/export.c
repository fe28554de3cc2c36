/* Reads tables by key, a page at a time: each page is a short statement, whatever the table's size, and all of them see one
 * state of the database. */
#include <errno.h>
#include <string.h>

#include "base/time.h"
#include "stores/sql/transfer_line.h"
#include "stores/sql/twin.h"

enum { PAGE_ROWS = 256, US_PER_S = 1000000 };

typedef struct Exporting {
    Sql *sql;
    FILE *out;
    SqlMigrations migrations;
    crypto_hash_sha256_state digest;
    Arena of_page; /* the key it begins behind */
    Arena of_row;
    const SqlTable *table;
    SqlValue key[MAX_SQL_COLUMNS]; /* of the last row */
    int64_t page_rows;
    int64_t *rows; /* of each table */
} Exporting;

static Err write_line(const Exporting *exporting, Str line)
{
    if (fwrite(line.data, 1, line.len, exporting->out) != line.len || fputc('\n', exporting->out) == EOF)
        return err(UNAVAILABLE, "the output can't be written (%s): nothing but its last line makes it whole",
                   strerror(errno));
    return OK;
}

static Err put_line(Exporting *exporting, Str line)
{
    if (line.len > SQL_LINE_MAX)
        return err(TOO_LARGE, "a row of %s has %zu bytes: more than the %d that a line may have",
                   exporting->table->name, line.len, SQL_LINE_MAX);
    transfer_digest_line(&exporting->digest, line);
    return write_line(exporting, line);
}

/* Its term is no part of the state. */
static Err put_header(Exporting *exporting, Arena *arena, Str service, int64_t until_s)
{
    Buf digested = {.arena = arena};
    Buf written = {.arena = arena};

    transfer_put_header(&digested, service, exporting->migrations.count, STR(""));
    transfer_digest_line(&exporting->digest, buf_str(&digested));
    transfer_put_header(&written, service, exporting->migrations.count,
                        time_format(arena, until_s * US_PER_S));
    return write_line(exporting, buf_str(&written));
}

static void keep_key(Exporting *exporting, const SqlValue *row)
{
    for (int i = 0; i < exporting->table->key_count; i++) {
        SqlValue value = row[exporting->table->key[i]];
        if (value.type == SQL_TEXT || value.type == SQL_BLOB)
            value.text = str_copy(&exporting->of_row, value.text);
        exporting->key[i] = value;
    }
}

static Err put_row(void *context, const SqlValue *row)
{
    Exporting *exporting = context;
    Buf line = {.arena = &exporting->of_row};

    arena_reset(&exporting->of_row);
    TRY(transfer_put_row(&line, exporting->table, row));
    keep_key(exporting, row);
    exporting->page_rows++;
    return put_line(exporting, buf_str(&line));
}

/* The key's text must stay while the page is read, and each row gives up the one before. */
static Err put_page(Exporting *exporting, bool is_first)
{
    const SqlTable *table = exporting->table;
    SqlValue parameters[MAX_SQL_COLUMNS];
    int count = 0;

    arena_reset(&exporting->of_page);
    for (int i = 0; !is_first && i < table->key_count; i++) {
        SqlValue value = exporting->key[i];
        if (value.type == SQL_TEXT || value.type == SQL_BLOB)
            value.text = str_copy(&exporting->of_page, value.text);
        parameters[count++] = value;
    }
    parameters[count] = sql_bind_int(table->is_keyed ? PAGE_ROWS : INT64_MAX);
    exporting->page_rows = 0;
    return sql_run(exporting->sql, NULL, is_first ? table->first : table->next, parameters, put_row,
                   exporting, NULL);
}

static Err put_table(Exporting *exporting, const SqlTable *table, int64_t *rows)
{
    Buf line = {.arena = &exporting->of_page};

    exporting->table = table;
    arena_reset(&exporting->of_page);
    transfer_put_table(&line, table);
    TRY(put_line(exporting, buf_str(&line)));
    for (bool is_first = true; is_first || exporting->page_rows == PAGE_ROWS; is_first = false) {
        TRY(put_page(exporting, is_first));
        *rows += exporting->page_rows;
        if (!table->is_keyed)
            break;
    }
    return OK;
}

static Err put_tables(Exporting *exporting)
{
    AUTO_END_READS Sql *reading = NULL;

    TRY(sql_begin_reads(exporting->sql, &reading));
    for (size_t i = 0; i < exporting->migrations.table_count; i++)
        TRY(put_table(exporting, &exporting->migrations.tables[i], &exporting->rows[i]));
    return OK;
}

static Err put_service(Exporting *exporting, Arena *arena, Str service, int64_t until_s, SqlMoved *moved)
{
    Buf end = {.arena = arena};

    TRY(put_header(exporting, arena, service, until_s));
    TRY(put_tables(exporting));
    transfer_digest_print(&exporting->digest, moved->sha256);
    transfer_put_end(&end, service, exporting->migrations, exporting->rows, moved->sha256);
    TRY(put_line(exporting, buf_str(&end)));
    moved->tables = exporting->migrations.table_count;
    for (size_t i = 0; i < moved->tables; i++)
        moved->rows += exporting->rows[i];
    return fflush(exporting->out) == 0
               ? OK
               : err(UNAVAILABLE, "the output can't be written (%s): is the disk full?", strerror(errno));
}

/* Nothing is made or migrated for being read. */
static Err check_tables(const char *url, SqlMigrations migrations)
{
    SqlLook seen;

    TRY(sql_look(url, migrations, &seen));
    if (!seen.is_there)
        return err(NOT_FOUND, "there is no such database yet");
    if (seen.applied.count != migrations.count)
        return err(CONFLICT, "has %zu of %zu migrations: run nerdx migrate first", seen.applied.count,
                   migrations.count);
    return OK;
}

Err sql_export(const char *url, const char *service, SqlMigrations migrations, int64_t until_s, FILE *out,
               SqlMoved *moved)
{
    AUTO_ARENA Arena arena = {0};
    Exporting exporting = {.out = out, .migrations = migrations};

    *moved = (SqlMoved){0};
    TRY(check_tables(url, migrations));
    TRY(sql_open(url, migrations, &exporting.sql));
    (void)crypto_hash_sha256_init(&exporting.digest);
    exporting.rows = arena_array(&arena, int64_t, migrations.table_count + 1);
    Err e = put_service(&exporting, &arena, str_from(service), until_s, moved);
    arena_finish(&exporting.of_page);
    arena_finish(&exporting.of_row);
    sql_close(exporting.sql);
    return e;
}
