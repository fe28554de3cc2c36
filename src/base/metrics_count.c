#include "base/metrics_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

enum { CACHE_LINE = 64, EXEMPLAR_FRESH_US = 1000000 /* one that is younger isn't replaced */ };

const int64_t METRIC_LATENCY_US[METRIC_LATENCY_COUNT] = {
    100,   250,    500,    1000,   2500,    5000,    10000,   25000,
    50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
};

const int64_t METRIC_QUICK_US[METRIC_QUICK_COUNT] = {
    10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000,
};

size_t metric_label_count(const Metric *row, size_t label)
{
    const MetricLabel *one = &row->labels[label];
    size_t count = one->name != NULL && one->values != NULL ? one->count : 1;

    if (label > 0)
        return count;
    size_t most = (row->most_series > 0 ? row->most_series : METRIC_MOST_SERIES) / metric_label_count(row, 1);
    return count <= most ? count : most > 0 ? most : 1;
}

static bool name_is_valid(const char *name)
{
    const char *rest = name + strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

    return *name && *rest == '\0' && !(*name >= '0' && *name <= '9');
}

static void check_row(const Metric *row)
{
    assert(name_is_valid(row->name) && row->help);
    for (size_t i = 0; i < METRIC_MAX_LABELS; i++)
        assert(!row->labels[i].name || (name_is_valid(row->labels[i].name) &&
                                        (row->labels[i].values == NULL || row->labels[i].count > 0)));
    assert(!row->labels[2].name || row->labels[2].values == NULL);
    assert(row->kind != METRIC_COUNTER || str_ends(str_from(row->name), STR("_total")));
    assert((row->kind == METRIC_HISTOGRAM) == (row->bucket_count > 0));
    assert(row->bucket_count <= METRIC_MAX_BUCKETS);
    for (size_t i = 1; i < row->bucket_count; i++)
        assert(row->buckets[i - 1] < row->buckets[i]);
}

static MetricCell *make_shard(size_t cells)
{
    size_t size = (cells * sizeof(MetricCell) + CACHE_LINE) & ~(size_t)(CACHE_LINE - 1);
    void *shard = aligned_alloc(CACHE_LINE, size);

    if (!shard)
        abort();
    return memset(shard, 0, size);
}

static bool any_has_exemplars(const Metric *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].has_exemplars)
            return true;
    return false;
}

Metrics *metrics_create(const Metric *rows, size_t count)
{
    return metrics_create_for(rows, count, NULL);
}

Metrics *metrics_create_for(const Metric *rows, size_t count, const char *subject)
{
    Metrics *metrics = memory_new(Metrics);
    size_t cells = 0;
    size_t series = 0;

    metrics->rows = rows;
    metrics->count = count;
    metrics->subject = subject != NULL ? memory_copy_text(subject) : NULL;
    (void)pthread_mutex_init(&metrics->exemplar_lock, NULL);
    metrics->places = memory_grow(NULL, count, sizeof *metrics->places);
    for (size_t i = 0; i < count; i++) {
        check_row(&rows[i]);
        MetricPlace place = {cells, rows[i].kind == METRIC_HISTOGRAM ? rows[i].bucket_count + 2 : 1,
                             metric_label_count(&rows[i], 0) * metric_label_count(&rows[i], 1), series};
        metrics->places[i] = place;
        cells += place.series * place.cells_a_series;
        series += place.series;
    }
    metrics->asks = memory_zalloc(series * sizeof *metrics->asks);
    for (size_t i = 0; i < METRIC_SHARDS; i++)
        metrics->shards[i] = make_shard(cells);
    if (any_has_exemplars(rows, count))
        metrics->exemplars = memory_zalloc(cells * sizeof *metrics->exemplars);
    return metrics;
}

/* ---- what every server shows */

static struct Published {
    pthread_mutex_t lock;
    Metrics *first;
} published = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool is_same(const Metrics *one, const Metrics *other)
{
    const char *a = one->subject != NULL ? one->subject : "";
    const char *b = other->subject != NULL ? other->subject : "";

    return one->rows == other->rows && strcmp(a, b) == 0;
}

void metrics_publish(Metrics *metrics)
{
    MUTEX_HOLD(&published.lock);
    for (const Metrics *other = published.first; other != NULL; other = other->next)
        if (is_same(metrics, other))
            return;
    metrics->next = published.first;
    published.first = metrics;
}

static void withdraw(const Metrics *metrics)
{
    MUTEX_HOLD(&published.lock);
    for (Metrics **link = &published.first; *link != NULL; link = &(*link)->next)
        if (*link == metrics) {
            *link = metrics->next;
            return;
        }
}

void metrics_with_published(void (*write)(void *context, const Metrics *published), void *context)
{
    MUTEX_HOLD(&published.lock);
    write(context, published.first);
}

void metrics_destroy(Metrics *metrics)
{
    if (!metrics)
        return;
    withdraw(metrics);
    for (size_t i = 0; i < METRIC_SHARDS; i++)
        free(metrics->shards[i]);
    (void)pthread_mutex_destroy(&metrics->exemplar_lock);
    memory_free(metrics->exemplars);
    memory_free(metrics->subject);
    memory_free(metrics->asks);
    memory_free(metrics->places);
    memory_free(metrics);
}

/* ---- counting */

static size_t shard_of_thread(void)
{
    static _Atomic size_t threads;
    static _Thread_local size_t mine;

    if (mine == 0)
        mine = atomic_fetch_add(&threads, 1) % METRIC_SHARDS + 1;
    return mine - 1;
}

size_t metrics_series(const Metrics *metrics, size_t metric, size_t first, size_t second)
{
    assert(metric < metrics->count);
    const Metric *row = &metrics->rows[metric];

    size_t told_apart = metric_label_count(row, 0);

    assert(second < metric_label_count(row, 1));
    return (first < told_apart ? first : told_apart - 1) * metric_label_count(row, 1) + second;
}

static MetricCell *cell_at(const Metrics *metrics, size_t shard, size_t metric, size_t series, size_t cell)
{
    assert(metric < metrics->count);
    const MetricPlace *place = &metrics->places[metric];

    assert(series < place->series && cell < place->cells_a_series);
    return &metrics->shards[shard][place->first_cell + series * place->cells_a_series + cell];
}

static void add_to(MetricCell *cell, int64_t by)
{
    atomic_fetch_add_explicit(cell, by, memory_order_relaxed);
}

void metrics_add(Metrics *metrics, size_t metric, size_t series, int64_t by)
{
    bool gauge = metrics->rows[metric].kind == METRIC_GAUGE;

    assert(metrics->rows[metric].kind != METRIC_HISTOGRAM && (gauge || by >= 0));
    /* A gauge lives in one shard, so that setting it can't be undone by what another thread once added. */
    add_to(cell_at(metrics, gauge ? 0 : shard_of_thread(), metric, series, 0), by);
}

void metrics_set(Metrics *metrics, size_t metric, size_t series, int64_t value)
{
    assert(metrics->rows[metric].kind == METRIC_GAUGE);
    atomic_store_explicit(cell_at(metrics, 0, metric, series, 0), value, memory_order_relaxed);
}

/* Where another thread is about to, this one's isn't kept: one is as good as the other. */
static void keep_exemplar(Metrics *metrics, size_t cell, int64_t value, const Trace *trace)
{
    Exemplar *exemplar = &metrics->exemplars[cell];
    int64_t now_us = clock_wall_us(clock_system());
    int64_t age_us = now_us - atomic_load_explicit(&exemplar->at_us, memory_order_relaxed);

    if ((age_us >= 0 && age_us < EXEMPLAR_FRESH_US) || pthread_mutex_trylock(&metrics->exemplar_lock) != 0)
        return;
    exemplar->trace = *trace;
    exemplar->value = value;
    atomic_store_explicit(&exemplar->at_us, now_us, memory_order_relaxed);
    (void)pthread_mutex_unlock(&metrics->exemplar_lock);
}

bool metrics_exemplar(const Metrics *metrics, size_t metric, size_t series, size_t bucket, Exemplar *out)
{
    const MetricPlace *place = &metrics->places[metric];

    if (metrics->exemplars == NULL)
        return false;
    MUTEX_HOLD((pthread_mutex_t *)&metrics->exemplar_lock);
    const Exemplar *kept = &metrics->exemplars[place->first_cell + series * place->cells_a_series + bucket];
    out->trace = kept->trace;
    out->value = kept->value;
    out->at_us = atomic_load_explicit(&kept->at_us, memory_order_relaxed);
    return out->at_us != 0;
}

void metrics_observe(Metrics *metrics, size_t metric, size_t series, int64_t value)
{
    metrics_observe_in(metrics, metric, series, value, NULL);
}

void metrics_observe_in(Metrics *metrics, size_t metric, size_t series, int64_t value, const Trace *trace)
{
    const Metric *row = &metrics->rows[metric];
    size_t bucket = 0;

    assert(row->kind == METRIC_HISTOGRAM);
    while (bucket < row->bucket_count && value > row->buckets[bucket])
        bucket++;
    MetricCell *cells = cell_at(metrics, shard_of_thread(), metric, series, 0);
    add_to(&cells[bucket], 1);
    add_to(&cells[row->bucket_count + 1], value);
    if (trace != NULL && row->has_exemplars && (trace->flags & TRACE_SAMPLED))
        keep_exemplar(metrics,
                      metrics->places[metric].first_cell + series * metrics->places[metric].cells_a_series +
                          bucket,
                      value, trace);
}

void metrics_ask(Metrics *metrics, size_t metric, size_t series, int64_t (*read)(void *context),
                 void *context)
{
    assert(series < metrics->places[metric].series);
    metrics->asks[metrics->places[metric].first_series + series] = (MetricAsk){read, context};
}

/* ---- reading */

int64_t metrics_sum_cell(const Metrics *metrics, size_t metric, size_t series, size_t cell)
{
    int64_t sum = 0;

    for (size_t shard = 0; shard < METRIC_SHARDS; shard++)
        sum += atomic_load_explicit(cell_at(metrics, shard, metric, series, cell), memory_order_relaxed);
    return sum;
}

int64_t metrics_value(const Metrics *metrics, size_t metric, size_t series)
{
    const MetricPlace *place = &metrics->places[metric];
    const MetricAsk *ask = &metrics->asks[place->first_series + series];
    int64_t value = 0;

    if (ask->read)
        return ask->read(ask->context);
    /* All cells but a histogram's sum. */
    for (size_t cell = 0; cell == 0 || cell + 1 < place->cells_a_series; cell++)
        value += metrics_sum_cell(metrics, metric, series, cell);
    return value;
}
