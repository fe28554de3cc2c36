#include "http/contract/refuse.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/utf8.h"

enum { SHOWN_BYTES = 48, PATH_BYTES = 72, NAMES_MAX = 64, PLACES_MAX = 256 };

/* The chain from the root down to place; the deepest places are left out when there are too many. */
static size_t places_from_root(const Place *place, const Place *places[PLACES_MAX])
{
    size_t depth = 0;

    for (const Place *p = place; p != NULL; p = p->parent)
        depth++;
    size_t at = depth;
    for (const Place *p = place; p != NULL; p = p->parent)
        if (--at < PLACES_MAX)
            places[at] = p;
    return depth < PLACES_MAX ? depth : PLACES_MAX;
}

/* One segment of an RFC 6901 pointer; returns its length, 0 when it doesn't fit. */
static size_t put_segment(char *out, size_t room, const Place *place)
{
    char digits[24];
    Str name = place->name;
    size_t len = 0;

    if (name.data == NULL)
        name = (Str){digits, (size_t)snprintf(digits, sizeof digits, "%zu", place->index)};
    if (room < 2 * name.len + 2)
        return 0;
    out[len++] = '/';
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '~' || name.data[i] == '/')
            out[len++] = '~';
        out[len++] = name.data[i] == '~' ? '0' : name.data[i] == '/' ? '1' : name.data[i];
    }
    return len;
}

/* Stops before the segment that doesn't fit: then it points at the value around the one refused. */
static void print_pointer(char out[ERR_POINTER], const Place *place)
{
    const Place *places[PLACES_MAX];
    size_t count = places_from_root(place, places);
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        size_t used = put_segment(out + len, ERR_POINTER - len, places[i]);
        if (used == 0)
            break;
        len += used;
    }
    out[len] = '\0';
}

/* "events[3].score" */
static void print_path(char out[PATH_BYTES], const Place *place)
{
    const Place *places[PLACES_MAX];
    size_t count = places_from_root(place, places);
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const Place *p = places[i];
        int used = p->name.data == NULL ? snprintf(out + len, PATH_BYTES - len, "[%zu]", p->index)
                                        : snprintf(out + len, PATH_BYTES - len, "%s%s", len > 0 ? "." : "",
                                                   show_text(p->name).text + 1);
        if (used < 0 || (size_t)used >= PATH_BYTES - len) {
            out[len] = '\0';
            return;
        }
        len += (size_t)used;
        if (p->name.data != NULL)
            out[--len] = '\0'; /* the closing quote */
    }
}

Err refuse(const Place *place, const char *message, ...)
{
    char path[PATH_BYTES], pointer[ERR_POINTER], text[ERR_TEXT];
    va_list args;

    va_start(args, message);
    (void)vsnprintf(text, sizeof text, message, args);
    va_end(args);
    print_path(path, place);
    print_pointer(pointer, place);
    return err_at(err(INVALID, "%s: %s", path[0] == '\0' ? "the input" : path, text), "%s", pointer);
}

Err refuse_count(const Place *place, const char *what, size_t count, size_t least, size_t most)
{
    if (most == SIZE_MAX)
        return refuse(place, "has %zu %s, at least %zu are needed", count, what, least);
    return refuse(place, "has %zu %s, outside %zu..%zu", count, what, least, most);
}

/* Control characters would spoil a log line or a terminal: they are shown as '.'. */
Shown show_text(Str text)
{
    Shown shown = {.text = "\""};
    size_t len = 1, end = utf8_cut_bytes(text, SHOWN_BYTES).len;

    for (size_t i = 0; i < end; i++)
        shown.text[len++] = iscntrl((unsigned char)text.data[i]) ? '.' : text.data[i];
    (void)snprintf(shown.text + len, sizeof shown.text - len, "%s\"", end < text.len ? "…" : "");
    return shown;
}

static void show_as(Shown *shown, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void show_as(Shown *shown, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(shown->text, sizeof shown->text, format, args);
    va_end(args);
}

Shown show_json(const json_t *json)
{
    Shown shown;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        show_as(&shown, "an object");
        break;
    case JSON_ARRAY:
        show_as(&shown, "an array");
        break;
    case JSON_STRING:
        show_as(&shown, "the string %s", show_text(json_str(json)).text);
        break;
    case JSON_INTEGER:
        show_as(&shown, "the number %" JSON_INTEGER_FORMAT, json_integer_value(json));
        break;
    case JSON_REAL:
        show_as(&shown, "the number %.15g", json_real_value(json));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        show_as(&shown, "%s", json_is_true(json) ? "true" : "false");
        break;
    case JSON_NULL:
        show_as(&shown, "null");
        break;
    }
    return shown;
}

Shown show_names(const void *table, size_t count, NameAt name_at)
{
    Shown shown = {0};
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        Str name = name_at(table, i);
        size_t room = sizeof shown.text - len - sizeof ", …";
        const char *comma = i > 0 ? ", " : "";
        if (name.len + strlen(comma) > room) {
            (void)snprintf(shown.text + len, sizeof shown.text - len, "%s…", comma);
            break;
        }
        len += (size_t)snprintf(shown.text + len, room + 1, "%s%.*s", comma, STR_ARG(name));
    }
    return shown;
}

Str nearest_name(Str came, const void *table, size_t count, NameAt name_at)
{
    const char *names[NAMES_MAX];
    size_t known = 0;

    for (size_t i = 0; i < count && known < NAMES_MAX; i++)
        if (name_at(table, i).len > 0)
            names[known++] = name_at(table, i).data;
    return str_from(near_miss(came, names, known));
}
