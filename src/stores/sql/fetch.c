
#include "stores/sql/statement.h"

enum { FIRST_ROWS = 16 };

typedef struct Fetch {
    Arena *arena;
    SqlFillFn fill;
    void *rows;
    size_t row_size;
    size_t count;
    size_t room;
} Fetch;

static Err take_only_row(void *context, const SqlValue *columns)
{
    Fetch *fetch = context;

    if (fetch->count++ > 0)
        return err(INTERNAL, "A query gave more rows than one");
    fetch->fill(fetch->arena, columns, fetch->rows);
    return OK;
}

Err sql_fetch_optional(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters,
                       Arena *arena, SqlFillFn fill, void *row, bool *found)
{
    Fetch fetch = {.arena = arena, .fill = fill, .rows = row};

    *found = false;
    Err e = sql_run(sql, tx, statement, parameters, take_only_row, &fetch, NULL);
    if (failed(&e))
        return e.code == INTERNAL && fetch.count > 1 ? err_detail(e, "%s", statement->name) : e;
    *found = fetch.count == 1;
    return OK;
}

Err sql_fetch_one(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, Arena *arena,
                  SqlFillFn fill, void *row)
{
    bool found;

    TRY(sql_fetch_optional(sql, tx, statement, parameters, arena, fill, row, &found));
    if (!found)
        return err_detail(err(INTERNAL, "A query gave no row"), "%s", statement->name);
    return OK;
}

static Err take_row(void *context, const SqlValue *columns)
{
    Fetch *fetch = context;

    fetch->rows =
        arena_more(fetch->arena, fetch->rows, fetch->count, &fetch->room, FIRST_ROWS, fetch->row_size);
    fetch->fill(fetch->arena, columns, (char *)fetch->rows + fetch->count * fetch->row_size);
    fetch->count++;
    return OK;
}

Err sql_fetch_many(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, Arena *arena,
                   SqlFillFn fill, size_t row_size, void **rows, size_t *count)
{
    Fetch fetch = {.arena = arena, .fill = fill, .row_size = row_size};

    *rows = NULL;
    *count = 0;
    TRY(sql_run(sql, tx, statement, parameters, take_row, &fetch, NULL));
    *rows = fetch.rows;
    *count = fetch.count;
    return OK;
}
