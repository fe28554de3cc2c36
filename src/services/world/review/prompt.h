/* What a language model is told before it reads a passage, in the passage's language: content/world/prose.yaml, with the
 * vocabulary of the schema. The same for every passage but for the last message, so that servers can keep it. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_PROMPT_H
#define NERDX_SERVICES_WORLD_REVIEW_PROMPT_H

#include "base/asset.h"
#include "services/world/catalogue.h"
#include "services/world/ingest/passages.h"

typedef struct Prompt Prompt;

/* Errors: INVALID when prose.yaml lacks something, INTERNAL when there is none. */
Err prompt_create(AssetTable content, const Schema *schema, Prompt **out);
void prompt_destroy(Prompt *prompt); /* accepts NULL */

/* The two messages: how to read, which is the prompt's, and the passage with the entities it mentions. */
typedef struct PromptText {
    Str rules;
    Str passage;
} PromptText;
PromptText prompt_fill(const Prompt *prompt, Arena *arena, const Catalogue *catalogue, Str document,
                       const Passage *passage);

#endif
