/* What Neo4j answered: for each statement its rows. */
#ifndef NERDX_STORES_GRAPH_NEO4J_REPLY_H
#define NERDX_STORES_GRAPH_NEO4J_REPLY_H

#include "base/json.h"

typedef struct CypherReply {
    json_t *root;
} CypherReply;

void reply_release(CypherReply *reply);
#define AUTO_REPLY __attribute__((cleanup(reply_release)))

/* A row is an array of its columns, in the order of the RETURN. They live as long as the reply. */
size_t reply_count(const CypherReply *reply, size_t statement);
const json_t *reply_row(const CypherReply *reply, size_t statement, size_t i);

/* A column: an absent text, 0 or false for null. Copied by the caller who keeps it longer than the reply. */
const json_t *row_value(const json_t *row, size_t column);
Str row_text(const json_t *row, size_t column);
int64_t row_int(const json_t *row, size_t column);
bool row_bool(const json_t *row, size_t column);
Str reply_text(const json_t *value);

/* The code and message of the first error; false when there is none. */
bool reply_error(const CypherReply *reply, const char **code, const char **message);

#endif
