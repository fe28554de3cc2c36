/* Metrics in Prometheus's text format (version 0.0.4) and in OpenMetrics 1.0. A component declares its metrics as a const
 * table, makes one Metrics of it, and counts by index; the server writes all of them at /metrics.
 *
 *     static const char *const RESULTS[] = {"ok", "refused"};
 *     enum { LOGINS, LOGIN_SECONDS };
 *     static const Metric ROWS[] = {
 *         [LOGINS] = {METRIC_COUNTER, "nerdx_logins_total", "Logins tried.", .labels = {{"result", RESULTS,
 * 2}}}, [LOGIN_SECONDS] = {METRIC_HISTOGRAM, "nerdx_login_seconds", "…", .unit = 1e6, .buckets =
 * METRIC_LATENCY_US, .bucket_count = METRIC_LATENCY_COUNT},
 *     };
 *     metrics_add(metrics, LOGINS, metrics_series(metrics, LOGINS, REFUSED, 0), 1);
 *
 * Every label has its values listed, so the number of series is known from the start, and bounded: values of the first label
 * that would make more series than the metric's limit count together as "other". Counting
 * takes no lock and shares no cache line between threads (up to METRIC_SHARDS of them). Values are whole
 * numbers in the unit you count in; `unit` says how many of them make one of what is printed. */
#ifndef NERDX_BASE_METRICS_H
#define NERDX_BASE_METRICS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/trace.h"

enum { METRIC_MAX_LABELS = 3, METRIC_MAX_BUCKETS = 24, METRIC_SHARDS = 16, METRIC_MOST_SERIES = 2000 };

typedef enum MetricKind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM } MetricKind;

typedef struct MetricLabel {
    const char *name;          /* NULL = no such label */
    const char *const *values; /* NULL: one value, the subject of the table (metrics_create_for) */
    size_t count;
} MetricLabel;

typedef struct Metric {
    MetricKind kind;
    const char *name;
    const char *help;
    MetricLabel labels[METRIC_MAX_LABELS]; /* a third may only be the subject */
    double unit;                           /* 1e6: counted in microseconds, printed in seconds; 0 means 1 */
    const int64_t *buckets;                /* histogram: upper bounds, rising, +Inf not among them */
    size_t bucket_count;
    size_t most_series; /* 0: METRIC_MOST_SERIES */
    bool has_exemplars; /* histogram: of each bucket it keeps the trace of a late observation */
} Metric;

/* 10 us to 1 s, for what is answered from memory; with .unit = 1e6. */
enum { METRIC_QUICK_COUNT = 16 };
extern const int64_t METRIC_QUICK_US[METRIC_QUICK_COUNT];

/* 100 us to 10 s, for requests; with .unit = 1e6. */
enum { METRIC_LATENCY_COUNT = 16 };
extern const int64_t METRIC_LATENCY_US[METRIC_LATENCY_COUNT];

typedef struct Metrics Metrics;

/* rows, and the label values they point to, must outlive the Metrics. */
Metrics *metrics_create(const Metric *rows, size_t count);
void metrics_destroy(Metrics *metrics); /* accepts NULL */

/* A table of which there may be several, one a database, say: labels without values have the subject for theirs. It is copied. */
Metrics *metrics_create_for(const Metric *rows, size_t count, const char *subject);

/* For what lies below services, and is made where nobody knows a server: every server of the program shows the table, until
 * it is destroyed. A second of the same rows and subject isn't shown. */
void metrics_publish(Metrics *metrics);

/* The series of a metric with its first and second label at these places in their lists (0 where it has
 * none). */
size_t metrics_series(const Metrics *metrics, size_t metric, size_t first, size_t second);

void metrics_add(Metrics *metrics, size_t metric, size_t series, int64_t by); /* counter (by >= 0) or gauge */
void metrics_set(Metrics *metrics, size_t metric, size_t series, int64_t value);     /* gauge */
void metrics_observe(Metrics *metrics, size_t metric, size_t series, int64_t value); /* histogram */

/* The same, as part of a trace (NULL: of none). */
void metrics_observe_in(Metrics *metrics, size_t metric, size_t series, int64_t value, const Trace *trace);

/* A gauge or counter that is asked for when it is written, such as a queue's depth. Before threads start. */
void metrics_ask(Metrics *metrics, size_t metric, size_t series, int64_t (*read)(void *context),
                 void *context);

int64_t metrics_value(const Metrics *metrics, size_t metric, size_t series); /* of a histogram: its count */
void metrics_write(const Metrics *metrics, Buf *out);

/* Several tables and those that were published. What has the same name in more than one is one metric. Exemplars are only
 * in OpenMetrics: the other format has no place for them. */
typedef enum MetricFormat { METRIC_TEXT, METRIC_OPENMETRICS } MetricFormat;
void metrics_write_all(const Metrics *const *tables, size_t count, MetricFormat format, Buf *out);

#endif
