/* Leaves out what a model thinks aloud before it answers, where its server doesn't: <think> … </think> at the start of the
 * text (DeepSeek-R1, Qwen3 and others without a reasoning parser). For chunk.c only. */
#ifndef NERDX_LLM_THINKING_H
#define NERDX_LLM_THINKING_H

#include "llm/chunk.h"

/* Passes on to the sink what is no thinking. Errors: the sink's. */
Err thinking_pass(Assembly *assembly, Str text);

/* No more will come: what was held back because it looked like the start of thinking wasn't. */
Err thinking_end(Assembly *assembly);

#endif
