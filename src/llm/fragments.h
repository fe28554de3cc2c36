/* Calls of tools put together from their fragments; for chunk.c only. */
#ifndef NERDX_LLM_FRAGMENTS_H
#define NERDX_LLM_FRAGMENTS_H

#include "llm/chunk.h"

/* tool_calls of a delta or a message; anything that is no array is passed over. Errors: INTERNAL over a limit. */
Err fragments_take(Assembly *assembly, const json_t *calls);

/* The same for function_call, which came before tool_calls. */
Err fragments_take_old(Assembly *assembly, const json_t *function);

/* Those that have a name, in the order they came. */
void fragments_join(Assembly *assembly, LlmAnswer *out);

#endif
