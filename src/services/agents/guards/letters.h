/* Letters that are read as others: look-alikes of other scripts, and spellings that sound the same. A table of content. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_LETTERS_H
#define NERDX_SERVICES_AGENTS_GUARDS_LETTERS_H

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

typedef struct LetterPair {
    uint32_t seen;
    uint32_t meant;
} LetterPair;

typedef struct Letters {
    const LetterPair *pairs; /* sorted by what is seen */
    size_t count;
} Letters;

/* map: {seen: meant}, a character each. Errors: INVALID naming the pair. The arena keeps the pairs. */
Err letters_read(const json_t *map, const char *name, Arena *arena, Letters *out);

uint32_t letters_meant(const Letters *letters, uint32_t seen);
Str letters_apply(const Letters *letters, Arena *arena, Str text);

#endif
