/* The other generator: a language model speaks as an agent, sentence by sentence, from what was looked up and what it looks up
 * by itself. What it says goes out only guarded and grounded. It comes before the narrator in the table of generators (turn.c) and
 * leaves the turn to the narrator when it fails before its first token.
 *
 *     TRY(improviser_create(&config, &improviser));
 *     … turn_improvise(turn, &way) …     STRAIGHT: it has spoken; ASIDE: the narrator is to; STOP: the turn waits for the model */
#ifndef NERDX_SERVICES_AGENTS_LLM_IMPROVISER_H
#define NERDX_SERVICES_AGENTS_LLM_IMPROVISER_H

#include "base/asset.h"
#include "llm/llm.h"
#include "services/agents/tools/tool.h"

typedef struct Improviser Improviser;
typedef struct Improvisation Improvisation; /* one answer that is being made */

typedef struct ImproviserConfig {
    Llm *llm; /* NULL: the prompt is checked, but nobody speaks */
    AssetTable content;
    const char *folder; /* of the agent */
    Str prompt;         /* its file there */
    Str house;          /* whose prompt has what this one doesn't say; empty: nobody's */
    const Tool *tools;  /* must outlive it, as llm must */
    size_t tool_count;
    Metrics *metrics; /* improviser_metrics_create */
} ImproviserConfig;

/* Errors: INVALID naming what is wrong in the prompt. */
Err improviser_create(const ImproviserConfig *config, Improviser **out);
void improviser_destroy(Improviser *improviser); /* accepts NULL */

/* Answers, fallbacks and why, sentences that were withheld and why; of all improvisers. */
Metrics *improviser_metrics_create(void); /* metrics_destroy */

#endif
