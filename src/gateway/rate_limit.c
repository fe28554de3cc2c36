#include "gateway/rate_limit.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

enum {
    MINUTE_MS = 60 * 1000,
    HOUR_MS = 60 * MINUTE_MS,
    WINDOWS = 2,
    KEY = CONSUMER_TEXT + LIMIT_NAME + 8,
    POLICY = 128,
    RESULTS = 1 + 2 * WINDOWS
};

/* --- the decision --- */

/* arguments: for each window how many, and its length; results: allowed, and for each window how many are counted and
 * when it ends. */
static Err decide_in_memory(KvCells *cells, const int64_t *arguments, int64_t *results)
{
    results[0] = 1;
    for (size_t i = 0; i < WINDOWS; i++)
        results[0] = results[0] && cells->cells[i].value < arguments[2 * i];
    for (size_t i = 0; i < WINDOWS; i++) {
        KvCell *cell = &cells->cells[i];
        int64_t length = arguments[2 * i + 1];
        int64_t left_ms = length - cells->now_ms % length;
        cell->value += results[0];
        cell->left_ms = left_ms;
        cell->is_changed = results[0];
        results[1 + 2 * i] = cell->value;
        results[2 + 2 * i] = left_ms;
    }
    return OK;
}

static const char DECIDE_IN_LUA[] = "local time = redis.call('TIME') "
                                    "local now = time[1] * 1000 + math.floor(time[2] / 1000) "
                                    "local counts, allowed = {}, 1 "
                                    "for i = 1, 2 do "
                                    "  counts[i] = tonumber(redis.call('GET', KEYS[i]) or '0') "
                                    "  if counts[i] >= tonumber(ARGV[2 * i - 1]) then allowed = 0 end "
                                    "end "
                                    "local results = {allowed} "
                                    "for i = 1, 2 do "
                                    "  local left = ARGV[2 * i] - now % ARGV[2 * i] "
                                    "  if allowed == 1 then "
                                    "    counts[i] = counts[i] + 1 "
                                    "    redis.call('SET', KEYS[i], counts[i], 'PXAT', now + left) "
                                    "  end "
                                    "  results[2 * i] = counts[i] "
                                    "  results[2 * i + 1] = left "
                                    "end "
                                    "return results";

static const KvOperation DECIDE = {
    .name = "decide on a limit",
    .lua = DECIDE_IN_LUA,
    .embedded = decide_in_memory,
    .key_count = WINDOWS,
    .argument_count = 2 * WINDOWS,
    .result_count = RESULTS,
};

typedef struct Question {
    char room[WINDOWS][KEY];
    Str keys[WINDOWS];
    int64_t arguments[2 * WINDOWS];
} Question;

static size_t put(char *room, size_t at, Str text)
{
    memcpy(room + at, text.data, text.len);
    return at + text.len;
}

/* "rate:default:m:203.0.113.7", without printf: it would be a third of a decision's cost. A consumer's text is shorter than
 * CONSUMER_TEXT. */
static Str write_key(const LimitClass *class, Str unit, Str consumer, char room[static KEY])
{
    size_t len = put(room, 0, STR("rate:"));

    assert(consumer.len < CONSUMER_TEXT);
    len = put(room, len, str_from(class->name));
    len = put(room, len, unit);
    return (Str){room, put(room, len, consumer)};
}

static void ask_about(const LimitClass *class, Str consumer, Question *out)
{
    out->keys[0] = write_key(class, STR(":m:"), consumer, out->room[0]);
    out->keys[1] = write_key(class, STR(":h:"), consumer, out->room[1]);
    memcpy(out->arguments, (int64_t[]){class->per_minute, MINUTE_MS, class->per_hour, HOUR_MS},
           sizeof out->arguments);
}

static RateVerdict verdict_of(const LimitClass *class, const int64_t *results)
{
    return (RateVerdict){
        .is_allowed = results[0] != 0,
        .minute_left = class->per_minute - results[1],
        .minute_ends_ms = results[2],
        .hour_left = class->per_hour - results[3],
        .hour_ends_ms = results[4],
    };
}

Err rate_limit_ask(Kv *kv, const LimitClass *class, Str consumer, RateVerdict *out)
{
    int64_t results[RESULTS];
    Question question;

    ask_about(class, consumer, &question);
    TRY(kv_run(kv, &DECIDE, question.keys, question.arguments, results));
    *out = verdict_of(class, results);
    return OK;
}

/* --- the filter --- */

enum { DECISIONS, ROW_COUNT };
enum { ALLOWED, REFUSED, UNDECIDED };
static const char *const DECIDED[] = {"allowed", "refused", "undecided"};

static const Metric ROWS[ROW_COUNT] = {
    [DECISIONS] =
        {METRIC_COUNTER, "nerdx_rate_limit_decisions_total",
         "Requests the limiter let through or refused; undecided: the store didn't answer, and they passed.",
         .labels = {{"decision", DECIDED, sizeof DECIDED / sizeof *DECIDED}}},
};

struct RateLimiter {
    Kv *kv;
    Limits limits;
    Proxies proxies;
    char policies[LIMIT_CLASSES][POLICY];
    Metrics *metrics;
};

RateLimiter *rate_limiter_create(Kv *kv, const Limits *limits, const Proxies *proxies)
{
    RateLimiter *limiter = memory_new(RateLimiter);

    *limiter = (RateLimiter){.kv = kv, .limits = *limits, .proxies = *proxies};
    for (size_t i = 0; i < limits->count; i++)
        (void)snprintf(limiter->policies[i], POLICY,
                       "\"minute\";q=%" PRId64 ";w=60, \"hour\";q=%" PRId64 ";w=3600",
                       limits->classes[i].per_minute, limits->classes[i].per_hour);
    limiter->metrics = metrics_create(ROWS, ROW_COUNT);
    return limiter;
}

void rate_limiter_destroy(RateLimiter *limiter)
{
    if (!limiter)
        return;
    metrics_destroy(limiter->metrics);
    memory_free(limiter);
}

const Metrics *rate_limiter_metrics(const RateLimiter *limiter)
{
    return limiter->metrics;
}

static int seconds(int64_t ms)
{
    return (int)((ms + 999) / 1000);
}

/* "minute";r=59;t=30: as the key, without printf. */
static void put_left(Buf *out, Str window, int64_t left, int64_t ends_ms)
{
    buf_put(out, window);
    buf_put_int(out, left);
    buf_put(out, STR(";t="));
    buf_put_int(out, seconds(ends_ms));
}

static void announce(const RateLimiter *limiter, Exchange *exchange, const LimitClass *class,
                     const RateVerdict *verdict)
{
    const char *policy = limiter->policies[class - limiter->limits.classes];
    Buf left;

    buf_init(&left, &exchange->arena, POLICY);
    put_left(&left, STR("\"minute\";r="), verdict->minute_left, verdict->minute_ends_ms);
    put_left(&left, STR(", \"hour\";r="), verdict->hour_left, verdict->hour_ends_ms);
    exchange_put_header(exchange, "RateLimit-Policy", policy);
    exchange_put_header(exchange, "RateLimit", buf_str(&left).data);
}

static Err judge(const RateLimiter *limiter, Exchange *exchange, const LimitClass *class,
                 const RateVerdict *verdict)
{
    bool hour_is_over = verdict->hour_left <= 0;
    int64_t ends_ms = hour_is_over ? verdict->hour_ends_ms : verdict->minute_ends_ms;

    announce(limiter, exchange, class, verdict);
    metrics_add(limiter->metrics, DECISIONS,
                metrics_series(limiter->metrics, DECISIONS, verdict->is_allowed ? ALLOWED : REFUSED, 0), 1);
    if (verdict->is_allowed)
        return OK;
    return err_retry_after(
        err(LIMITED, "These were %" PRId64 " requests within this %s, as many as it may have.",
            hour_is_over ? class->per_hour : class->per_minute, hour_is_over ? "hour" : "minute"),
        seconds(ends_ms));
}

/* Fault tolerant. */
static Err pass_undecided(const RateLimiter *limiter)
{
    metrics_add(limiter->metrics, DECISIONS, metrics_series(limiter->metrics, DECISIONS, UNDECIDED, 0), 1);
    return OK;
}

static Err limit_here(void *context, Exchange *exchange)
{
    const RateLimiter *limiter = context;
    char room[CONSUMER_TEXT];
    RateVerdict verdict;

    if (!exchange->limit_class)
        return OK;
    const LimitClass *class = limits_find(&limiter->limits, str_from(exchange->limit_class));
    Err e = rate_limit_ask(limiter->kv, class, consumer_of(&limiter->proxies, exchange, room), &verdict);
    return failed(&e) ? pass_undecided(limiter) : judge(limiter, exchange, class, &verdict);
}

/* --- the same, without waiting for a store that is elsewhere --- */

typedef struct Waiting {
    const RateLimiter *limiter;
    const LimitClass *class;
    Exchange *exchange;
    DecidedFn decided;
    void *request;
} Waiting;

static void on_verdict(void *context, Err result, const int64_t *results)
{
    const Waiting *waiting = context;

    if (failed(&result)) {
        waiting->decided(waiting->request, pass_undecided(waiting->limiter));
        return;
    }
    RateVerdict verdict = verdict_of(waiting->class, results);
    waiting->decided(waiting->request, judge(waiting->limiter, waiting->exchange, waiting->class, &verdict));
}

static void limit_elsewhere(void *context, Exchange *exchange, DecidedFn decided, void *request)
{
    const RateLimiter *limiter = context;
    char room[CONSUMER_TEXT];
    Question question;

    Waiting *waiting = arena_alloc(&exchange->arena, sizeof *waiting);
    *waiting = (Waiting){limiter, limits_find(&limiter->limits, str_from(exchange->limit_class)), exchange,
                         decided, request};
    ask_about(waiting->class, consumer_of(&limiter->proxies, exchange, room), &question);
    kv_start(limiter->kv, &DECIDE, question.keys, question.arguments, on_verdict, waiting);
}

Filter rate_limiter_filter(RateLimiter *limiter)
{
    if (kv_blocks(limiter->kv))
        return (Filter){.decide = limit_elsewhere, .context = limiter};
    return (Filter){.before = limit_here, .context = limiter};
}
