/* Text to the terms that it is found by, the same for what is indexed and what is asked.
 * Latin words are stemmed, Hangul loses its particles and is also cut into pairs of syllables (so that parts of
 * compounds are found), NERD12 is also nerd and 12. */
#ifndef NERDX_SERVICES_WORLD_ANALYSIS_H
#define NERDX_SERVICES_WORLD_ANALYSIS_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Word {
    Str surface; /* as it was written, a slice of the text */
    Str plain;   /* folded, without particles, not stemmed: for spelling */
    Str term;    /* what it is found by first */
    const Str *parts;
    size_t part_count; /* pairs of syllables or pieces of the word, besides the term */
    bool is_common;    /* says nothing about what is meant: the, 있나요 */
    bool is_hangul;
    bool is_predicate; /* has the ending of a Korean verb: 걸려요 */
} Word;

typedef struct Words {
    Word *items;
    size_t count;
} Words;

Words analyse(Arena *arena, Str text);

/* The term of an English word without -er or -est; absent when it has neither. */
Str uncompared(Arena *arena, Str plain);

/* Is there any Hangul in the text? */
bool is_korean(Str text);

#endif
