/* Sentences with gaps, as content writes them: {name} takes a value, {name:은} the value and the Korean particle that fits
 * it (particle.h). */
#ifndef NERDX_BASE_TEMPLATE_H
#define NERDX_BASE_TEMPLATE_H

#include "base/str.h"

typedef struct Slot {
    const char *name; /* NULL ends a list early */
    Str value;
} Slot;

/* A gap that no slot is named after becomes nothing; one that is never closed stays as it is. */
Str template_fill(Arena *arena, Str text, const Slot *slots, size_t count);

#endif
