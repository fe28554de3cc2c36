#include "stores/graph/neo4j/reply.h"

void reply_release(CypherReply *reply)
{
    json_decref(reply->root); /* accepts NULL */
    reply->root = NULL;
}

static const json_t *rows_of(const CypherReply *reply, size_t statement)
{
    return json_object_get(json_array_get(json_object_get(reply->root, "results"), statement), "data");
}

size_t reply_count(const CypherReply *reply, size_t statement)
{
    return json_array_size(rows_of(reply, statement));
}

const json_t *reply_row(const CypherReply *reply, size_t statement, size_t i)
{
    return json_object_get(json_array_get(rows_of(reply, statement), i), "row");
}

const json_t *row_value(const json_t *row, size_t column)
{
    return json_array_get(row, column);
}

Str reply_text(const json_t *value)
{
    return json_str(value);
}

Str row_text(const json_t *row, size_t column)
{
    return reply_text(json_array_get(row, column));
}

int64_t row_int(const json_t *row, size_t column)
{
    return json_integer_value(json_array_get(row, column)); /* 0 for what is none */
}

bool row_bool(const json_t *row, size_t column)
{
    return json_is_true(json_array_get(row, column));
}

bool reply_error(const CypherReply *reply, const char **code, const char **message)
{
    const json_t *first = json_array_get(json_object_get(reply->root, "errors"), 0);

    *code = json_string_value(json_object_get(first, "code"));
    *message = json_string_value(json_object_get(first, "message"));
    return first != NULL;
}
