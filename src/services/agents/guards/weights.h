/* How much each meaning, and two of them together, speak for each outcome, as tools/signs/learn.py writes it into weights.tsv: a line for each sign, a column for
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
} Weights;

/* table: weights.tsv; the arena must stay. Errors: INVALID saying what is wrong in it. */
Err weights_read(Str table, const Meanings *meanings, Arena *arena, Weights *out);

#endif
