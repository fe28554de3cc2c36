/* "Did you mean …?": the known name that a mistyped one is nearest to. */
#ifndef NERDX_BASE_NEAR_H
#define NERDX_BASE_NEAR_H

#include "base/str.h"

/* The nearest of the names by Damerau-Levenshtein distance (insert, delete, change, swap neighbours), or NULL when more
 * than a third of its letters would have to change. */
const char *near_miss(Str name, const char *const *names, size_t count);

#endif
