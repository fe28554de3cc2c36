/* How much a message's meanings and its letters in a row speak for each outcome: a linear model (multinomial logistic regression)
 * whose weights tools/signs/learn.py makes from labelled messages: those of meanings can be read in weights.tsv. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_SIGNS_H
#define NERDX_SERVICES_AGENTS_GUARDS_SIGNS_H

#include "api/agents.h"
#include "services/agents/guards/grams.h"
#include "services/agents/guards/meanings.h"
#include "services/agents/guards/weights.h"

typedef struct Signs {
    Meanings meanings;
    Weights weights;
    Grams grams;
    double rule;   /* how much a rule that is touched speaks for its outcome */
    double graver; /* how much must speak for a graver outcome whose rule is touched, beside a likelier one */
    double sure;   /* how much must speak for an outcome before it is one */
    double
        doubtful; /* how much for what no world of drinks is about makes it doubtful that this one knows of it */
    double unnamed;   /* how much must speak for it when no word says what it is about */
    double again;     /* how much a message itself must speak for what was plain before */
    unsigned lasting; /* bit i: outcome i stays plain */
    double letters;   /* what the letters weigh together, beside a meaning's 1 */
    double together;  /* what two meanings weigh for being together */
} Signs;

/* What a message is about, and log-odds of each outcome against that of nothing special. */
typedef struct Weighing {
    MeaningSet meanings;
    double odds[CHAT_REPLY_OUTCOME_COUNT];
} Weighing;

/* meanings, weights, grams, how: of meanings.yaml, weights.tsv, grams.bin and guards.yaml's "signs", which must stay as the arena. Errors: INVALID
 * saying what is wrong in them. */
Err signs_read(const json_t *meanings, Str weights, Str grams, const json_t *how, const Letters *letters,
               Arena *arena, Signs *out);
void signs_finish(Signs *signs);

/* plain: plain_text. before: what was said before and counts as said with it, each as plain_text; its letters share a weight
 * of their own. */
void signs_weigh(const Signs *signs, Arena *arena, Str plain, Texts before, Weighing *out);

/* How much the meanings among `about` speak for an outcome; 0 when the message has none of them. */
double signs_weight_of(const Signs *signs, MeaningSet about, ChatReplyOutcome outcome);

#endif
