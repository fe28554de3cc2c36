/* Slips of spelling and digits for letters, in the words that rules are about. Latin script; Hangul's slips are letters that
 * sound the same, and are a table (letters.h). */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_SPELLING_H
#define NERDX_SERVICES_AGENTS_GUARDS_SPELLING_H

#include "base/json.h"
#include "services/agents/guards/letters.h"
#include "services/agents/text.h"

typedef struct Spelling {
    Texts words; /* that are looked for in mistyped ones */
    Texts right; /* that look like slips of those and are none */
} Spelling;

/* Words one slip (two in long ones) from one of spelling's, with the same first letter, written as that one; empty when
 * there is none. A slip is a letter more, less, changed, or two swapped (Damerau-Levenshtein). */
Str spelling_correct(const Spelling *spelling, Arena *arena, Str plain);

/* "1gn0re" as "ignore": digits and signs inside words with letters; empty when there are none. */
Str digits_as_letters(const Letters *digits, Arena *arena, Str plain);

#endif
