#include "base/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* RFC 8259 into jansson's values. jansson's own reader takes four times as long for a small request: it reads a
 * character at a time through a callback. Functions return false once refuse() has set the error. */

enum { MAX_NUMBER = 512, MAX_SHOWN = 40 }; /* characters of a number; of what came, in a message */

typedef struct Reader {
    const char *start;
    const char *at;
    const char *end;
    int depth;
    Arena scratch; /* strings that had escapes; mostly unused, and then it costs nothing */
    Err error;
} Reader;

static bool read_value(Reader *reader, json_t **out);

/* ---- refusing */

__attribute__((format(printf, 3, 4))) static bool refuse(Reader *reader, const char *at, const char *format,
                                                         ...)
{
    Str before = {reader->start, (size_t)(at - reader->start)};
    char text[ERR_TEXT];
    size_t line = 1;
    Str part = {0};
    va_list args;

    for (Str rest = before; str_split(&rest, '\n', &part) && rest.data;)
        line++;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    reader->error = err(INVALID, "line %zu, column %zu: %s", line, utf8_count(part) + 1, text);
    return false;
}

/* What is there is not what is wanted there. */
static bool expected(Reader *reader, const char *wanted)
{
    Str rest = {reader->at, (size_t)(reader->end - reader->at)};

    if (rest.len == 0)
        return refuse(reader, reader->at, "the text ends where %s was expected", wanted);
    if ((unsigned char)rest.data[0] < 0x20)
        return refuse(reader, reader->at, "found the control character U+%04X, expected %s",
                      (unsigned)rest.data[0], wanted);
    Str found = utf8_cut(rest, 1);
    return refuse(reader, reader->at, "found '%.*s', expected %s", STR_ARG(found), wanted);
}

/* ---- small steps */

static void skip_space(Reader *reader)
{
    while (reader->at < reader->end &&
           (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\r' || *reader->at == '\t'))
        reader->at++;
}

/* Takes the character, behind white space, when it is the next. */
static bool take(Reader *reader, char c)
{
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool is_digit(const Reader *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

static bool read_word(Reader *reader, Str word, json_t *value, json_t **out)
{
    if ((size_t)(reader->end - reader->at) < word.len || memcmp(reader->at, word.data, word.len) != 0)
        return expected(reader, "a value");
    reader->at += word.len;
    *out = value;
    return true;
}

/* ---- numbers */

/* Takes the number's characters by its grammar (RFC 8259, section 6); whole: it has no fraction nor exponent. */
static bool scan_number(Reader *reader, bool *whole)
{
    *whole = true;
    reader->at += *reader->at == '-';
    if (!is_digit(reader))
        return expected(reader, "a digit");
    if (*reader->at++ != '0')
        while (is_digit(reader))
            reader->at++;
    else if (is_digit(reader))
        return refuse(reader, reader->at, "a number can't begin with 0 and another digit");
    if (reader->at < reader->end && *reader->at == '.') {
        *whole = false;
        reader->at++;
        if (!is_digit(reader))
            return expected(reader, "a digit");
        while (is_digit(reader))
            reader->at++;
    }
    if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
        *whole = false;
        reader->at++;
        reader->at += reader->at < reader->end && (*reader->at == '+' || *reader->at == '-');
        if (!is_digit(reader))
            return expected(reader, "a digit");
        while (is_digit(reader))
            reader->at++;
    }
    return true;
}

/* "-12.50" with up to 15 digits: both numbers of the quotient are exact, so it is rounded once, as strtod would. */
static bool read_short_decimal(Str text, double *out)
{
    static const double TENS[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t sign = text.data[0] == '-';
    int64_t digits = 0;
    size_t places = 0;
    bool behind_point = false;

    if (text.len - sign > 16)
        return false;
    for (size_t i = sign; i < text.len; i++) {
        if (text.data[i] == '.') {
            behind_point = true;
            continue;
        }
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        digits = digits * 10 + (text.data[i] - '0');
        places += behind_point;
    }
    double value = (double)digits / TENS[places];
    *out = sign ? -value : value;
    return true;
}

static bool refuse_size(Reader *reader, Str number, const char *most)
{
    Str shown = str_slice(number, 0, MAX_SHOWN);

    return refuse(reader, number.data, "%.*s%s is larger than %s", STR_ARG(shown),
                  number.len > shown.len ? "..." : "", most);
}

static bool read_real(Reader *reader, Str text, json_t **out)
{
    char terminated[MAX_NUMBER + 1];
    double value;

    if (!read_short_decimal(text, &value)) {
        memcpy(terminated, text.data, text.len);
        terminated[text.len] = '\0';
        value = strtod(terminated, NULL);
        if (!isfinite(value))
            return refuse_size(reader, text, "a number can be");
    }
    *out = json_real(value);
    return true;
}

static bool read_number(Reader *reader, json_t **out)
{
    const char *start = reader->at;
    int64_t integer;
    bool whole;

    if (!scan_number(reader, &whole))
        return false;
    Str text = {start, (size_t)(reader->at - start)};
    if (text.len > MAX_NUMBER)
        return refuse(reader, start, "a number of %zu characters; at most %d are read", text.len, MAX_NUMBER);
    if (!whole)
        return read_real(reader, text, out);
    if (!str_to_int(text, &integer))
        return refuse_size(reader, text, "a 64-bit number");
    *out = json_integer(integer);
    return true;
}

/* ---- strings */

static bool read_hex4(Reader *reader, uint32_t *out)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++, reader->at++) {
        char c = reader->at < reader->end ? *reader->at : '\0';
        int digit = c >= '0' && c <= '9'                 ? c - '0'
                    : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                         : -1;
        if (digit < 0)
            return expected(reader, "a hexadecimal digit");
        value = value << 4 | (uint32_t)digit;
    }
    *out = value;
    return true;
}

/* Behind "\u": one code point, from one or two escapes. */
static bool read_code_point(Reader *reader, uint32_t *out)
{
    const char *start = reader->at - 2;
    uint32_t low = 0;

    if (!read_hex4(reader, out))
        return false;
    if (*out == 0)
        return refuse(reader, start, "the character \\u0000 is not allowed");
    if (*out < 0xD800 || *out > 0xDFFF)
        return true;
    if (*out < 0xDC00 && reader->end - reader->at >= 2 && reader->at[0] == '\\' && reader->at[1] == 'u') {
        reader->at += 2;
        if (!read_hex4(reader, &low))
            return false;
    }
    if (low < 0xDC00 || low > 0xDFFF)
        return refuse(reader, start, "half of a surrogate pair");
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* Behind a '\\'. */
static bool read_escape(Reader *reader, Buf *out)
{
    static const char PLAIN[] = "\"\\/bfnrt";
    static const char MEANT[] = "\"\\/\b\f\n\r\t";
    uint32_t code_point = 0;
    const char *known =
        reader->at < reader->end && *reader->at ? memchr(PLAIN, *reader->at, sizeof PLAIN - 1) : NULL;
    if (known) {
        buf_put_char(out, MEANT[known - PLAIN]);
        reader->at++;
        return true;
    }
    if (reader->at == reader->end || *reader->at != 'u')
        return expected(reader, "one of \" \\ / b f n r t u after a backslash");
    reader->at++;
    if (!read_code_point(reader, &code_point))
        return false;
    out->len += utf8_encode(code_point, buf_reserve(out, 4));
    return true;
}

/* To the next quote, backslash or control character. */
static Str take_run(Reader *reader)
{
    const char *start = reader->at;

    while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' &&
           (unsigned char)*reader->at >= 0x20)
        reader->at++;
    return (Str){start, (size_t)(reader->at - start)};
}

/* Behind the opening quote. The text is part of the input, or, when it has escapes, lives in scratch. */
static bool read_text(Reader *reader, Str *out)
{
    Buf text = {.arena = &reader->scratch};

    *out = take_run(reader);
    if (reader->at < reader->end && *reader->at == '\\') {
        buf_put(&text, *out);
        while (reader->at < reader->end && *reader->at == '\\') {
            reader->at++;
            if (!read_escape(reader, &text))
                return false;
            buf_put(&text, take_run(reader));
        }
        *out = buf_str(&text);
    }
    if (reader->at == reader->end || *reader->at != '"')
        return expected(reader, "the rest of the string and its closing quote");
    reader->at++;
    return true;
}

static bool read_string(Reader *reader, json_t **out)
{
    Str text;

    reader->at++;
    if (!read_text(reader, &text))
        return false;
    *out = json_stringn_nocheck(text.data, text.len);
    return true;
}

/* ---- objects and arrays */

static bool enter(Reader *reader)
{
    if (++reader->depth > JSON_MAX_DEPTH)
        return refuse(reader, reader->at, "nested deeper than %d levels", JSON_MAX_DEPTH);
    reader->at++;
    return true;
}

static bool read_member(Reader *reader, json_t *object)
{
    size_t before = json_object_size(object);
    json_t *value;
    Str key;

    skip_space(reader);
    const char *start = reader->at;
    if (!take(reader, '"'))
        return expected(reader, "a key in quotes");
    if (!read_text(reader, &key))
        return false;
    if (!take(reader, ':'))
        return expected(reader, "':'");
    if (!read_value(reader, &value))
        return false;
    json_object_setn_new_nocheck(object, key.data, key.len, value);
    if (json_object_size(object) == before) {
        Str shown = utf8_cut(key, MAX_SHOWN);
        return refuse(reader, start, "the key \"%.*s\" is there twice", STR_ARG(shown));
    }
    return true;
}

static bool read_members(Reader *reader, json_t *object)
{
    if (!enter(reader))
        return false;
    if (!take(reader, '}')) {
        do {
            if (!read_member(reader, object))
                return false;
        } while (take(reader, ','));
        if (!take(reader, '}'))
            return expected(reader, "',' or '}'");
    }
    reader->depth--;
    return true;
}

static bool read_items(Reader *reader, json_t *array)
{
    if (!enter(reader))
        return false;
    if (!take(reader, ']')) {
        do {
            json_t *item;
            if (!read_value(reader, &item))
                return false;
            json_array_append_new(array, item);
        } while (take(reader, ','));
        if (!take(reader, ']'))
            return expected(reader, "',' or ']'");
    }
    reader->depth--;
    return true;
}

static bool read_inside(Reader *reader, json_t *container, bool (*read)(Reader *reader, json_t *container),
                        json_t **out)
{
    if (!read(reader, container)) {
        json_decref(container);
        return false;
    }
    *out = container;
    return true;
}

static bool read_value(Reader *reader, json_t **out)
{
    skip_space(reader);
    switch (reader->at < reader->end ? *reader->at : '\0') {
    case '{':
        return read_inside(reader, json_object(), read_members, out);
    case '[':
        return read_inside(reader, json_array(), read_items, out);
    case '"':
        return read_string(reader, out);
    case 't':
        return read_word(reader, STR("true"), json_true(), out);
    case 'f':
        return read_word(reader, STR("false"), json_false(), out);
    case 'n':
        return read_word(reader, STR("null"), json_null(), out);
    case '-':
    case '0' ... '9':
        return read_number(reader, out);
    default:
        return expected(reader, "a value");
    }
}

static bool read_whole(Reader *reader, json_t **out)
{
    Str text = {reader->start, (size_t)(reader->end - reader->start)};
    size_t valid = utf8_valid_until(text);

    if (valid < text.len)
        return refuse(reader, reader->start + valid, "not UTF-8");
    if (!read_value(reader, out))
        return false;
    skip_space(reader);
    return reader->at == reader->end || expected(reader, "the end of the text");
}

Err json_read(Str text, json_t **out)
{
    const char *start = text.data ? text.data : "";
    Reader reader = {.start = start, .at = start, .end = start + text.len};
    AUTO_JSON json_t *value = NULL;

    *out = NULL;
    bool whole = read_whole(&reader, &value);
    arena_finish(&reader.scratch);
    if (!whole)
        return reader.error;
    *out = json_incref(value);
    return OK;
}
