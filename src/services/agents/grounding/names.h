/* Names, titles and places in a sentence, and whether they occur in what it may rest on. For grounding.c. */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_NAMES_H
#define NERDX_SERVICES_AGENTS_GROUNDING_NAMES_H

#include "services/agents/grounding/grounds.h"

/* Texts of a Grounds as names look them up. */
typedef struct Evidence {
    const Lexicon *lexicon;
    Arena *arena;
    const Grounds *grounds;
} Evidence;

/* The first name in the sentence that doesn't occur; absent when all do. numbers: those of the folded sentence, which are no
 * names ("이천 년"). */
Str names_missing_latin(const Evidence *evidence, Str sentence);
Str names_missing_hangul(const Evidence *evidence, Str folded, const Numbers *numbers);
Str names_missing_titles(const Evidence *evidence, Str sentence);

#endif
