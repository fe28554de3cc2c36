/* A language model behind any server that speaks OpenAI's chat completions (POST {base}/chat/completions): OpenAI itself,
 * Ollama, vLLM, llama.cpp and others, each with its own ways, which are put up with here.
 *
 *     LlmConfig config = llm_config_default();
 *     config.base_url = "http://127.0.0.1:11434/v1"; config.model = "qwen3";
 *     TRY(llm_create(&config, &llm));
 *     TRY(llm_stream(llm, call, &request, &sink, &answer));
 *
 * Everything is bounded: time to connect, to the first token, between tokens and in all; bytes of a line and of an answer;
 * calls of tools; requests at once and waiting. What fails before the first token is tried again within one budget; a
 * server that stays silent is left alone for a while. Counted at /metrics: requests, tokens, cost, times. */
#ifndef NERDX_LLM_LLM_H
#define NERDX_LLM_LLM_H

#include "base/clock.h"
#include "base/metrics.h"
#include "http/call.h"

typedef struct Llm Llm;

/* In millionths of a currency's unit (whichever: "dollars" says nothing here) for a million tokens. */
typedef struct LlmPrices {
    int64_t input;
    int64_t cached; /* input that the server had kept */
    int64_t output;
} LlmPrices;

typedef struct LlmConfig {
    const char *base_url; /* "https://api.openai.com/v1" */
    const char *model;
    const char *key; /* a bearer token, or NULL */
    int connect_ms;
    int first_token_ms; /* from the call, retries and waiting for a place included */
    int idle_ms;        /* between two signs of life after that */
    int total_ms;
    int retries;     /* of one call, at the most */
    int concurrency; /* requests at once */
    int queue;       /* and waiting for a place; more are turned away */
    int max_tokens;  /* of an answer */
    double temperature;
    LlmPrices prices;
    const Clock *clock; /* NULL = the system's */
} LlmConfig;

LlmConfig llm_config_default(void);

typedef enum LlmRole { LLM_SYSTEM, LLM_USER, LLM_ASSISTANT, LLM_TOOL, LLM_ROLE_COUNT } LlmRole;

typedef struct LlmToolCall {
    Str id;        /* never empty: made up where the server left it out */
    Str name;      /* as it came: there may be no such tool */
    Str arguments; /* as it came: may be no JSON */
} LlmToolCall;

typedef struct LlmMessage {
    LlmRole role;
    Str content;              /* absent: none */
    const LlmToolCall *calls; /* of the assistant */
    size_t call_count;
    Str call_id; /* which call a tool's content answers */
    const Str
        *parts; /* what content begins with: texts that many messages share needn't be copied for each */
    size_t part_count;
} LlmMessage;

typedef struct LlmTool {
    Str name;
    Str description;
    Json parameters; /* JSON Schema of an object */
} LlmTool;

/* Servers keep what requests begin with in common (prompt caching): what never changes goes first in messages. */
typedef struct LlmRequest {
    const LlmMessage *messages;
    size_t message_count;
    const LlmTool *tools;
    size_t tool_count;
    bool must_speak; /* the tools may not be called any more */
    Str cache_key;   /* what requests that begin alike have in common, or absent */
} LlmRequest;

/* Gets the answer's text as it comes, in pieces cut anywhere between characters. An error of its own ends the call
 * with it. */
typedef struct LlmSink {
    void *context;
    Err (*text)(void *context, Str piece);
    bool (*can_wait)(
        const void *context); /* whether what comes next may be heard behind what is urgent; NULL: no */
} LlmSink;

typedef struct LlmUsage {
    int64_t input;
    int64_t cached; /* of the input */
    int64_t output;
} LlmUsage;

typedef enum LlmFinish { LLM_STOPPED, LLM_TOO_LONG, LLM_FILTERED } LlmFinish;

enum {
    LLM_CALLS_MAX = 16,
    LLM_ARGUMENTS_MAX = 16 << 10, /* bytes of one call's */
    LLM_TEXT_MAX = 64 << 10,      /* bytes of an answer's text */
    LLM_EVENT_MAX = 256 << 10,    /* bytes of a line, or of an event */
    LLM_ANSWER_MAX = 8 << 20,     /* bytes of all that comes for one answer */
};

typedef struct LlmAnswer {
    bool began; /* some text went to the sink, also when the call failed then */
    LlmFinish finish;
    LlmToolCall *calls; /* in the arena of the call */
    size_t call_count;
    LlmUsage usage; /* zeros when the server didn't say */
    int tries;
} LlmAnswer;

/* Errors: INVALID for an address or a model that can't be one. Nothing is asked of the server yet. */
Err llm_create(const LlmConfig *config, Llm **out);
void llm_destroy(Llm *llm); /* accepts NULL */

/* Thread-safe; waits, while the sink is called on another thread. *out is filled in on errors too. Errors, all of them for the visitor to read:
 *  - UNAVAILABLE: it can't be reached, has too much to do, broke off, or is being left alone;
 *  - LIMITED: the server wants fewer requests; with the time to come back when it said so;
 *  - TIMED_OUT: a time of the configuration is over, or the call's deadline;
 *  - FORBIDDEN: it doesn't take the key; INTERNAL: it refused the request, or what it sent can't be read;
 *  - GONE: the call was cancelled, which is noticed within a tenth of a second;
 *  - those of the sink. */
Err llm_stream(Llm *llm, Call *call, const LlmRequest *request, const LlmSink *sink, LlmAnswer *out);

/* The same without waiting, and without holding a thread while it waits for the server. The sink and over are called on threads of
 * the model's own, one after another; over once, as the last, and possibly before llm_start returns. What request and sink
 * point to, and *out, must last until then. None of them may call llm_stream. */
typedef struct LlmOver {
    void (*over)(void *context, Err result); /* result: as llm_stream returns it */
    void *context;
} LlmOver;

void llm_start(Llm *llm, Call *call, const LlmRequest *request, const LlmSink *sink, LlmAnswer *out,
               LlmOver over);

/* Whether it answers, takes the key and has the model: *report is one line. For `nerdx doctor`. Errors as llm_stream. */
Err llm_check(Llm *llm, Arena *arena, Str *report);

const Metrics *llm_metrics(const Llm *llm);

#endif
