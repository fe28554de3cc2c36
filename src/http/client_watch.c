#include "http/client_watch.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/metrics.h"
#include "base/thread.h"

enum { REQUESTS, SECONDS, ACTIVE, LIMIT, WAITING, ROW_COUNT };

static const char *const OUTCOMES[CLIENT_OUTCOMES] = {
    [CLIENT_OK] = "ok",
    [CLIENT_3XX] = "3xx",
    [CLIENT_4XX] = "4xx",
    [CLIENT_5XX] = "5xx",
    [CLIENT_TIMED_OUT] = "timed_out",
    [CLIENT_UNREACHED] = "unreached",
    [CLIENT_CUT] = "cut",
    [CLIENT_TOO_LARGE] = "too_large",
    [CLIENT_CANCELLED] = "cancelled",
    [CLIENT_NO_ROOM] = "no_room",
    [CLIENT_FORBIDDEN] = "forbidden",
    [CLIENT_LEFT_ALONE] = "left_alone",
};

static const Metric ROWS[ROW_COUNT] = {
    [REQUESTS] = {METRIC_COUNTER, "nerdx_client_requests_total",
                  "Requests to other servers, by what came of them.",
                  .labels = {{"outcome", OUTCOMES, CLIENT_OUTCOMES}, {"client"}}},
    [SECONDS] =
        {METRIC_HISTOGRAM, "nerdx_client_request_seconds",
         "How long those that were sent took, to the end of the answer, waiting for a connection too.",
         .labels = {{"client"}}, .unit = 1e6, .buckets = METRIC_LATENCY_US,
         .bucket_count = METRIC_LATENCY_COUNT},
    [ACTIVE] = {METRIC_GAUGE, "nerdx_client_requests_active", "Requests to other servers that are under way.",
                .labels = {{"client"}}},
    [LIMIT] = {METRIC_GAUGE, "nerdx_client_request_limit", "How many may be under way; 0: no limit.",
               .labels = {{"client"}}},
    [WAITING] = {METRIC_GAUGE, "nerdx_client_requests_waiting",
                 "Those that wait for one to end, or to be sent again.", .labels = {{"client"}}},
};

struct ClientWatch {
    char name[CLIENT_NAME_MAX + 1];
    Metrics *metrics;
};

/* Some clients last for one request only: what they count is kept here. */
static struct Known {
    pthread_mutex_t lock;
    ClientWatch watches[CLIENT_NAMES_MOST];
    size_t count;
} known = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool is_name(const char *name)
{
    size_t len = strlen(name);

    return len > 0 && len <= CLIENT_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

ClientWatch *client_watch_of(const char *name)
{
    if (name == NULL)
        return NULL;
    assert(is_name(name));
    MUTEX_HOLD(&known.lock);
    for (size_t i = 0; i < known.count; i++)
        if (strcmp(known.watches[i].name, name) == 0)
            return &known.watches[i];
    assert(known.count < CLIENT_NAMES_MOST);
    ClientWatch *watch = &known.watches[known.count++];
    memcpy(watch->name, name, strlen(name) + 1);
    watch->metrics = metrics_create_for(ROWS, ROW_COUNT, name);
    metrics_publish(watch->metrics);
    return watch;
}

static void count(ClientWatch *watch, ClientOutcome outcome)
{
    metrics_add(watch->metrics, REQUESTS, metrics_series(watch->metrics, REQUESTS, outcome, 0), 1);
}

void client_watch_pool(ClientWatch *watch, int64_t most)
{
    if (watch != NULL)
        metrics_add(watch->metrics, LIMIT, 0, most);
}

void client_watch_left_alone(ClientWatch *watch)
{
    if (watch != NULL)
        count(watch, CLIENT_LEFT_ALONE);
}

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

void client_call_wait(ClientCall *call, ClientWatch *watch, int64_t from_us)
{
    *call = (ClientCall){.watch = watch, .from_us = from_us};
    if (watch == NULL)
        return;
    call->from_us = from_us > 0 ? from_us : now_us();
    metrics_add(watch->metrics, WAITING, 0, 1);
}

void client_call_go(ClientCall *call)
{
    if (call->watch == NULL)
        return;
    call->is_under_way = true;
    metrics_add(call->watch->metrics, WAITING, 0, -1);
    metrics_add(call->watch->metrics, ACTIVE, 0, 1);
}

void client_call_end(ClientCall *call, ClientOutcome outcome)
{
    ClientWatch *watch = call->watch;

    if (watch == NULL)
        return;
    count(watch, outcome);
    metrics_add(watch->metrics, call->is_under_way ? ACTIVE : WAITING, 0, -1);
    if (call->is_under_way)
        metrics_observe(watch->metrics, SECONDS, 0, now_us() - call->from_us);
    *call = (ClientCall){0};
}

static ClientOutcome outcome_of_status(long status)
{
    static const ClientOutcome CLASSES[] = {
        [2] = CLIENT_OK, [3] = CLIENT_3XX, [4] = CLIENT_4XX, [5] = CLIENT_5XX};
    long class = status / 100;

    return class >= 2 && class <= 5 ? CLASSES[class] : CLIENT_CUT;
}

ClientOutcome client_outcome_of(CURLcode code, long status)
{
    switch (code) {
    case CURLE_OK:
        return outcome_of_status(status);
    case CURLE_OPERATION_TIMEDOUT:
        return CLIENT_TIMED_OUT;
    case CURLE_WRITE_ERROR: /* what takes the answer took no more */
        return CLIENT_TOO_LARGE;
    case CURLE_ABORTED_BY_CALLBACK:
        return CLIENT_CANCELLED;
    case CURLE_FAILED_INIT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
        return CLIENT_UNREACHED;
    default:
        return CLIENT_CUT;
    }
}
