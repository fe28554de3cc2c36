/* The other generator: a language model speaks as Maeju, sentence by sentence, from what was looked up and what it looks up
 * by itself. What it says goes out only guarded and grounded. It comes before the narrator in the table of generators (turn.c) and
 * leaves the turn to the narrator when it fails before its first token.
 *
 *     TRY(improviser_create(llm, content, &improviser));
 *     … turn_improvise(turn, &way) …     STRAIGHT: it has spoken; ASIDE: the narrator is to; STOP: the turn waits for the model */
#ifndef NERDX_SERVICES_AGENTS_LLM_IMPROVISER_H
#define NERDX_SERVICES_AGENTS_LLM_IMPROVISER_H

#include "base/asset.h"
#include "llm/llm.h"

typedef struct Improviser Improviser;
typedef struct Improvisation Improvisation; /* one answer that is being made */

/* content: prompt.yaml below "maeju/"; llm must outlive it. Errors: INVALID naming what is wrong. */
Err improviser_create(Llm *llm, AssetTable content, Improviser **out);
void improviser_destroy(Improviser *improviser); /* accepts NULL */

/* Answers, fallbacks and why, sentences that were withheld and why. */
const Metrics *improviser_metrics(const Improviser *improviser);

#endif
