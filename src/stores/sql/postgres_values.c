#include "stores/sql/postgres_values.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

enum { BINARY = 1 };

/* https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat */
static const Oid OIDS[] = {
    [SQL_NULL] = 0, [SQL_INT] = 20, [SQL_REAL] = 701, [SQL_TEXT] = 25, [SQL_BLOB] = 17};

void postgres_types(const SqlStatement *statement, Oid *types)
{
    assert(statement->parameter_count <= POSTGRES_MAX_VALUES);
    for (int i = 0; i < statement->parameter_count; i++)
        types[i] = OIDS[statement->parameter_types[i]];
}

static void bind_number(PostgresValues *out, int i, uint64_t bits)
{
    out->numbers[i] = htobe64(bits);
    out->values[i] = (const char *)&out->numbers[i];
    out->lengths[i] = sizeof out->numbers[i];
}

static void bind(PostgresValues *out, int i, const SqlValue *value)
{
    uint64_t bits;

    switch (value->type) {
    case SQL_NULL:
        out->values[i] = NULL;
        out->lengths[i] = 0;
        break;
    case SQL_INT:
        bind_number(out, i, (uint64_t)value->integer);
        break;
    case SQL_REAL:
        memcpy(&bits, &value->real, sizeof bits);
        bind_number(out, i, bits);
        break;
    case SQL_TEXT:
    case SQL_BLOB:
        out->values[i] = value->text.data;
        out->lengths[i] = (int)value->text.len;
        break;
    }
    out->formats[i] = BINARY;
}

void postgres_bind(const SqlStatement *statement, const SqlValue *parameters, PostgresValues *out)
{
    for (int i = 0; i < statement->parameter_count; i++)
        bind(out, i, &parameters[i]);
}

/* Whole numbers come as digits; truth as t or f. */
static bool read_int(const char *text, SqlValue *out)
{
    char *end;

    out->type = SQL_INT;
    if ((text[0] == 't' || text[0] == 'f') && text[1] == '\0') {
        out->integer = text[0] == 't';
        return true;
    }
    errno = 0;
    out->integer = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

static bool read_real(const char *text, SqlValue *out)
{
    char *end;

    out->type = SQL_REAL;
    out->real = strtod(text, &end);
    return end != text && *end == '\0';
}

/* "\x" and digits, made bytes in their own place: the result is ours. */
static bool read_blob(char *text, size_t len, SqlValue *out)
{
    size_t count = len / 2 - 1;

    if (len < 2 || len % 2 || text[0] != '\\' || text[1] != 'x')
        return false;
    *out = (SqlValue){.type = SQL_BLOB, .text = {text, count}};
    for (size_t i = 0; i < count; i++)
        if (!hex_parse(text + 2 + 2 * i, (uint8_t *)text + i, 1))
            return false;
    return true;
}

static bool read_value(PGresult *result, int row, int i, SqlType type, SqlValue *out)
{
    char *text = PQgetvalue(result, row, i);
    size_t len = (size_t)PQgetlength(result, row, i);

    switch (type) {
    case SQL_INT:
        return read_int(text, out);
    case SQL_REAL:
        return read_real(text, out);
    case SQL_BLOB:
        return read_blob(text, len, out);
    case SQL_TEXT:
        *out = (SqlValue){.type = SQL_TEXT, .text = {text, len}};
        return true;
    case SQL_NULL:
        break;
    }
    return false;
}

static bool read_or_null(PGresult *result, int row, int i, const SqlColumn *column, SqlValue *out)
{
    if (!PQgetisnull(result, row, i))
        return read_value(result, row, i, column->type, out);
    *out = (SqlValue){.type = SQL_NULL};
    return column->nullable;
}

Err postgres_read_row(const SqlStatement *statement, PGresult *result, int row, SqlValue *out)
{
    assert(statement->column_count <= POSTGRES_MAX_VALUES && PQnfields(result) == statement->column_count);
    for (int i = 0; i < statement->column_count; i++)
        if (!read_or_null(result, row, i, &statement->columns[i], &out[i]))
            return err_detail(err(INTERNAL, "the database holds a value of an unexpected type"), "%s: %s",
                              statement->name, statement->columns[i].name);
    return OK;
}
