/* What a text must have for a regular expression to match it: one of some literal strings, the needles. Looking for them costs a
 * fraction of the match, and most texts have none. The idea is Cox's (Regular Expression Matching with a Trigram Index,
 * 2012; RE2's prefilter); the search is Wu and Manber's without shifts (A fast algorithm for multi-pattern searching, 1994).
 *
 *     Needles *needles = needles_create(pattern, &arena, &open);
 *     if (!needles_may_be_in(needles, text)) none of the pattern's alternatives matches but those that are in `open` */
#ifndef NERDX_SERVICES_AGENTS_NEEDLES_H
#define NERDX_SERVICES_AGENTS_NEEDLES_H

#include "base/str.h"

typedef struct Needles Needles;

/* pattern: in PCRE2's syntax, caseless, UTF-8. *open: its alternatives of which nothing can be said, as a pattern; empty when there
 * are none. */
Needles *needles_create(Str pattern, Arena *arena, Str *open);
void needles_destroy(Needles *needles); /* accepts NULL */

/* False: no alternative of which something can be said matches the text. Letters of ASCII are the same in both cases.
 * Thread-safe. */
bool needles_may_be_in(const Needles *needles, Str text);

size_t needles_count(const Needles *needles);

#endif
