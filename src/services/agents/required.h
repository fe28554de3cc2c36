/* Which strings a regular expression can't do without; for needles.c. */
#ifndef NERDX_SERVICES_AGENTS_REQUIRED_H
#define NERDX_SERVICES_AGENTS_REQUIRED_H

#include "base/str.h"

enum { REQUIRED_MAX = 4096, NEEDLE_MIN = 3 };

/* One of these is in every text that matches, in small letters; none: nothing is required. */
typedef struct StrSet {
    const Str *items;
    size_t count;
} StrSet;

/* Each is NEEDLE_MIN bytes long at least. White space in the text must be single spaces. */
StrSet required_of(Arena *arena, Str pattern);

/* The first alternative of a pattern, taken off it; false when nothing is left. */
bool required_next_alternative(Str *pattern, Str *alternative);

#endif
