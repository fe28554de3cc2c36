#include "llm/inside.h"

typedef enum Row {
    ROW_REQUESTS,
    ROW_RETRIES,
    ROW_TOKENS,
    ROW_COST,
    ROW_FIRST_TOKEN,
    ROW_DURATION,
    ROW_COUNT
} Row;

static const char *const OUTCOMES[OUTCOME_COUNT] = {
    [OUTCOME_OK] = "ok",
    [OUTCOME_REFUSED] = "refused",
    [OUTCOME_LIMITED] = "limited",
    [OUTCOME_UNAVAILABLE] = "unavailable",
    [OUTCOME_TIMED_OUT] = "timed_out",
    [OUTCOME_UNREADABLE] = "unreadable",
    [OUTCOME_LEFT_ALONE] = "left_alone",
    [OUTCOME_CANCELLED] = "cancelled",
};

enum { TOKENS_INPUT, TOKENS_CACHED, TOKENS_OUTPUT, TOKENS_COUNT };
static const char *const TOKENS[TOKENS_COUNT] = {"input", "cached", "output"};

static const Metric ROWS[ROW_COUNT] = {
    [ROW_REQUESTS] = {METRIC_COUNTER, "nerdx_llm_requests_total",
                      "Answers asked of the language model, by what came of it.",
                      .labels = {{"outcome", OUTCOMES, OUTCOME_COUNT}}},
    [ROW_RETRIES] = {METRIC_COUNTER, "nerdx_llm_retries_total", "Requests to it that were sent again."},
    [ROW_TOKENS] = {METRIC_COUNTER, "nerdx_llm_tokens_total",
                    "Tokens it counted; cached ones are not among the input.",
                    .labels = {{"type", TOKENS, TOKENS_COUNT}}},
    [ROW_COST] = {METRIC_COUNTER, "nerdx_llm_cost_total",
                  "What they cost by the prices of the options, in their currency.", .unit = 1e9},
    [ROW_FIRST_TOKEN] = {METRIC_HISTOGRAM, "nerdx_llm_first_token_seconds", "Time to the first token.",
                         .unit = 1e6, .buckets = METRIC_LATENCY_US, .bucket_count = METRIC_LATENCY_COUNT},
    [ROW_DURATION] = {METRIC_HISTOGRAM, "nerdx_llm_request_seconds", "Time to the end of the answer.",
                      .unit = 1e6, .buckets = METRIC_LATENCY_US, .bucket_count = METRIC_LATENCY_COUNT},
};

Metrics *llm_metrics_create(void)
{
    return metrics_create(ROWS, ROW_COUNT);
}

void llm_metrics_retry(Metrics *metrics)
{
    metrics_add(metrics, ROW_RETRIES, metrics_series(metrics, ROW_RETRIES, 0, 0), 1);
}

void llm_metrics_call(Metrics *metrics, LlmOutcome outcome, int64_t duration_us)
{
    metrics_add(metrics, ROW_REQUESTS, metrics_series(metrics, ROW_REQUESTS, outcome, 0), 1);
    metrics_observe(metrics, ROW_DURATION, metrics_series(metrics, ROW_DURATION, 0, 0), duration_us);
}

void llm_metrics_first_token(Metrics *metrics, int64_t after_us)
{
    metrics_observe(metrics, ROW_FIRST_TOKEN, metrics_series(metrics, ROW_FIRST_TOKEN, 0, 0), after_us);
}

/* In billionths of the currency's unit: a token at one per million costs a thousand of them. */
static int64_t cost_nanos(int64_t tokens, int64_t price)
{
    return (int64_t)((double)tokens * (double)price / 1e3);
}

void llm_metrics_usage(Metrics *metrics, const LlmUsage *usage, const LlmPrices *prices)
{
    int64_t cached = usage->cached < usage->input ? usage->cached : usage->input;
    const int64_t tokens[TOKENS_COUNT] = {usage->input - cached, cached, usage->output};
    const int64_t price[TOKENS_COUNT] = {prices->input, prices->cached, prices->output};
    int64_t cost = 0;

    for (size_t i = 0; i < TOKENS_COUNT; i++) {
        metrics_add(metrics, ROW_TOKENS, metrics_series(metrics, ROW_TOKENS, i, 0), tokens[i]);
        cost += cost_nanos(tokens[i], price[i]);
    }
    metrics_add(metrics, ROW_COST, metrics_series(metrics, ROW_COST, 0, 0), cost);
}
