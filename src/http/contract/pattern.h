/* Regular expressions of the contract (the subset of ECMA-262 that tools/apigen accepts), matched by PCRE2.
 * A Pattern is compiled when it is first needed, by whichever thread comes first, and kept for good. */
#ifndef NERDX_HTTP_CONTRACT_PATTERN_H
#define NERDX_HTTP_CONTRACT_PATTERN_H

#include <stdbool.h>

#include "base/str.h"

/* How much work one match may be (steps of PCRE2's matcher): a pattern can't be used to burn time. */
enum { PATTERN_MATCH_LIMIT = 100000 };

typedef struct Pattern {
    const char *text;
    void *compiled; /* atomic: NULL until it is first needed */
} Pattern;

typedef enum PatternMatch { PATTERN_DIFFERS, PATTERN_MATCHES, PATTERN_TOO_COSTLY } PatternMatch;

/* text must be valid UTF-8. */
PatternMatch pattern_match(Pattern *pattern, Str text);

#endif
