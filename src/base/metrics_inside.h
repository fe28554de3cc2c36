/* Metrics from inside: what counts (metrics_count.c) and what writes (metrics_write.c) share. */
#ifndef NERDX_BASE_METRICS_INSIDE_H
#define NERDX_BASE_METRICS_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/metrics.h"

enum {
    METRICS_MOST_TABLES = 256 /* that are written at once: a node with every store and service has about 50 */
};

typedef _Atomic int64_t MetricCell;

/* A histogram's series has a cell a bucket, one for +Inf, and one for the sum; any other has one. */
typedef struct MetricPlace {
    size_t first_cell;
    size_t cells_a_series;
    size_t series;
    size_t first_series; /* counted over all metrics */
} MetricPlace;

typedef struct MetricAsk {
    int64_t (*read)(void *context);
    void *context;
} MetricAsk;

typedef struct Exemplar {
    Trace trace;
    int64_t value;
    _Atomic int64_t at_us; /* wall clock; 0: there is none */
} Exemplar;

struct Metrics {
    const Metric *rows;
    size_t count;
    char *subject; /* NULL: it has none */
    MetricPlace *places;
    MetricAsk *asks;                   /* by first_series + series */
    MetricCell *shards[METRIC_SHARDS]; /* each thread counts in one; reading adds them up */
    Exemplar *exemplars;               /* by cell; NULL: none are kept */
    pthread_mutex_t exemplar_lock;
    Metrics *next; /* published */
};

/* How many values of a label are told apart; of the first, no more than the metric's limit allows. */
size_t metric_label_count(const Metric *row, size_t label);

int64_t metrics_sum_cell(const Metrics *metrics, size_t metric, size_t series, size_t cell);

/* False: of that bucket there is none. */
bool metrics_exemplar(const Metrics *metrics, size_t metric, size_t series, size_t bucket, Exemplar *out);

/* Calls with all that was published, which stays there meanwhile. */
void metrics_with_published(void (*write)(void *context, const Metrics *published), void *context);

#endif
