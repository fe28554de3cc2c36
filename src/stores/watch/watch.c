#include "stores/watch/watch.h"

#include "base/clock.h"
#include "base/memory.h"

enum { CALLS, SECONDS, ACTIVE, LIMIT, WAITING, ROW_COUNT };

static const char *const KINDS[STORE_CALL_KINDS] = {[STORE_READ] = "read",
                                                    [STORE_TRANSACTION] = "transaction",
                                                    [STORE_COMMIT] = "commit",
                                                    [STORE_OTHER] = "other"};

/* What came of a call: the store's own troubles apart from a refusal that was the caller's wish. */
typedef enum Ending {
    ENDED_OK,
    ENDED_REFUSED,
    ENDED_CONFLICT,
    ENDED_UNAVAILABLE,
    ENDED_TIMED_OUT,
    ENDED_FAULT,
    ENDINGS
} Ending;
static const char *const ENDING_NAMES[ENDINGS] = {
    [ENDED_OK] = "ok",
    [ENDED_REFUSED] = "refused",
    [ENDED_CONFLICT] = "conflict",
    [ENDED_UNAVAILABLE] = "unavailable",
    [ENDED_TIMED_OUT] = "timed_out",
    [ENDED_FAULT] = "fault",
};

static const Metric ROWS[ROW_COUNT] = {
    [CALLS] = {METRIC_COUNTER, "nerdx_store_calls_total", "Calls of a store, by what came of them.",
               .labels = {{"call", KINDS, STORE_CALL_KINDS}, {"outcome", ENDING_NAMES, ENDINGS}, {"store"}}},
    [SECONDS] = {METRIC_HISTOGRAM, "nerdx_store_call_seconds",
                 "How long a call of a store took, waiting for its turn too.",
                 .labels = {{"call", KINDS, STORE_CALL_KINDS}, {"store"}}, .unit = 1e6,
                 .buckets = METRIC_LATENCY_US, .bucket_count = METRIC_LATENCY_COUNT},
    [ACTIVE] = {METRIC_GAUGE, "database_connections_active", "Connections to the database that are at work.",
                .labels = {{"store"}}},
    [LIMIT] = {METRIC_GAUGE, "nerdx_store_connection_limit", "How many there may be; 0: one for each thread.",
               .labels = {{"store"}}},
    [WAITING] = {METRIC_GAUGE, "nerdx_store_waiting",
                 "Calls that wait for a connection or for their turn to write.", .labels = {{"store"}}},
};

struct StoreWatch {
    Metrics *metrics;
    char *name;
    char *system;
    void (*use)(void *context, StoreUse *out);
    void *context;
};

static StoreUse use_of(const StoreWatch *watch)
{
    StoreUse use = {0};

    watch->use(watch->context, &use);
    return use;
}

static int64_t ask_active(void *context)
{
    return use_of(context).active;
}

static int64_t ask_limit(void *context)
{
    return use_of(context).most;
}

static int64_t ask_waiting(void *context)
{
    return use_of(context).waiting;
}

StoreWatch *store_watch_create(const char *name, const char *system,
                               void (*use)(void *context, StoreUse *out), void *context)
{
    StoreWatch *watch = memory_new(StoreWatch);

    watch->name = memory_copy_text(name);
    watch->system = memory_copy_text(system);
    watch->use = use;
    watch->context = context;
    watch->metrics = metrics_create_for(ROWS, use != NULL ? ROW_COUNT : ACTIVE, name);
    if (use != NULL) {
        metrics_ask(watch->metrics, ACTIVE, 0, ask_active, watch);
        metrics_ask(watch->metrics, LIMIT, 0, ask_limit, watch);
        metrics_ask(watch->metrics, WAITING, 0, ask_waiting, watch);
    }
    metrics_publish(watch->metrics);
    return watch;
}

void store_watch_destroy(StoreWatch *watch)
{
    if (watch == NULL)
        return;
    metrics_destroy(watch->metrics);
    memory_free(watch->name);
    memory_free(watch->system);
    memory_free(watch);
}

void store_begin(StoreCall *call, StoreWatch *watch, StoreCallKind kind, const char *what)
{
    call->watch = watch;
    call->kind = kind;
    call->span.is_recorded = false;
    if (watch == NULL)
        return;
    call->begun_us = clock_monotonic_us(clock_system());
    span_begin(&call->span, SPAN_CLIENT, what, NULL);
    span_note_text(&call->span, "db.system.name", watch->system);
    span_note_text(&call->span, "db.namespace", watch->name);
}

static Ending ending_of(ErrCode code)
{
    switch (code) {
    case NO_ERROR:
        return ENDED_OK;
    case CONFLICT:
        return ENDED_CONFLICT;
    case UNAVAILABLE:
        return ENDED_UNAVAILABLE;
    case TIMED_OUT:
        return ENDED_TIMED_OUT;
    case INTERNAL:
        return ENDED_FAULT;
    default:
        return ENDED_REFUSED;
    }
}

void store_note(StoreCall *call, const Err *result)
{
    Metrics *metrics = call->watch->metrics;

    metrics_add(metrics, CALLS, metrics_series(metrics, CALLS, call->kind, ending_of(result->code)), 1);
    metrics_observe(metrics, SECONDS, metrics_series(metrics, SECONDS, call->kind, 0),
                    clock_monotonic_us(clock_system()) - call->begun_us);
    (void)span_fail(&call->span, *result);
    (void)span_end(&call->span);
}
