/* Whether a sentence rests on something: its numbers, dates, names and places must occur in what was looked up or in the
 * conversation, in either language and however they are written. Words alone, no I/O; which words are claims is content
 * (grounding.yaml).
 *
 *     grounds_init(&grounds, grounding, arena);
 *     grounds_add(&grounds, fact_text);                     as often as needed
 *     if (!grounding_holds(&grounds, sentence, &missing))   leave it out: `missing` is what nothing says */
#ifndef NERDX_SERVICES_AGENTS_GROUNDING_GROUNDING_H
#define NERDX_SERVICES_AGENTS_GROUNDING_GROUNDING_H

#include "base/asset.h"
#include "base/err.h"
#include "services/agents/grounding/grounds.h"

/* content: "maeju/grounding.yaml". Errors: INVALID naming what is wrong in it. */
Err grounding_create(AssetTable content, Grounding **out);
void grounding_destroy(Grounding *grounding); /* accepts NULL */
const Lexicon *grounding_lexicon(const Grounding *grounding);

/* All in the arena; for texts that are rested on again and again. */
void ground_make(const Grounding *rules, Arena *arena, Str text, Ground *out);
void ground_copy(Arena *arena, const Ground *ground, Ground *out);

void grounds_init(Grounds *grounds, const Grounding *rules, Arena *arena);
void grounds_add(Grounds *grounds, Str text); /* absent and empty texts add nothing */
void grounds_add_made(Grounds *grounds, const Ground *ground);

/* Whether everything that the sentence claims is there; if not, *missing is the first that isn't, in the arena. */
bool grounding_holds(Grounds *grounds, Str sentence, Str *missing);

#endif
