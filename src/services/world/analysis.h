/* Text to the terms that it is found by, the same for what is indexed and what is asked.
 * Latin words are stemmed, Hangul loses its particles and is also cut into pairs of syllables (so that parts of
 * compounds are found, and what one writes together and another apart), NERD12 is also nerd and 12.
 * Words and pairs are two kinds of terms: 누룩 as a word isn't the 누룩 of 전통누룩 (index.h keeps them apart). */
#ifndef NERDX_SERVICES_WORLD_ANALYSIS_H
#define NERDX_SERVICES_WORLD_ANALYSIS_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Word {
    Str surface; /* as it was written, a slice of the text */
    Str plain;   /* folded, without particles, not stemmed: for spelling */
    Str term;    /* what it is found by first */
    const Str *pieces;
    size_t piece_count; /* words that it is made of: nerd, 12 */
    const Str *pairs;
    size_t pair_count; /* pairs of its syllables, a short word is its own; and its root */
    Str root;  /* what the forms of a Korean verb have in common: 끓이 of 끓여; absent when there is none */
    Str joint; /* the pair across the blank before it: 쌀 막 of 이천쌀 막걸리; absent when there is none */
    bool is_common; /* says nothing about what is meant: the, 있나요 */
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
