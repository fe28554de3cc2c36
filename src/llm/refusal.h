/* What a server means that answers with an error instead of an answer; for the files of this folder only. */
#ifndef NERDX_LLM_REFUSAL_H
#define NERDX_LLM_REFUSAL_H

#include "base/str.h"
#include "http/client.h"

/* A status that is no success. Errors as llm_stream. */
Err refusal_of(const HttpReply *reply);

/* An error where a chunk should be. */
Err refusal_in_stream(Str json);

/* Parts of a request that not every server takes, and that it goes without; a bit each. */
typedef enum Extra {
    EXTRA_STREAM_OPTIONS = 1 << 0,
    EXTRA_TEMPERATURE = 1 << 1,
    EXTRA_MAX_TOKENS = 1 << 2, /* without it, max_completion_tokens is sent in its place */
    EXTRA_CACHE_KEY = 1 << 3,
    EXTRA_TOOLS = 1 << 4,
    EXTRA_ALL = (1 << 5) - 1,
} Extra;

/* Which of the extras a refusal (status 400, 422 …) is about; 0 when it is about none. */
unsigned refusal_blames(const HttpReply *reply, unsigned sent);

#endif
