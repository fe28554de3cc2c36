#include "base/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/time.h"
#include "base/utf8.h"

/* ---- in */

/* Where a byte is, as an editor counts: lines and columns from 1. */
static Err refuse_depth(Str text, size_t at)
{
    int line = 1;
    int column = 1;

    for (size_t i = 0; i < at; i++) {
        column = text.data[i] == '\n' ? 1 : column + 1;
        line += text.data[i] == '\n';
    }
    return err(INVALID, "line %d, column %d: nested deeper than %d levels", line, column, JSON_MAX_DEPTH);
}

/* Offset behind the string that begins at text.data[at], or the end of the text. */
static size_t skip_string(Str text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at + 1;
}

/* Before anything is built from it: a bomb of brackets costs one pass over its first bytes. */
static Err check_depth(Str text)
{
    int depth = 0;

    for (size_t at = 0; at < text.len; at++) {
        char c = text.data[at];
        if (c == '"')
            at = skip_string(text, at) - 1;
        else if (c == '[' || c == '{')
            depth++;
        else if (c == ']' || c == '}')
            depth--;
        if (depth > JSON_MAX_DEPTH)
            return refuse_depth(text, at);
    }
    return OK;
}

/* jansson's own words are good, but for what speaks of its flags. */
static const char *plain_words(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "the character \\u0000 is not allowed";
    case json_error_invalid_utf8:
        return "not UTF-8";
    case json_error_premature_end_of_input:
        return "the text ends too early";
    default:
        return error->text;
    }
}

/* Where jansson takes its memory from while this thread reads into an arena. */
static _Thread_local Arena *reading_into;

static void *take_memory(size_t size)
{
    return reading_into != NULL ? arena_alloc(reading_into, size) : malloc(size);
}

static void give_back(void *memory)
{
    if (reading_into == NULL)
        free(memory);
}

/* Before main: jansson must not have memory of two kinds. */
__attribute__((constructor)) static void choose_memory(void)
{
    json_set_alloc_funcs(take_memory, give_back);
}

Err json_read_into(Arena *arena, Str text, const json_t **out)
{
    json_t *value;

    reading_into = arena;
    Err e = json_read(text, &value);
    reading_into = NULL;
    *out = value;
    return e;
}

Err json_read(Str text, json_t **out)
{
    json_error_t error;

    *out = NULL;
    if (!text.data) /* jansson takes NULL for a mistake of the caller's, an empty text for one of the sender's */
        text = STR("");
    TRY(check_depth(text));
    json_t *value = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!value)
        return err(INVALID, "line %d, column %d: %s", error.line, error.column, plain_words(&error));
    if (memchr(text.data, '\0', text.len)) { /* jansson 2.14 overlooks one behind a number */
        json_decref(value);
        return err(INVALID, "a NUL byte can't be part of JSON");
    }
    *out = value;
    return OK;
}

/* ---- a glance */

/* Offset of the first byte at or behind `at` that can't stand in a string as it is and isn't ASCII either. Eight at
 * a time: a byte under 0x20, a '"', a '\\' and a byte over 0x7F each leave a high bit. */
static size_t skip_plain(Str text, size_t at)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t highs = 0x8080808080808080u;
    uint64_t eight;

    for (; text.len - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, text.data + at, sizeof eight);
        uint64_t quote = eight ^ (ones * '"');
        uint64_t slash = eight ^ (ones * '\\');
        if (((eight - ones * 0x20) | (quote - ones) | (slash - ones) | eight) & highs)
            break;
    }
    while (at < text.len) {
        unsigned char c = (unsigned char)text.data[at];
        if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
            break;
        at++;
    }
    return at;
}

typedef struct Member {
    Str key;
    Str value; /* with its quotes */
} Member;

/* Where the text that begins with a quote at `at` ends, behind its quote; 0 when there is none. */
static size_t quoted_end(Str text, size_t at)
{
    const char *end =
        at < text.len && text.data[at] == '"' ? memchr(text.data + at + 1, '"', text.len - at - 1) : NULL;

    return end != NULL ? (size_t)(end - text.data) + 1 : 0;
}

/* Where a number, true, false or null ends; 0 for what is neither. */
static size_t bare_end(Str text, size_t at)
{
    size_t begin = at;

    while (at < text.len && text.data[at] != ',' && text.data[at] != '}') {
        char c = text.data[at++];

        if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && c != '.' && c != '-' && c != '+' && c != 'E')
            return 0;
    }
    return at > begin ? at : 0;
}

/* Reads the member at *at and moves behind it. */
static bool read_member(Str text, size_t *at, Member *out)
{
    size_t key_end = quoted_end(text, *at);
    size_t value_end;

    if (key_end == 0 || key_end + 1 >= text.len || text.data[key_end] != ':')
        return false;
    value_end = text.data[key_end + 1] == '"' ? quoted_end(text, key_end + 1) : bare_end(text, key_end + 1);
    out->key = str_slice(text, *at + 1, key_end - 1);
    out->value = str_slice(text, key_end + 1, value_end);
    *at = value_end;
    return value_end > 0 && value_end < text.len;
}

JsonPeek json_peek_number(Json object, Str key, double *out)
{
    size_t at = 1;
    Member member;

    if (str_equal(object, STR("{}")))
        return JSON_PEEK_ABSENT;
    if (object.len == 0 || object.data[0] != '{' || memchr(object.data, '\\', object.len) != NULL)
        return JSON_PEEK_UNSURE;
    while (read_member(object, &at, &member)) {
        if (str_equal(member.key, key))
            return decimal_read(member.value, out) ? JSON_PEEK_NUMBER : JSON_PEEK_UNSURE;
        if (object.data[at] == '}')
            return at + 1 == object.len ? JSON_PEEK_ABSENT : JSON_PEEK_UNSURE;
        at++;
    }
    return JSON_PEEK_UNSURE;
}

bool json_peek_text(Str json, size_t *at, Str *out)
{
    size_t begin = *at + 1, end = begin, whole = 0;

    do {
        end = skip_plain(json, end + whole);
        whole = end < json.len ? utf8_length_at(json, end) : 0;
    } while (whole > 1);
    if (end >= json.len || json.data[end] != '"')
        return false;
    *out = str_slice(json, begin, end);
    *at = end + 1;
    return true;
}

/* ---- out */

Json json_text(Arena *arena, const json_t *value)
{
    Buf buf = {.arena = arena};

    json_put_value(&buf, value);
    return buf_str(&buf);
}

static void put_object(Buf *buf, json_t *object)
{
    bool first = true;

    buf_put_char(buf, '{');
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        if (!first)
            buf_put_char(buf, ',');
        first = false;
        json_put_string(buf, (Str){json_object_iter_key(at), json_object_iter_key_len(at)});
        buf_put_char(buf, ':');
        json_put_value(buf, json_object_iter_value(at));
    }
    buf_put_char(buf, '}');
}

static void put_array(Buf *buf, const json_t *array)
{
    buf_put_char(buf, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        json_put_value(buf, json_array_get(array, i));
    }
    buf_put_char(buf, ']');
}

void json_put_value(Buf *buf, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(buf, (json_t *)value); /* iterating asks for it, and changes nothing */
        break;
    case JSON_ARRAY:
        put_array(buf, value);
        break;
    case JSON_STRING:
        json_put_string(buf, json_str(value));
        break;
    case JSON_INTEGER:
        buf_put_int(buf, json_integer_value(value));
        break;
    case JSON_REAL:
        json_put_number(buf, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        json_put_bool(buf, json_is_true(value));
        break;
    case JSON_NULL:
        buf_put(buf, STR("null"));
        break;
    }
}

static void put_escape(Buf *buf, unsigned char c)
{
    static const char SHORT[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'};

    if (c >= 0x80)
        buf_put(buf, STR("\\ufffd"));
    else if (c < sizeof SHORT && SHORT[c])
        buf_put(buf, (Str){(const char[]){'\\', SHORT[c]}, 2});
    else
        buf_format(buf, "\\u%04x", c);
}

void json_put_characters(Buf *buf, Str text)
{
    size_t start = 0;

    for (size_t at = skip_plain(text, 0); at < text.len; at = skip_plain(text, at)) {
        size_t whole = utf8_length_at(text, at);
        if (whole > 1) {
            at += whole;
            continue;
        }
        buf_put(buf, str_slice(text, start, at));
        put_escape(buf, (unsigned char)text.data[at]);
        start = ++at;
    }
    buf_put(buf, str_slice(text, start, text.len));
}

void json_put_string(Buf *buf, Str text)
{
    buf_put_char(buf, '"');
    json_put_characters(buf, text);
    buf_put_char(buf, '"');
}

/* value as whole / 10^places with the fewest places, when `whole` is exact: the quotient of two exact numbers is
 * rounded once, as reading the text is, so equal quotients mean that the text reads back equal. */
static bool put_decimal(Buf *buf, double value)
{
    static const double TENS[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    const double exact = 9007199254740992; /* 2^53 */
    char digits[32];

    for (int places = 0; places < 10; places++) {
        double whole = nearbyint(value * TENS[places]);
        if (fabs(whole) >= exact)
            return false;
        if (whole / TENS[places] != value)
            continue;
        uint64_t rest = (uint64_t)fabs(whole);
        size_t at = sizeof digits;
        for (int i = 0; i < places || rest > 0 || i == places; i++, rest /= 10) {
            if (i == places && places > 0)
                digits[--at] = '.';
            digits[--at] = (char)('0' + rest % 10);
        }
        if (signbit(value))
            digits[--at] = '-';
        buf_put(buf, (Str){digits + at, sizeof digits - at});
        return true;
    }
    return false;
}

void json_put_number(Buf *buf, double value)
{
    char text[DECIMAL_TEXT];
    int precision = 15;
    size_t len;

    assert(isfinite(value));
    if (value == 0) { /* "-0" would come back as the whole number 0 */
        buf_put(buf, signbit(value) ? STR("-0.0") : STR("0"));
        return;
    }
    len = decimal_print(value, text);
    if (len > 0) {
        buf_put(buf, (Str){text, len});
        return;
    }
    if (put_decimal(buf, value))
        return;
    do
        (void)snprintf(text, sizeof text, "%.*g", precision, value);
    while (precision++ < 17 && strtod(text, NULL) != value);
    buf_put(buf, str_from(text));
}

void json_put_bool(Buf *buf, bool value)
{
    buf_put(buf, value ? STR("true") : STR("false"));
}

void json_put_member(Buf *buf, const char *name, Str text)
{
    char last = buf->len > 0 ? buf->data[buf->len - 1] : '{';

    buf_format(buf, "%s\"%s\":", last == '{' || last == ',' ? "" : ",", name);
    json_put_string(buf, text);
}

void json_put_time(Buf *buf, int64_t time_us)
{
    char text[TIME_TEXT];
    size_t len = time_print(text, time_us);

    buf_put_char(buf, '"');
    buf_put(buf, (Str){text, len});
    buf_put_char(buf, '"');
}
