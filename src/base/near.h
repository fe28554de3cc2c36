/* "Did you mean …?": the known name that a mistyped one is nearest to. */
#ifndef NERDX_BASE_NEAR_H
#define NERDX_BASE_NEAR_H

#include "base/str.h"

/* The nearest of the names by Damerau-Levenshtein distance (insert, delete, change, swap neighbours), or NULL when more
 * than a third of its letters would have to change. */
const char *near_miss(Str name, const char *const *names, size_t count);

/* That distance (restricted: no letter is moved twice); SIZE_MAX when a text has more than NEAR_LONGEST bytes. */
enum { NEAR_LONGEST = 48 };
size_t near_distance(Str a, Str b);

#endif
