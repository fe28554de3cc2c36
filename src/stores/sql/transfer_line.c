#include "stores/sql/transfer_line.h"

#include <math.h>

#include "base/hex.h"
#include "base/json.h"
#include "base/utf8.h"

/* --- writing --- */

void transfer_put_header(Buf *out, Str service, size_t schema, Str until)
{
    buf_format(out, "{\"nerdx\":\"export\",\"format\":%d", TRANSFER_FORMAT);
    json_put_member(out, "service", service);
    buf_format(out, ",\"schema\":%zu", schema);
    if (until.len > 0) {
        buf_put(out, STR(","));
        json_put_member(out, "until", until);
    }
    buf_put(out, STR("}"));
}

void transfer_put_table(Buf *out, const SqlTable *table)
{
    buf_put(out, STR("{"));
    json_put_member(out, "table", str_from(table->name));
    buf_put(out, STR(",\"columns\":["));
    for (int i = 0; i < table->first->column_count; i++) {
        buf_put(out, i ? STR(",") : STR(""));
        json_put_string(out, str_from(table->first->columns[i].name));
    }
    buf_put(out, STR("]}"));
}

void transfer_put_end(Buf *out, Str service, SqlMigrations migrations, const int64_t *rows,
                      const char *sha256)
{
    buf_put(out, STR("{"));
    json_put_member(out, "end", service);
    buf_put(out, STR(",\"rows\":{"));
    for (size_t i = 0; i < migrations.table_count; i++)
        buf_format(out, "%s\"%s\":%lld", i ? "," : "", migrations.tables[i].name, (long long)rows[i]);
    buf_put(out, STR("}"));
    json_put_member(out, "sha256", str_from(sha256));
    buf_put(out, STR("}"));
}

static void put_hex(Buf *out, Str bytes)
{
    char *digits = buf_reserve(out, 2 * bytes.len + 3);

    digits[0] = '"';
    hex_print(digits + 1, (const uint8_t *)bytes.data, bytes.len);
    digits[2 * bytes.len + 1] = '"';
    out->len += 2 * bytes.len + 2;
}

/* False for what JSON can't hold. */
static bool put_value(Buf *out, const SqlValue *value)
{
    bool fits = true;

    if (value->type == SQL_NULL)
        buf_put(out, STR("null"));
    else if (value->type == SQL_INT)
        buf_put_int(out, value->integer);
    else if (value->type == SQL_BLOB)
        put_hex(out, value->text);
    else if (value->type == SQL_REAL && (fits = isfinite(value->real)))
        json_put_number(out, value->real);
    else if (value->type == SQL_TEXT &&
             (fits = utf8_valid(value->text) && str_find(value->text, (Str){"", 1}, 0) == SIZE_MAX))
        json_put_string(out, value->text);
    return fits;
}

Err transfer_put_row(Buf *out, const SqlTable *table, const SqlValue *values)
{
    for (int i = 0; i < table->first->column_count; i++) {
        buf_put_char(out, i ? ',' : '[');
        if (!put_value(out, &values[i]))
            return err(UNPROCESSABLE,
                       "%s.%s holds what no other store could: text that isn't UTF-8, or no number",
                       table->name, table->first->columns[i].name);
    }
    buf_put_char(out, ']');
    return OK;
}

/* --- reading --- */

/* False when it isn't of the column's type. */
static bool read_value(Arena *arena, const SqlColumn *column, const json_t *said, SqlValue *out)
{
    *out = (SqlValue){.type = json_is_null(said) ? SQL_NULL : column->type};
    switch (out->type) {
    case SQL_NULL:
        return column->nullable;
    case SQL_INT:
        out->integer = json_integer_value(said);
        return json_is_integer(said);
    case SQL_REAL:
        out->real = json_number_value(said);
        return json_is_number(said);
    case SQL_TEXT:
        out->text = json_str(said);
        return json_is_string(said);
    case SQL_BLOB:
        return json_is_string(said) && hex_bytes(arena, json_str(said), &out->text);
    }
    return false;
}

static const char *const TYPES[] = {
    [SQL_NULL] = "null",
    [SQL_INT] = "a whole number",
    [SQL_REAL] = "a number",
    [SQL_TEXT] = "text",
    [SQL_BLOB] = "text of hexadecimal digits",
};

Err transfer_read_row(Arena *arena, const SqlTable *table, Str line, SqlValue *out)
{
    const json_t *row;

    TRY(json_read_into(arena, line, &row));
    if (!json_is_array(row) || json_array_size(row) != (size_t)table->first->column_count)
        return err(INVALID, "should be a row of %s: an array of %d values", table->name,
                   table->first->column_count);
    for (int i = 0; i < table->first->column_count; i++) {
        const SqlColumn *column = &table->first->columns[i];
        if (!read_value(arena, column, json_array_get(row, (size_t)i), &out[i]))
            return err(INVALID, "%s.%s should be %s%s", table->name, column->name, TYPES[column->type],
                       column->nullable ? " or null" : "");
    }
    return OK;
}

/* --- the digest --- */

void transfer_digest_line(crypto_hash_sha256_state *digest, Str line)
{
    (void)crypto_hash_sha256_update(digest, (const unsigned char *)line.data, line.len);
    (void)crypto_hash_sha256_update(digest, (const unsigned char *)"\n", 1);
}

void transfer_digest_print(crypto_hash_sha256_state *digest, char text[SQL_DIGEST_TEXT])
{
    uint8_t bytes[crypto_hash_sha256_BYTES];

    (void)crypto_hash_sha256_final(digest, bytes);
    hex_print(text, bytes, sizeof bytes);
}
