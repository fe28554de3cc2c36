/* What a text must have for a regular expression to match it: one of some literal strings, the needles. Looking for them costs a
 * fraction of the match, and most texts have none. The idea is Cox's (Regular Expression Matching with a Trigram Index,
 * 2012; RE2's prefilter); the search is Wu and Manber's without shifts (A fast algorithm for multi-pattern searching, 1994).
 *
 *     Needles *needles = needles_create(pattern);          NULL: nothing can be said of the pattern
 *     if (needles != NULL && !needles_may_be_in(needles, text)) return false;   it can't match */
#ifndef NERDX_SERVICES_AGENTS_NEEDLES_H
#define NERDX_SERVICES_AGENTS_NEEDLES_H

#include "base/str.h"

typedef struct Needles Needles;

/* pattern: in PCRE2's syntax, caseless, UTF-8. What it doesn't know makes it say nothing. */
Needles *needles_create(Str pattern);
void needles_destroy(Needles *needles); /* accepts NULL */

/* False: the pattern doesn't match the text. Letters of ASCII are the same in both cases. Thread-safe. */
bool needles_may_be_in(const Needles *needles, Str text);

size_t needles_count(const Needles *needles);

#endif
