/* How much the letters of a message speak for each outcome: every two to five characters in a row, within words and across, its longer
 * words, and two words in a row, each in one of so many buckets by its hash. tools/signs/learn.py writes the table (grams.bin):
 * "NXGRAMS1", then, least byte first in four bytes each, the numbers of buckets (a power of two) and of outcomes and how many make
 * a weight of 1, then a signed byte for each outcome of each bucket. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_GRAMS_H
#define NERDX_SERVICES_AGENTS_GUARDS_GRAMS_H

#include "base/err.h"
#include "services/agents/guards/wording.h"

enum { GRAM_MIN = 2, GRAM_MAX = 5, GRAM_BUCKETS_MAX = 1 << 20, GRAM_OUTCOMES_MAX = 8 };

typedef struct Grams {
    const int8_t *weights; /* of bucket b for outcome o: [b * outcome_count + o] */
    uint32_t bucket_count;
    size_t outcome_count;
    double unit; /* what a weight of 1 in the table is */
} Grams;

/* Of a message, and of what was said before it: the same letters weigh differently there. */
typedef enum GramsOf { GRAMS_OF_MESSAGE, GRAMS_OF_EARLIER } GramsOf;

/* table: grams.bin, whose bytes must stay. Errors: INVALID when it isn't one, or not for so many outcomes. */
Err grams_read(Str table, size_t outcome_count, Grams *out);

/* Adds to odds[outcome] what the texts speak for it. What they have in common counts once, and all of it together weighs as much as
 * `share` times the root of how much it is. */
void grams_add(const Grams *grams, Arena *arena, GramsOf of, const Wording *texts, size_t count, double share,
               double *odds);

#endif
