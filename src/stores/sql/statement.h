/* What the functions that tools/sqlgen makes are built on; nothing else includes this.
 * Each query is one SqlStatement; its row is filled from values that already have the declared types. */
#ifndef NERDX_STORES_SQL_STATEMENT_H
#define NERDX_STORES_SQL_STATEMENT_H

#include <assert.h>

#include "stores/sql/sql.h"

typedef enum SqlType { SQL_NULL, SQL_INT, SQL_REAL, SQL_TEXT, SQL_BLOB } SqlType;

typedef struct SqlValue {
    SqlType type;
    union {
        int64_t integer;
        double real;
        Str text; /* also the bytes of a blob */
    };
} SqlValue;

typedef struct SqlColumn {
    const char *name;
    SqlType type;
    bool nullable;
} SqlColumn;

enum { MAX_SQL_COLUMNS = 32 }; /* and parameters: tools/sqlgen refuses more */

/* Parameters are numbered in the order they are declared. */
typedef struct SqlStatement {
    const char *name; /* "graph_sql_get_node", for logs */
    const char *sqlite;
    const char *postgres;
    int parameter_count;
    const SqlType *parameter_types;
    int column_count;
    const SqlColumn *columns;
    bool is_walk; /* :each: may give more rows than fit in memory */
} SqlStatement;

/* A table with what moves its rows (sql_export, sql_import). Its columns are those of `first`; what the database makes of others isn't
 * among them. */
typedef struct SqlTable {
    const char *name;
    const SqlStatement *first; /* in: so many at the most; the first rows by key */
    const SqlStatement *next;  /* in: a key, so many at the most; the rows behind it */
    const SqlStatement *clear;
    const SqlStatement *add; /* in: all columns */
    const int *key;          /* numbers of columns */
    int key_count;
    bool is_keyed;        /* no two rows have the same key */
    int64_t initial_rows; /* that the migrations made */
} SqlTable;

/* Runs within tx, or as a read of the calling thread when tx is NULL (then sql is given). Values live until
 * on_row returns; its error ends the run and is returned. changed may be NULL. */
typedef Err (*SqlRowFn)(void *context, const SqlValue *columns);
Err sql_run(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, SqlRowFn on_row,
            void *context, int64_t *changed);

/* Fills the C row from the values; text is copied into the arena. */
typedef void (*SqlFillFn)(Arena *arena, const SqlValue *columns, void *row);
Err sql_fetch_one(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, Arena *arena,
                  SqlFillFn fill, void *row);
Err sql_fetch_optional(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters,
                       Arena *arena, SqlFillFn fill, void *row, bool *found);
Err sql_fetch_many(Sql *sql, Tx *tx, const SqlStatement *statement, const SqlValue *parameters, Arena *arena,
                   SqlFillFn fill, size_t row_size, void **rows, size_t *count);

/* arena NULL leaves text where it is. */
Str sql_keep_text(Arena *arena, const SqlValue *value);
SqlBlob sql_keep_blob(Arena *arena, const SqlValue *value);

static inline SqlMaybeInt sql_maybe_int(const SqlValue *value)
{
    return (SqlMaybeInt){value->type == SQL_INT, value->type == SQL_INT ? value->integer : 0};
}

static inline SqlMaybeReal sql_maybe_real(const SqlValue *value)
{
    return (SqlMaybeReal){value->type == SQL_REAL, value->type == SQL_REAL ? value->real : 0};
}

static inline SqlValue sql_bind_int(int64_t value)
{
    return (SqlValue){.type = SQL_INT, .integer = value};
}

static inline SqlValue sql_bind_real(double value)
{
    return (SqlValue){.type = SQL_REAL, .real = value};
}

static inline SqlValue sql_bind_maybe_text(Str text)
{
    return (SqlValue){.type = text.data ? SQL_TEXT : SQL_NULL, .text = text};
}

static inline SqlValue sql_bind_maybe_blob(SqlBlob blob)
{
    return (SqlValue){.type = blob.data ? SQL_BLOB : SQL_NULL, .text = {blob.data, blob.len}};
}

/* A parameter that isn't declared null must be present. */
static inline SqlValue sql_bind_text(Str text)
{
    assert(text.data);
    return sql_bind_maybe_text(text);
}

static inline SqlValue sql_bind_blob(SqlBlob blob)
{
    assert(blob.data);
    return sql_bind_maybe_blob(blob);
}

static inline SqlValue sql_bind_maybe_int(SqlMaybeInt maybe)
{
    return maybe.present ? sql_bind_int(maybe.value) : (SqlValue){.type = SQL_NULL};
}

static inline SqlValue sql_bind_maybe_real(SqlMaybeReal maybe)
{
    return maybe.present ? sql_bind_real(maybe.value) : (SqlValue){.type = SQL_NULL};
}

#endif
