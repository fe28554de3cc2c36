#include "llm/inside.h"

#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/awaited.h"

enum {
    US_PER_MS = 1000,
    US_PER_S = 1000000,
    FIRST_PAUSE_MS = 200,
    WORKERS = 8, /* threads for what is done about answers: enough for their commits to form groups */
    RETRY_TENTHS_MAX = 100, /* ten retries in hand … */
    RETRY_TENTHS = 10,      /* … each costs one, and each answer brings back a tenth */
};

static const BreakerLimits BREAKER_LIMITS = {.pause_ms = 2000, .silent_calls = 4};

LlmConfig llm_config_default(void)
{
    return (LlmConfig){
        .connect_ms = 2000,
        .first_token_ms = 15000,
        .idle_ms = 10000,
        .total_ms = 60000,
        .retries = 2,
        .concurrency = 64,
        .queue = 64,
        .max_tokens = 800,
        .temperature = 0.7,
    };
}

static Err open_client(const LlmConfig *config, HttpClient **out)
{
    HttpClientConfig http = {
        .name = "llm",
        .base_url = config->base_url,
        .connect_timeout_ms = config->connect_ms,
        .total_timeout_ms = config->total_ms,
        .max_body = LLM_EVENT_MAX,
        .max_idle = (size_t)config->concurrency,
        .max_open = (size_t)config->concurrency,
        .max_waiting = (size_t)config->queue,
        .is_outside = true,
    };

    return http_client_create(&http, out);
}

static char *auth_of(const char *key)
{
    AUTO_ARENA Arena scratch = {0};

    if (key == NULL || key[0] == '\0')
        return NULL;
    Str header = str_format(&scratch, "Bearer %s", key);
    char *copy = memory_copy_text(header.data);
    explicit_bzero((char *)header.data, header.len);
    return copy;
}

Err llm_create(const LlmConfig *config, Llm **out)
{
    HttpClient *http;

    *out = NULL;
    if (config->model == NULL || config->model[0] == '\0')
        return err(INVALID, "llm_model: which model %s is to answer with isn't said", config->base_url);
    TRY(open_client(config, &http));
    Llm *llm = memory_new(Llm);
    llm->config = *config;
    llm->config.base_url = memory_copy_text(config->base_url);
    llm->config.model = memory_copy_text(config->model);
    llm->config.key = NULL;
    llm->config.clock = config->clock != NULL ? config->clock : clock_system();
    llm->auth = auth_of(config->key);
    llm->http = http;
    /* A call under way has at most one piece of work there; those that pause before they try again come on top. */
    llm->workers = pool_create("llm", WORKERS, 2 * (size_t)(config->concurrency + config->queue) + WORKERS);
    llm->metrics = llm_metrics_create();
    breaker_init(&llm->breaker, llm->config.clock, BREAKER_LIMITS);
    atomic_init(&llm->extras, EXTRA_ALL);
    atomic_init(&llm->retry_tenths, RETRY_TENTHS_MAX);
    *out = llm;
    return OK;
}

void llm_destroy(Llm *llm)
{
    if (llm == NULL)
        return;
    pool_destroy(llm->workers);
    http_client_destroy(llm->http);
    breaker_finish(&llm->breaker);
    metrics_destroy(llm->metrics);
    if (llm->auth != NULL)
        explicit_bzero(llm->auth, strlen(llm->auth));
    memory_free(llm->auth);
    memory_free((char *)llm->config.base_url);
    memory_free((char *)llm->config.model);
    memory_free(llm);
}

const Metrics *llm_metrics(const Llm *llm)
{
    return llm->metrics;
}

/* --- trying again --- */

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static bool is_passing(const Err *e)
{
    return e->code == UNAVAILABLE || e->code == LIMITED;
}

/* What the server said, or longer each time, spread so that not all come back at once. */
static int64_t pause_us(const Err *e, int tries)
{
    int64_t longest = (int64_t)FIRST_PAUSE_MS * US_PER_MS << (tries - 1);

    if (e->retry_after_s > 0)
        return (int64_t)e->retry_after_s * US_PER_S;
    return longest / 2 + (int64_t)(random_u64() % (uint64_t)(longest / 2 + 1));
}

static bool take_from_budget(Llm *llm)
{
    if (atomic_fetch_sub(&llm->retry_tenths, RETRY_TENTHS) >= RETRY_TENTHS)
        return true;
    (void)atomic_fetch_add(&llm->retry_tenths, RETRY_TENTHS);
    return false;
}

static void add_to_budget(Llm *llm)
{
    if (atomic_load(&llm->retry_tenths) < RETRY_TENTHS_MAX)
        (void)atomic_fetch_add(&llm->retry_tenths, 1);
}

/* Only before the first token, and only if the pause leaves time for it; *when (monotonic) is after it. */
static bool tries_again(Llm *llm, const Attempt *attempt, const Err *e, int64_t *when)
{
    const LlmAnswer *answer = attempt->answer;

    if (answer->began || !is_passing(e) || answer->tries > llm->config.retries)
        return false;
    *when = now_us() + pause_us(e, answer->tries);
    if (*when >= attempt->first_until_us || !take_from_budget(llm))
        return false;
    llm_metrics_retry(llm->metrics);
    return true;
}

/* --- a call --- */

static const LlmOutcome OUTCOME_OF[ERR_CODE_COUNT] = {
    [NO_ERROR] = OUTCOME_OK,         [FORBIDDEN] = OUTCOME_REFUSED,   [INVALID] = OUTCOME_REFUSED,
    [LIMITED] = OUTCOME_LIMITED,     [INTERNAL] = OUTCOME_UNREADABLE, [UNAVAILABLE] = OUTCOME_UNAVAILABLE,
    [TIMED_OUT] = OUTCOME_TIMED_OUT, [GONE] = OUTCOME_CANCELLED,
};

static int64_t until(int64_t start_us, int ms, const Call *call)
{
    int64_t end = start_us + (int64_t)ms * US_PER_MS;

    return call->deadline_us != 0 && call->deadline_us < end ? call->deadline_us : end;
}

/* Whether the server is to be asked at all. */
static Err is_ready(Llm *llm)
{
    int64_t rest_us = atomic_load(&llm->rest_until_us) - now_us();

    if (rest_us > 0)
        return err_retry_after(err(LIMITED, "the language model is asked too much for now"),
                               (int)(rest_us / US_PER_S) + 1);
    if (!breaker_lets_through(&llm->breaker))
        return err_retry_after(err(UNAVAILABLE, "the language model can't be reached for now"),
                               BREAKER_LIMITS.pause_ms / 1000);
    return OK;
}

/* One call of llm_start, in the arena of its caller. */
typedef struct Asking {
    Attempt attempt;
    Call call;  /* the caller's, with the trace of the span */
    Span *span; /* NULL: nothing is recorded */
    int64_t start_us;
    LlmOver over;
} Asking;

/* As OpenTelemetry's conventions for generative AI have it; nothing of what was said. */
static void begin_span(Asking *asking)
{
    AUTO_ARENA Arena scratch = {0};
    const Llm *llm = asking->attempt.llm;

    if (!span_tracing())
        return;
    Span *span = asking->span = arena_new(asking->call.arena, Span);
    span_begin(span, SPAN_CLIENT, str_format(&scratch, "chat %s", llm->config.model).data,
               &asking->call.trace);
    if (!span->is_recorded)
        return;
    span_note_text(span, "gen_ai.operation.name", "chat");
    span_note_text(span, "gen_ai.provider.name", "openai"); /* as its API is, whoever speaks it */
    span_note_text(span, "gen_ai.request.model", llm->config.model);
    asking->call.trace = span->trace;
}

static void end_span(Asking *asking, const Err *e)
{
    const LlmAnswer *answer = asking->attempt.answer;

    if (asking->span == NULL)
        return;
    span_note_int(asking->span, "gen_ai.usage.input_tokens", answer->usage.input);
    span_note_int(asking->span, "gen_ai.usage.output_tokens", answer->usage.output);
    span_note_int(asking->span, "nerdx.llm.tries", answer->tries);
    (void)span_fail(asking->span, *e);
    (void)span_end(asking->span);
}

static void end(Asking *asking, Err e)
{
    const Attempt *attempt = &asking->attempt;
    Llm *llm = attempt->llm;

    breaker_note(&llm->breaker,
                 e.code == UNAVAILABLE || e.code == TIMED_OUT ? BREAKER_SILENT : BREAKER_ANSWERED);
    if (!failed(&e))
        add_to_budget(llm);
    llm_metrics_call(llm->metrics, OUTCOME_OF[e.code], now_us() - asking->start_us);
    llm_metrics_usage(llm->metrics, &attempt->answer->usage, &llm->config.prices);
    if (attempt->first_token_us != 0)
        llm_metrics_first_token(llm->metrics, attempt->first_token_us - asking->start_us);
    end_span(asking, &e);
    asking->over.over(asking->over.context, e);
}

/* Tries as often as it may. After an attempt has begun, it and all of this belong to whoever is told of its news. */
static void try(Asking *asking, int64_t when_us)
{
    Attempt *attempt = &asking->attempt;
    Err e;

    do {
        attempt->answer->tries++;
        e = attempt_begin(attempt, when_us);
    } while (failed(&e) && tries_again(attempt->llm, attempt, &e, &when_us));
    if (failed(&e))
        end(asking, e);
}

static void go_on(void *context)
{
    Asking *asking = context;
    int64_t when_us;
    Err e;

    if (!attempt_go_on(&asking->attempt, &e))
        return;
    if (failed(&e) && tries_again(asking->attempt.llm, &asking->attempt, &e, &when_us))
        try(asking, when_us);
    else
        end(asking, e);
}

/* On the thread of the client, which waits for all answers: the work is for others, unless even their queue is full. Nobody reads
 * while news are told, so that the sink may be asked. */
static void have_go_on(void *context)
{
    Asking *asking = context;
    const LlmSink *sink = &asking->attempt.sink;
    Pool *workers = asking->attempt.llm->workers;
    bool can_wait = sink->can_wait != NULL && sink->can_wait(sink->context);

    if (!(can_wait ? pool_submit_later : pool_submit)(workers, go_on, asking))
        go_on(asking);
}

void llm_start(Llm *llm, Call *call, const LlmRequest *request, const LlmSink *sink, LlmAnswer *out,
               LlmOver over)
{
    Asking *asking = arena_new(call->arena, Asking);

    *out = (LlmAnswer){0};
    asking->start_us = now_us();
    asking->over = over;
    asking->attempt = (Attempt){
        .llm = llm,
        .call = &asking->call,
        .request = request,
        .sink = *sink,
        .answer = out,
        .told = {have_go_on, asking},
        .first_until_us = until(asking->start_us, llm->config.first_token_ms, call),
        .total_until_us = until(asking->start_us, llm->config.total_ms, call),
    };
    asking->call = *call;
    Err e = is_ready(llm);
    if (!failed(&e)) {
        begin_span(asking);
        try(asking, 0);
        return;
    }
    llm_metrics_call(llm->metrics, OUTCOME_LEFT_ALONE, 0);
    http_client_leave_alone(llm->http);
    over.over(over.context, e);
}

Err llm_stream(Llm *llm, Call *call, const LlmRequest *request, const LlmSink *sink, LlmAnswer *out)
{
    Awaited awaited;

    awaited_init(&awaited);
    llm_start(llm, call, request, sink, out, (LlmOver){awaited_tell, &awaited});
    return awaited_wait(&awaited);
}
