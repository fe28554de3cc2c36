/* JSON in and out. In: jansson, RFC 8259 strict (duplicates, trailing text, bad UTF-8 and \u0000 refused),
 * depth bounded. Out: straight into a Buf, by generated encoders. A Json is JSON text of one value, kept as
 * it is ("properties"). */
#ifndef NERDX_BASE_JSON_H
#define NERDX_BASE_JSON_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

typedef Str Json;

enum { JSON_MAX_DEPTH = 64 };

/* Errors: INVALID with line and column, and what was found there. The value is released by json_decref /
 * AUTO_JSON. */
Err json_read(Str text, json_t **out);

/* The same, in the arena's memory and gone with it: for reading only, never to be changed, kept or freed. */
Err json_read_into(Arena *arena, Str text, const json_t **out);

/* What a flat object, as this program writes them, has under a key, without building it: objects are read by the
 * million for one number. UNSURE: it isn't that simple (nested, escaped, spaced, no short decimal): read it. */
typedef enum JsonPeek { JSON_PEEK_UNSURE, JSON_PEEK_ABSENT, JSON_PEEK_NUMBER } JsonPeek;
JsonPeek json_peek_number(Json object, Str key, double *out);

/* What stands between the quotes of a string without escapes, whose first quote is at *at; *at moves behind its last. False: it is
 * none, or not well-formed. */
bool json_peek_text(Str json, size_t *at, Str *out);

/* A string's text, which lives as long as the value; absent for what is no string. */
static inline Str json_str(const json_t *value)
{
    return (Str){json_string_value(value), json_string_length(value)};
}

/* The same of what an object has under a key; absent, or empty, when it has no string there. */
static inline Str json_str_at(const json_t *object, const char *key)
{
    return json_str(json_object_get(object, key));
}

static inline Str json_str_or_empty(const json_t *object, const char *key)
{
    Str text = json_str_at(object, key);

    return text.data != NULL ? text : STR("");
}

/* The compact text of a value, keys in the order they came. */
Json json_text(Arena *arena, const json_t *value);

void json_put_value(Buf *buf, const json_t *value);
void json_put_string(Buf *buf, Str text);     /* quoted and escaped; ill-formed UTF-8 becomes U+FFFD */
void json_put_characters(Buf *buf, Str text); /* the same without the quotes: a part of a string */
void json_put_member(Buf *buf, const char *name,
                     Str text);               /* "name":"text", behind a comma where one is missing */
void json_put_number(Buf *buf, double value); /* shortest text that reads back equal; value must be finite */
void json_put_bool(Buf *buf, bool value);
void json_put_time(Buf *buf, int64_t time_us); /* RFC 3339, UTC, quoted */

static inline void json_release(json_t **value)
{
    json_decref(*value);
}
#define AUTO_JSON __attribute__((cleanup(json_release)))

#endif
