#include "llm/inside.h"

#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"

enum {
    US_PER_MS = 1000,
    US_PER_S = 1000000,
    NS_PER_US = 1000,
    FIRST_PAUSE_MS = 200,
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

static void sleep_us(int64_t us)
{
    struct timespec pause = {us / US_PER_S, us % US_PER_S * NS_PER_US};

    (void)nanosleep(&pause, NULL);
}

/* Only before the first token, and only if the pause leaves time for it. */
static bool tries_again(Llm *llm, const Attempt *attempt, const Err *e, const LlmAnswer *answer)
{
    if (answer->began || !is_passing(e) || answer->tries > llm->config.retries)
        return false;
    int64_t pause = pause_us(e, answer->tries);
    if (now_us() + pause >= attempt->first_until_us || !take_from_budget(llm))
        return false;
    llm_metrics_retry(llm->metrics);
    sleep_us(pause);
    return true;
}

static Err run(Llm *llm, const Attempt *attempt, LlmAnswer *out)
{
    Err e;

    do {
        out->tries++;
        e = attempt_run(attempt, out);
    } while (failed(&e) && tries_again(llm, attempt, &e, out));
    return e;
}

/* --- a call --- */

static const LlmOutcome OUTCOME_OF[ERR_CODE_COUNT] = {
    [NO_ERROR] = OUTCOME_OK,         [FORBIDDEN] = OUTCOME_REFUSED,   [INVALID] = OUTCOME_REFUSED,
    [LIMITED] = OUTCOME_LIMITED,     [INTERNAL] = OUTCOME_UNREADABLE, [UNAVAILABLE] = OUTCOME_UNAVAILABLE,
    [TIMED_OUT] = OUTCOME_TIMED_OUT,
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

static void count(Llm *llm, const Err *e, int64_t start_us, int64_t first_token_us, const LlmAnswer *out)
{
    llm_metrics_call(llm->metrics, OUTCOME_OF[e->code], now_us() - start_us);
    llm_metrics_usage(llm->metrics, &out->usage, &llm->config.prices);
    if (first_token_us != 0)
        llm_metrics_first_token(llm->metrics, first_token_us - start_us);
}

Err llm_stream(Llm *llm, Call *call, const LlmRequest *request, const LlmSink *sink, LlmAnswer *out)
{
    int64_t start_us = now_us(), first_token_us = 0;
    const Attempt attempt = {
        .llm = llm,
        .call = call,
        .request = request,
        .sink = sink,
        .first_until_us = until(start_us, llm->config.first_token_ms, call),
        .total_until_us = until(start_us, llm->config.total_ms, call),
        .first_token_us = &first_token_us,
    };

    *out = (LlmAnswer){0};
    Err e = is_ready(llm);
    if (failed(&e)) {
        llm_metrics_call(llm->metrics, OUTCOME_LEFT_ALONE, 0);
        return e;
    }
    e = run(llm, &attempt, out);
    breaker_note(&llm->breaker,
                 e.code == UNAVAILABLE || e.code == TIMED_OUT ? BREAKER_SILENT : BREAKER_ANSWERED);
    if (!failed(&e))
        add_to_budget(llm);
    count(llm, &e, start_us, first_token_us, out);
    return e;
}
