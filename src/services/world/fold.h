/* Text to comparable characters: lower case, no accents, full-width forms made plain, Hangul jamo (NFD) composed.
 * Each character knows which bytes it came from, so that words can be quoted as they were written. */
#ifndef NERDX_SERVICES_WORLD_FOLD_H
#define NERDX_SERVICES_WORLD_FOLD_H

#include "base/arena.h"
#include "base/str.h"

/* What runs of characters make words together. */
typedef enum Script { SCRIPT_NONE, SCRIPT_LATIN, SCRIPT_HANGUL, SCRIPT_HAN } Script;

typedef struct Folded {
    uint32_t code; /* Unicode scalar value after folding */
    Script script;
    uint32_t start; /* bytes [start, end) of the text it came from */
    uint32_t end;
} Folded;

/* Bytes that aren't UTF-8 separate words like blanks do. text: less than 4 GB. */
Folded *fold_text(Arena *arena, Str text, size_t *count);

/* UTF-8 of characters [from, from + count). */
Str folded_text(Arena *arena, const Folded *from, size_t count);

bool is_digit(const Folded *f);

/* Hangul syllables are regular: (initial * 21 + vowel) * 28 + final, from U+AC00 (Unicode, section 3.12). */
enum { HANGUL_FIRST = 0xAC00, HANGUL_LAST = 0xD7A3, HANGUL_FINALS = 28, HANGUL_VOWELS = 21 };
static inline bool is_syllable(uint32_t code)
{
    return code >= HANGUL_FIRST && code <= HANGUL_LAST;
}
static inline uint32_t hangul_final(uint32_t syllable)
{
    return (syllable - HANGUL_FIRST) % HANGUL_FINALS; /* 0 = none, 8 = rieul */
}

#endif
