/* How the contract says no: where in the input, what came, what would be right. */
#ifndef NERDX_HTTP_CONTRACT_REFUSE_H
#define NERDX_HTTP_CONTRACT_REFUSE_H

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

/* Where a value stands: a chain on the stack, from the value up to the root (NULL). */
typedef struct Place {
    const struct Place *parent;
    Str name; /* absent: an item of a list */
    size_t index;
} Place;

/* INVALID "events[3].score: <message>" at "/events/3/score". */
Err refuse(const Place *place, const char *message, ...) __attribute__((format(printf, 2, 3)));

/* The same for a number of things: "has 3 items, outside 1..2"; most SIZE_MAX = no bound. */
Err refuse_count(const Place *place, const char *what, size_t count, size_t least, size_t most);

/* A value as people read it in a message, cut when long. */
typedef struct Shown {
    char text[80];
} Shown;

Shown show_text(Str text);           /* quoted */
Shown show_json(const json_t *json); /* "the string "x"", "an array", "null" */

typedef Str (*NameAt)(const void *table, size_t index);

/* "ko, en": as many names of a table as fit. */
Shown show_names(const void *table, size_t count, NameAt name_at);

/* The name in a table that is nearest to what came, or the absent Str: for "did you mean". Names end in NUL. */
Str nearest_name(Str came, const void *table, size_t count, NameAt name_at);

#endif
