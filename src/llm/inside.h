/* The room from inside. Arrows: llm -> attempt -> chunk -> plain_chunk, fragments, thinking, refusal; llm, check -> body. */
#ifndef NERDX_LLM_INSIDE_H
#define NERDX_LLM_INSIDE_H

#include <stdatomic.h>

#include "base/breaker.h"
#include "base/pool.h"
#include "base/span.h"
#include "http/event_reader.h"
#include "http/client.h"
#include "llm/chunk.h"
#include "llm/refusal.h"

struct Llm {
    LlmConfig config; /* its texts are ours */
    char *auth;       /* value of the Authorization header, or NULL */
    HttpClient *http;
    Pool *workers; /* what is done about pieces of answers */
    Breaker breaker;
    Metrics *metrics;
    atomic_uint extras;            /* those that the server hasn't refused */
    atomic_int retry_tenths;       /* what is left of the retry budget that all calls share */
    _Atomic int64_t rest_until_us; /* the server said when to come back */
};

typedef enum Form { FORM_UNKNOWN, FORM_EVENTS, FORM_JSON } Form;

/* The answer to one request. */
typedef struct Reading {
    Assembly assembly;
    EventReader events;
    Buf whole; /* an answer that isn't streamed, though it was asked for */
    Form form;
    size_t bytes;
    int64_t sign_us; /* monotonic: the last sign of life */
    bool done;       /* [DONE] */
} Reading;

/* One request, as often as the server refuses an extra of it. The caller has filled in the first part. */
typedef struct Attempt {
    Llm *llm;
    Call *call;
    const LlmRequest *request;
    LlmSink sink;
    LlmAnswer *answer;
    HttpTold told;          /* has attempt_go_on called */
    int64_t first_until_us; /* monotonic: the first token must be there */
    int64_t total_until_us;
    int64_t first_token_us; /* when it was there; 0: it isn't */

    unsigned extras;
    HttpReader reader;
    HttpStream *stream;
    HttpReply reply;
    Reading reading;
} Attempt;

/* attempt.c. Sends the request, not before then (monotonic; 0 = now). After OK it belongs to whoever is told. Errors: how it ended
 * at once. */
Err attempt_begin(Attempt *attempt, int64_t not_before_us);

/* Reads what has come. False: it goes on, and belongs to whoever is told. True: it is over; *result and *answer as of llm_stream. */
bool attempt_go_on(Attempt *attempt, Err *result);

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
    OUTCOME_CANCELLED,
    OUTCOME_COUNT
} LlmOutcome;
Metrics *llm_metrics_create(void);
void llm_metrics_retry(Metrics *metrics);
void llm_metrics_call(Metrics *metrics, LlmOutcome outcome, int64_t duration_us);
void llm_metrics_first_token(Metrics *metrics, int64_t after_us);
void llm_metrics_usage(Metrics *metrics, const LlmUsage *usage, const LlmPrices *prices);

#endif
