/* How much a message's meanings, words and parts of words speak for each outcome: a linear model (multinomial logistic regression)
 * whose weights tools/signs/learn.py makes from labelled messages, and which anybody can read in weights.yaml. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_SIGNS_H
#define NERDX_SERVICES_AGENTS_GUARDS_SIGNS_H

#include "api/agents.h"
#include "services/agents/guards/meanings.h"

enum { SIGN_OUTCOMES_MAX = CHAT_REPLY_OUTCOME_COUNT };

typedef struct Signs {
    Meanings meanings;
    ChatReplyOutcome outcomes[SIGN_OUTCOMES_MAX]; /* of the columns */
    size_t outcome_count;
    double bias[SIGN_OUTCOMES_MAX];
    StrIdMap rows; /* of words and parts; -> weights */
    int16_t (*weights)[SIGN_OUTCOMES_MAX];
    int16_t of_meanings[MEANINGS_MAX][SIGN_OUTCOMES_MAX];
    double rule;  /* how much a rule that is touched speaks for its outcome */
    double sure;  /* how much must speak for an outcome before it is one */
    double words; /* what the words weigh together, beside a meaning's 1 */
} Signs;

/* What a message is about, and log-odds of each outcome against that of nothing special. */
typedef struct Weighing {
    MeaningSet meanings;
    double odds[CHAT_REPLY_OUTCOME_COUNT];
} Weighing;

/* meanings, weights, how: of meanings.yaml, weights.yaml and guards.yaml's "signs", which must stay as the arena. Errors: INVALID
 * saying what is wrong in them. */
Err signs_read(const json_t *meanings, const json_t *weights, const json_t *how, const Letters *letters,
               Arena *arena, Signs *out);
void signs_finish(Signs *signs);

/* plain: plain_text. */
void signs_weigh(const Signs *signs, Arena *arena, Str plain, Weighing *out);

/* How much the meanings among `about` speak for an outcome; 0 when the message has none of them. */
double signs_weight_of(const Signs *signs, MeaningSet about, ChatReplyOutcome outcome);

#endif
