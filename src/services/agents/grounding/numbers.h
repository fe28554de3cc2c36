/* The numbers of a text in Korean and English: 12, 1,000, 6.5, 3만 5천, 오백 년, 열두 번, five hundred, nineteenth, March.
 * Texts are folded (text_fold). */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_NUMBERS_H
#define NERDX_SERVICES_AGENTS_GROUNDING_NUMBERS_H

#include "base/buf.h"
#include "services/agents/grounding/lexicon.h"

enum { UNIT_NONE = -1 };

typedef struct Number {
    double value;
    int unit;      /* row of the units, or UNIT_NONE */
    bool is_vague; /* "hundreds": somewhere from value to ten times that */
    Str text;      /* where it stands */
} Number;

typedef struct Numbers {
    Number *items;
    size_t count;
    size_t capacity;
} Numbers;

/* Adds the numbers of a text. of_evidence: also those that are no claims in a sentence ("one of them"). */
void numbers_read(const Lexicon *lexicon, Arena *arena, Str folded, bool of_evidence, Numbers *out);

Numbers numbers_copy(Arena *arena, const Numbers *numbers); /* without their texts */

/* Whether one of them says what the claim says. */
bool numbers_have(const Numbers *numbers, const Number *claim);

#endif
