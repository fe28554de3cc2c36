#include "stores/sql/sql.h"

#include <string.h>

#include "stores/sql/migrate.h"

static const SqlTwin *const TWINS[] = {&SQLITE_TWIN};

enum { TWIN_COUNT = sizeof TWINS / sizeof *TWINS };

/* NULL when the URL is of no twin. */
static const SqlTwin *find_twin(const char *url, const char **address)
{
    for (size_t i = 0; i < TWIN_COUNT; i++) {
        size_t len = strlen(TWINS[i]->scheme);
        if (strncmp(url, TWINS[i]->scheme, len) == 0 && url[len] == ':' && url[len + 1]) {
            *address = url + len + 1;
            return TWINS[i];
        }
    }
    return NULL;
}

/* Shows the scheme only: the rest may hold a password. */
static Err unknown_url(const char *url)
{
    int scheme = (int)strcspn(url, ":");

    return err(INVALID, "\"%.*s:\" is no database I know; the URL should look like sqlite:/path/file.db",
               scheme < 40 ? scheme : 40, url);
}

/* For the operator: which database it is. Of a long path the end tells most. */
static Err name_place(Err e, const char *address)
{
    enum { SHOWN = 60 };
    size_t len = strlen(address);
    const char *end = len > SHOWN ? address + len - SHOWN : address;
    Err named = err(e.code, "%s%s: %s", len > SHOWN ? "..." : "", end, e.message);

    return err_retry_after(err_detail(named, "%s", e.detail), e.retry_after_s);
}

Err sql_open(const char *url, SqlMigrations migrations, Sql **out)
{
    const char *address = NULL;
    const SqlTwin *twin = find_twin(url, &address);
    Sql *sql;

    *out = NULL;
    if (!twin)
        return unknown_url(url);
    Err e = twin->open(address, &sql);
    if (failed(&e))
        return name_place(e, address);
    e = migrate(sql, migrations);
    if (failed(&e)) {
        sql_close(sql);
        return name_place(e, address);
    }
    *out = sql;
    return OK;
}

Err sql_check(const char *url, SqlMigrations migrations, Arena *arena, Str *report)
{
    const char *address = NULL;
    const SqlTwin *twin = find_twin(url, &address);

    if (!twin)
        return unknown_url(url);
    Err e = twin->check(address, migrations, arena, report);
    return failed(&e) ? name_place(e, address) : OK;
}

void sql_close(Sql *sql)
{
    if (sql)
        sql->twin->close(sql);
}

bool sql_reads_block(const Sql *sql)
{
    return sql->twin->reads_block;
}

Err sql_transact(Sql *sql, SqlWorkFn work, void *context)
{
    assert(sql && work);
    return sql->twin->transact(sql, work, context);
}

Err sql_begin_reads(Sql *sql, Sql **reading)
{
    assert(sql && !*reading);
    TRY(sql->twin->begin_reads(sql));
    *reading = sql;
    return OK;
}

void sql_end_reads(Sql **reading)
{
    if (reading && *reading) {
        Sql *sql = *reading;
        *reading = NULL;
        sql->twin->end_reads(sql);
    }
}

Err sql_begin(Sql *sql, Tx **out)
{
    assert(sql);
    *out = NULL;
    return sql->twin->begin(sql, out);
}

Err sql_commit(Tx **tx)
{
    Tx *ending = *tx;

    assert(ending);
    *tx = NULL;
    return ending->sql->twin->commit(ending);
}

void sql_rollback(Tx **tx)
{
    if (tx && *tx) {
        Tx *ending = *tx;
        *tx = NULL;
        ending->sql->twin->rollback(ending);
    }
}

Err sql_run(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
            void *context, int64_t *changed)
{
    assert(sql || tx);
    assert(parameters || statement->parameter_count == 0);
    if (tx)
        return tx->sql->twin->write(tx, statement, parameters, on_row, context, changed);
    return sql->twin->read(sql, statement, parameters, on_row, context);
}

Str sql_keep_text(Arena *arena, const SqlValue *value)
{
    if (value->type != SQL_TEXT)
        return (Str){0};
    return arena ? str_copy(arena, value->text) : value->text;
}

SqlBlob sql_keep_blob(Arena *arena, const SqlValue *value)
{
    if (value->type != SQL_BLOB)
        return (SqlBlob){0};
    Str bytes = arena ? str_copy(arena, value->text) : value->text;
    return (SqlBlob){bytes.data, bytes.len};
}
