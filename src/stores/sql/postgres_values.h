/* Values on their way to PostgreSQL, in its binary form, and back, as text. */
#ifndef NERDX_STORES_SQL_POSTGRES_VALUES_H
#define NERDX_STORES_SQL_POSTGRES_VALUES_H

#include <libpq-fe.h>

#include "stores/sql/statement.h"

enum { POSTGRES_MAX_VALUES = 32 }; /* tools/sqlgen refuses more */

typedef struct PostgresValues {
    const char *values[POSTGRES_MAX_VALUES];
    int lengths[POSTGRES_MAX_VALUES];
    int formats[POSTGRES_MAX_VALUES];
    uint64_t numbers[POSTGRES_MAX_VALUES]; /* big endian */
} PostgresValues;

/* The types that the statement's parameters were declared with, as PostgreSQL numbers them. */
void postgres_types(const SqlStatement *statement, Oid *types);

/* Text and blobs aren't copied. */
void postgres_bind(const SqlStatement *statement, const SqlValue *parameters, PostgresValues *out);

/* Values point into the result. INTERNAL when one isn't of the declared type. */
Err postgres_read_row(const SqlStatement *statement, PGresult *result, int row, SqlValue *out);

#endif
