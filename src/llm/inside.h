/* The room from inside. Arrows: llm -> attempt -> chunk -> fragments, thinking, refusal; llm, check -> body. */
#ifndef NERDX_LLM_INSIDE_H
#define NERDX_LLM_INSIDE_H

#include <stdatomic.h>

#include "base/breaker.h"
#include "http/client.h"
#include "llm/chunk.h"
#include "llm/refusal.h"

struct Llm {
    LlmConfig config; /* its texts are ours */
    char *auth;       /* value of the Authorization header, or NULL */
    HttpClient *http;
    Breaker breaker;
    Metrics *metrics;
    atomic_uint extras;            /* those that the server hasn't refused */
    atomic_int retry_tenths;       /* what is left of the retry budget that all calls share */
    _Atomic int64_t rest_until_us; /* the server said when to come back */
};

/* One request, as often as the server refuses an extra of it. */
typedef struct Attempt {
    Llm *llm;
    Call *call;
    const LlmRequest *request;
    const LlmSink *sink;
    int64_t first_until_us; /* monotonic: the first token must be there */
    int64_t total_until_us;
    int64_t *first_token_us; /* filled in: when it was there */
} Attempt;

/* attempt.c. *out as of llm_stream. */
Err attempt_run(const Attempt *attempt, LlmAnswer *out);

/* body.c: the request's JSON, with these extras. */
Json body_write(Arena *arena, const LlmConfig *config, const LlmRequest *request, unsigned extras);

/* metrics.c */
typedef enum LlmOutcome {
    OUTCOME_OK,
    OUTCOME_REFUSED,
    OUTCOME_LIMITED,
    OUTCOME_UNAVAILABLE,
    OUTCOME_TIMED_OUT,
    OUTCOME_UNREADABLE,
    OUTCOME_LEFT_ALONE,
    OUTCOME_COUNT
} LlmOutcome;
Metrics *llm_metrics_create(void);
void llm_metrics_retry(Metrics *metrics);
void llm_metrics_call(Metrics *metrics, LlmOutcome outcome, int64_t duration_us);
void llm_metrics_first_token(Metrics *metrics, int64_t after_us);
void llm_metrics_usage(Metrics *metrics, const LlmUsage *usage, const LlmPrices *prices);

#endif
