#include "base/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

typedef struct Reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the one being looked at */
} Reader;

static void reader_finish(Reader *reader)
{
    yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
}

__attribute__((format(printf, 2, 3))) static Err refuse(size_t line, const char *format, ...)
{
    char text[ERR_TEXT];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err(INVALID, "line %zu: %s", line + 1, text);
}

static Err next_event(Reader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return OK;
    const char *problem = reader->parser.problem ? reader->parser.problem : "not YAML";
    return refuse(reader->parser.problem_mark.line, "%s", problem);
}

static Err check_plain_features(const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return refuse(event->start_mark.line, "anchor &%s: anchors are not supported, write the value out",
                      (const char *)anchor);
    if (tag)
        return refuse(event->start_mark.line, "tag %s: tags are not supported, leave it out",
                      (const char *)tag);
    return OK;
}

/* ---- scalars: YAML 1.2.2, section 10.3.2 (the core schema) */

static bool is_one_of(Str text, const char *const *words)
{
    for (; *words; words++)
        if (str_equal(text, str_from(*words)))
            return true;
    return false;
}

static size_t span(Str text, size_t at, const char *set)
{
    size_t start = at;

    while (at < text.len && text.data[at] && strchr(set, text.data[at]))
        at++;
    return at - start;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool looks_like_float(Str text)
{
    const char *digits = "0123456789";
    size_t at = text.len > 0 && strchr("+-", text.data[0]) ? 1 : 0;
    size_t whole = span(text, at, digits);
    size_t fraction = 0;

    at += whole;
    if (at < text.len && text.data[at] == '.') {
        fraction = span(text, ++at, digits);
        at += fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        at += at < text.len && (text.data[at] == '-' || text.data[at] == '+');
        size_t exponent = span(text, at, digits);
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return at == text.len;
}

/* [-+]? [0-9]+ in base 10, 0o[0-7]+, 0x[0-9a-fA-F]+; 0 when it is no whole number. */
static int base_of_integer(Str text)
{
    size_t sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');

    if (text.len > 2 && str_starts(text, STR("0o")))
        return span(text, 2, "01234567") == text.len - 2 ? 8 : 0;
    if (text.len > 2 && str_starts(text, STR("0x")))
        return span(text, 2, "0123456789abcdefABCDEF") == text.len - 2 ? 16 : 0;
    return text.len > sign && span(text, sign, "0123456789") == text.len - sign ? 10 : 0;
}

static Err read_integer(size_t line, Str text, int base, json_t **out)
{
    errno = 0;
    long long value = strtoll(text.data + (base == 10 ? 0 : 2), NULL, base);
    if (errno == ERANGE)
        return refuse(line, "%.*s is larger than a 64-bit number; put it in quotes", STR_ARG(text));
    *out = json_integer(value);
    return OK;
}

static Err read_float(size_t line, Str text, json_t **out)
{
    double value = strtod(text.data, NULL);

    if (!isfinite(value))
        return refuse(line, "%.*s is larger than a number can be; put it in quotes", STR_ARG(text));
    *out = json_real(value);
    return OK;
}

static Err read_plain(size_t line, Str text, json_t **out)
{
    static const char *const NULLS[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const TRUES[] = {"true", "True", "TRUE", NULL};
    static const char *const FALSES[] = {"false", "False", "FALSE", NULL};
    int base = base_of_integer(text);

    if (base)
        return read_integer(line, text, base, out);
    if (looks_like_float(text))
        return read_float(line, text, out);
    if (is_one_of(text, NULLS))
        *out = json_null();
    else if (is_one_of(text, TRUES))
        *out = json_true();
    else if (is_one_of(text, FALSES))
        *out = json_false();
    else
        *out = json_stringn(text.data, text.len);
    return OK;
}

static Err read_scalar(const yaml_event_t *event, json_t **out)
{
    size_t line = event->start_mark.line;
    Str text = {(const char *)event->data.scalar.value, event->data.scalar.length};

    TRY(check_plain_features(event, event->data.scalar.anchor, event->data.scalar.tag));
    if (memchr(text.data, '\0', text.len))
        return refuse(line, "the character \\0 is not allowed");
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return read_plain(line, text, out);
    *out = json_stringn(text.data, text.len);
    return OK;
}

/* ---- collections */

static Err read_value(Reader *reader, int depth, json_t **out);

static Err read_sequence(Reader *reader, int depth, json_t **out)
{
    const yaml_event_t *event = &reader->event;
    AUTO_JSON json_t *array = json_array();

    TRY(check_plain_features(event, event->data.sequence_start.anchor, event->data.sequence_start.tag));
    for (;;) {
        json_t *value = NULL;
        TRY(next_event(reader));
        if (event->type == YAML_SEQUENCE_END_EVENT)
            break;
        TRY(read_value(reader, depth, &value));
        json_array_append_new(array, value);
    }
    *out = json_incref(array);
    return OK;
}

static Err read_key(Reader *reader, const json_t *object, char **out)
{
    const yaml_event_t *event = &reader->event;
    AUTO_JSON json_t *checked = NULL;

    if (event->type != YAML_SCALAR_EVENT)
        return refuse(event->start_mark.line, "a key must be a word, not a list or a map");
    TRY(read_scalar(event, &checked));
    const char *key = (const char *)event->data.scalar.value;
    if (json_object_get(object, key))
        return refuse(event->start_mark.line, "the key %s is there twice", key);
    *out = strdup(key);
    return OK;
}

static void free_key(char **key)
{
    free(*key);
}

static Err read_mapping(Reader *reader, int depth, json_t **out)
{
    const yaml_event_t *event = &reader->event;
    AUTO_JSON json_t *object = json_object();

    TRY(check_plain_features(event, event->data.mapping_start.anchor, event->data.mapping_start.tag));
    for (;;) {
        __attribute__((cleanup(free_key))) char *key = NULL;
        json_t *value = NULL;
        TRY(next_event(reader));
        if (event->type == YAML_MAPPING_END_EVENT)
            break;
        TRY(read_key(reader, object, &key));
        TRY(next_event(reader));
        TRY(read_value(reader, depth, &value));
        json_object_set_new(object, key, value);
    }
    *out = json_incref(object);
    return OK;
}

/* The value that begins with the event being looked at. */
static Err read_value(Reader *reader, int depth, json_t **out)
{
    const yaml_event_t *event = &reader->event;

    if (depth == YAML_MAX_DEPTH)
        return refuse(event->start_mark.line, "nested deeper than %d levels", YAML_MAX_DEPTH);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(event, out);
    case YAML_SEQUENCE_START_EVENT:
        return read_sequence(reader, depth + 1, out);
    case YAML_MAPPING_START_EVENT:
        return read_mapping(reader, depth + 1, out);
    case YAML_ALIAS_EVENT:
        return refuse(event->start_mark.line, "alias *%s: aliases are not supported, write the value out",
                      (const char *)event->data.alias.anchor);
    default:
        return refuse(event->start_mark.line, "a value is missing");
    }
}

static Err read_document(Reader *reader, json_t **out)
{
    TRY(next_event(reader)); /* start of the stream */
    TRY(next_event(reader));
    if (reader->event.type == YAML_STREAM_END_EVENT) {
        *out = json_null();
        return OK;
    }
    AUTO_JSON json_t *value = NULL;
    TRY(next_event(reader));
    TRY(read_value(reader, 0, &value));
    TRY(next_event(reader)); /* end of the document */
    TRY(next_event(reader));
    if (reader->event.type != YAML_STREAM_END_EVENT)
        return refuse(reader->event.start_mark.line, "a second document begins; one is allowed");
    *out = json_incref(value);
    return OK;
}

Err yaml_read(Str text, json_t **out)
{
    __attribute__((cleanup(reader_finish))) Reader reader = {0};

    *out = NULL;
    if (text.len > YAML_MAX_BYTES)
        return err(TOO_LARGE, "%zu bytes of YAML; at most %d are read", text.len, YAML_MAX_BYTES);
    if (!yaml_parser_initialize(&reader.parser))
        return err(INTERNAL, "the YAML reader can't be started");
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(text.data ? text.data : ""),
                                 text.len);
    return read_document(&reader, out);
}
