#include "gateway/request_metrics.h"

#include "base/keymap.h"
#include "base/memory.h"

enum { REQUESTS, SECONDS, ROW_COUNT };
enum { SWITCHING = 101 /* a WebSocket that was opened, and is over: well */ };

static const char *const ENDINGS[] = {"2xx", "3xx", "4xx", "5xx", "aborted"};
enum { ENDING_COUNT = sizeof ENDINGS / sizeof *ENDINGS, ENDING_ABORTED = ENDING_COUNT - 1 };

struct RequestMetrics {
    const Operation **operations;
    const char **names; /* of the operations, then "other" */
    size_t count;       /* of the operations: also the place of "other" */
    StrIdMap of_path;   /* the first place that has it … */
    size_t *next;       /* … and the next one; count: there is none */
    Metric rows[ROW_COUNT];
    Metrics *metrics;
};

static void add_operation(RequestMetrics *requests, const Operation *operation)
{
    size_t count = requests->count + 1;

    requests->operations = memory_grow(requests->operations, count, sizeof(const Operation *));
    requests->operations[requests->count] = operation;
    requests->count = count;
}

/* A hundred operations are too many to be walked for each request. */
static void place_by_path(RequestMetrics *requests)
{
    requests->next = memory_grow(NULL, requests->count + 1, sizeof *requests->next);
    for (size_t place = requests->count; place-- > 0;) {
        uint32_t *first = keymap_place(&requests->of_path, str_from(requests->operations[place]->path));
        requests->next[place] = *first == KEYMAP_NONE ? requests->count : *first;
        *first = (uint32_t)place;
    }
}

/* The labels are the operations that are mounted, so these rows can't be constant. */
static void describe(RequestMetrics *requests)
{
    const MetricLabel operation = {"operation", requests->names, requests->count + 1};
    const MetricLabel status = {"status", ENDINGS, ENDING_COUNT};

    requests->rows[REQUESTS] =
        (Metric){METRIC_COUNTER, "nerdx_requests_total",
                 "Requests, by what they asked for and how they ended.", .labels = {operation, status}};
    requests->rows[SECONDS] =
        (Metric){METRIC_HISTOGRAM,
                 "http_request_duration_seconds",
                 "Time from the request line to the end of the answer; of a stream that "
                 "is followed, to its beginning.",
                 .labels = {operation},
                 .unit = 1e6,
                 .buckets = METRIC_LATENCY_US,
                 .bucket_count = METRIC_LATENCY_COUNT,
                 .has_exemplars = true};
}

RequestMetrics *request_metrics_create(const OperationTable *const *tables, size_t count)
{
    RequestMetrics *requests = memory_new(RequestMetrics);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < tables[i]->count; j++)
            add_operation(requests, &tables[i]->operations[j]);
    requests->names = memory_grow(NULL, requests->count + 1, sizeof *requests->names);
    for (size_t i = 0; i < requests->count; i++)
        requests->names[i] = requests->operations[i]->id;
    requests->names[requests->count] = "other";
    place_by_path(requests);
    describe(requests);
    requests->metrics = metrics_create(requests->rows, ROW_COUNT);
    return requests;
}

void request_metrics_destroy(RequestMetrics *requests)
{
    if (!requests)
        return;
    metrics_destroy(requests->metrics);
    keymap_finish(&requests->of_path);
    memory_free(requests->next);
    memory_free(requests->names);
    memory_free(requests->operations);
    memory_free(requests);
}

static size_t place_of(const RequestMetrics *requests, const Exchange *exchange)
{
    uint32_t first = keymap_get(&requests->of_path, str_from(exchange->route));
    size_t place = first == KEYMAP_NONE ? requests->count : first;

    while (place < requests->count &&
           !str_equal(exchange->method, str_from(requests->operations[place]->method)))
        place = requests->next[place];
    return place;
}

static size_t ending_of(const Outcome *outcome)
{
    if (outcome->status == SWITCHING)
        return 0;
    if (outcome->aborted || outcome->status < 200 || outcome->status > 599)
        return ENDING_ABORTED;
    return (size_t)outcome->status / 100 - 2;
}

static void count_request(void *context, const Exchange *exchange, const Outcome *outcome)
{
    const RequestMetrics *requests = context;
    Metrics *metrics = requests->metrics;
    size_t place = place_of(requests, exchange);

    metrics_add(metrics, REQUESTS, metrics_series(metrics, REQUESTS, place, ending_of(outcome)), 1);
    Trace kept = exchange->trace;
    kept.flags = outcome->is_traced ? TRACE_SAMPLED : 0;
    metrics_observe_in(metrics, SECONDS, metrics_series(metrics, SECONDS, place, 0), outcome->work_us, &kept);
}

Filter request_metrics_filter(RequestMetrics *requests)
{
    return (Filter){.after = count_request, .context = requests};
}

const Metrics *request_metrics_table(const RequestMetrics *requests)
{
    return requests->metrics;
}
