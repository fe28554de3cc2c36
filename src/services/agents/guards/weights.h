/* How much each sign speaks for each outcome, as tools/signs/learn.py writes it into weights.tsv: a line for each sign, a column for
 * each outcome, in hundredths. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_WEIGHTS_H
#define NERDX_SERVICES_AGENTS_GUARDS_WEIGHTS_H

#include "api/agents.h"
#include "services/agents/guards/meanings.h"

enum { SIGN_OUTCOMES_MAX = 8 };

typedef int16_t SignWeights[SIGN_OUTCOMES_MAX];

/* Two meanings in one message. */
typedef struct SignPair {
    MeaningSet both;
    SignWeights weights;
} SignPair;

typedef struct Weights {
    ChatReplyOutcome outcomes[SIGN_OUTCOMES_MAX]; /* of the columns */
    size_t outcome_count;
    SignWeights bias;
    SignWeights of_meanings[MEANINGS_MAX];
    SignPair *pairs;
    size_t pair_count;
    size_t pair_capacity;
    StrIdMap rows;         /* of words, parts, and words in a row; -> of_words */
    SignWeights *of_words; /* room for as many as the table has lines */
    size_t word_count;
} Weights;

/* table: weights.tsv, whose bytes must stay, as the arena. Errors: INVALID saying what is wrong in it. */
Err weights_read(Str table, const Meanings *meanings, Arena *arena, Weights *out);
void weights_finish(Weights *weights);

#endif
