/* An answer put together from its chunks (chat.completion.chunk), or from one whole chat.completion. Pure: no I/O.
 *
 * Put up with, because servers do so: calls without an index, or all with index 0 (Ollama), or without an id; names sent
 * again with each fragment; arguments as an object; `function_call` of old; no choices; a role each time; null for what is
 * absent; reasoning, in fields of its own or in <think> at the start of the text: left out. */
#ifndef NERDX_LLM_CHUNK_H
#define NERDX_LLM_CHUNK_H

#include "llm/llm.h"

/* A call whose fragments are coming. */
typedef struct CallDraft {
    int64_t index; /* -1: none was given */
    Str id;
    Str name;
    Buf arguments;
} CallDraft;

typedef enum Thinking { THINKING_UNKNOWN, THINKING_INSIDE, THINKING_OUTSIDE } Thinking;

typedef struct Assembly {
    Arena *arena;
    const LlmSink *sink;
    CallDraft *calls; /* room for LLM_CALLS_MAX at the most; NULL before the first */
    size_t call_count;
    size_t call_room;
    size_t text_bytes;
    Thinking thinking;
    Buf held; /* text that may be, or is, the start of <think> or its end */
    bool began;
    bool finished; /* it said why it ended */
    LlmFinish finish;
    LlmUsage usage;
} Assembly;

void assembly_init(Assembly *assembly, Arena *arena, const LlmSink *sink);

/* Takes one chunk's JSON, or a whole completion's. Errors: INTERNAL for what can't be read or is over a limit; UNAVAILABLE for
 * an error that the server put in place of a chunk; what the sink says. */
Err assembly_take(Assembly *assembly, Str json);

/* What came, once no more will come. Errors: UNAVAILABLE when it was broken off or nothing was in it; the sink's. */
Err assembly_end(Assembly *assembly, LlmAnswer *out);

#endif
