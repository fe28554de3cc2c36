/* Words as single letters, Hangul taken apart into jamo, so that one slip of the finger is one edit. */
#ifndef NERDX_SERVICES_WORLD_LETTERS_H
#define NERDX_SERVICES_WORLD_LETTERS_H

#include "base/arena.h"
#include "base/str.h"

enum { LETTERS_MAX = 64 };

typedef struct Letters {
    uint16_t items[LETTERS_MAX];
    size_t count;
} Letters;

/* False when the word is too long to be anybody's slip. */
bool letters_of(Str folded, Letters *out);

/* Are the two the same but for one letter more, less, other, or two neighbours swapped (Damerau 1964)? */
bool letters_one_slip_apart(const Letters *a, const Letters *b);

/* The letters without the one at `without` (LETTERS_MAX: all of them), as a key. */
Str letters_key(Arena *arena, const Letters *letters, size_t without);

#endif
