#include "base/metrics.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

enum { CACHE_LINE = 64 };

const int64_t METRIC_LATENCY_US[METRIC_LATENCY_COUNT] = {
    100,   250,    500,    1000,   2500,    5000,    10000,   25000,
    50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
};

typedef _Atomic int64_t Cell;

/* A histogram's series has a cell a bucket, one for +Inf, and one for the sum; any other has one. */
typedef struct Place {
    size_t first_cell;
    size_t cells_a_series;
    size_t series;
    size_t first_series; /* counted over all metrics */
} Place;

typedef struct Ask {
    int64_t (*read)(void *context);
    void *context;
} Ask;

struct Metrics {
    const Metric *rows;
    size_t count;
    Place *places;
    Ask *asks;                   /* by first_series + series */
    Cell *shards[METRIC_SHARDS]; /* each thread counts in one; reading adds them up */
};

static size_t label_count(const Metric *row, size_t label)
{
    return row->labels[label].name ? row->labels[label].count : 1;
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
        assert(!row->labels[i].name || (name_is_valid(row->labels[i].name) && row->labels[i].count > 0));
    assert((row->kind == METRIC_HISTOGRAM) == (row->bucket_count > 0));
    assert(row->bucket_count <= METRIC_MAX_BUCKETS);
    for (size_t i = 1; i < row->bucket_count; i++)
        assert(row->buckets[i - 1] < row->buckets[i]);
}

static Cell *make_shard(size_t cells)
{
    size_t size = (cells * sizeof(Cell) + CACHE_LINE) & ~(size_t)(CACHE_LINE - 1);
    void *shard = aligned_alloc(CACHE_LINE, size);

    if (!shard)
        abort();
    return memset(shard, 0, size);
}

Metrics *metrics_create(const Metric *rows, size_t count)
{
    Metrics *metrics = memory_new(Metrics);
    size_t cells = 0;
    size_t series = 0;

    metrics->rows = rows;
    metrics->count = count;
    metrics->places = memory_grow(NULL, count, sizeof *metrics->places);
    for (size_t i = 0; i < count; i++) {
        check_row(&rows[i]);
        Place place = {cells, rows[i].kind == METRIC_HISTOGRAM ? rows[i].bucket_count + 2 : 1,
                       label_count(&rows[i], 0) * label_count(&rows[i], 1), series};
        metrics->places[i] = place;
        cells += place.series * place.cells_a_series;
        series += place.series;
    }
    metrics->asks = memory_zalloc(series * sizeof *metrics->asks);
    for (size_t i = 0; i < METRIC_SHARDS; i++)
        metrics->shards[i] = make_shard(cells);
    return metrics;
}

void metrics_destroy(Metrics *metrics)
{
    if (!metrics)
        return;
    for (size_t i = 0; i < METRIC_SHARDS; i++)
        free(metrics->shards[i]);
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

    assert(first < label_count(row, 0) && second < label_count(row, 1));
    return first * label_count(row, 1) + second;
}

static Cell *cell_at(const Metrics *metrics, size_t shard, size_t metric, size_t series, size_t cell)
{
    assert(metric < metrics->count);
    const Place *place = &metrics->places[metric];

    assert(series < place->series && cell < place->cells_a_series);
    return &metrics->shards[shard][place->first_cell + series * place->cells_a_series + cell];
}

static void add_to(Cell *cell, int64_t by)
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

void metrics_observe(Metrics *metrics, size_t metric, size_t series, int64_t value)
{
    const Metric *row = &metrics->rows[metric];
    size_t bucket = 0;

    assert(row->kind == METRIC_HISTOGRAM);
    while (bucket < row->bucket_count && value > row->buckets[bucket])
        bucket++;
    Cell *cells = cell_at(metrics, shard_of_thread(), metric, series, 0);
    add_to(&cells[bucket], 1);
    add_to(&cells[row->bucket_count + 1], value);
}

void metrics_ask(Metrics *metrics, size_t metric, size_t series, int64_t (*read)(void *context),
                 void *context)
{
    assert(series < metrics->places[metric].series);
    metrics->asks[metrics->places[metric].first_series + series] = (Ask){read, context};
}

/* ---- reading */

static int64_t sum_cell(const Metrics *metrics, size_t metric, size_t series, size_t cell)
{
    int64_t sum = 0;

    for (size_t shard = 0; shard < METRIC_SHARDS; shard++)
        sum += atomic_load_explicit(cell_at(metrics, shard, metric, series, cell), memory_order_relaxed);
    return sum;
}

int64_t metrics_value(const Metrics *metrics, size_t metric, size_t series)
{
    const Place *place = &metrics->places[metric];
    const Ask *ask = &metrics->asks[place->first_series + series];
    int64_t value = 0;

    if (ask->read)
        return ask->read(ask->context);
    /* All cells but a histogram's sum. */
    for (size_t cell = 0; cell == 0 || cell + 1 < place->cells_a_series; cell++)
        value += sum_cell(metrics, metric, series, cell);
    return value;
}

static void put_value(Buf *out, const Metric *row, int64_t value)
{
    if (row->unit == 0)
        buf_put_int(out, value);
    else
        json_put_number(out, (double)value / row->unit);
}

/* What a label's value and a help text may not hold as it is. */
static void put_escaped(Buf *out, const char *text, bool quotes_too)
{
    for (; *text; text++) {
        if (*text == '\n')
            buf_put(out, STR("\\n"));
        else if (*text == '\\' || (*text == '"' && quotes_too))
            buf_put(out, (Str){(const char[]){'\\', *text}, 2});
        else
            buf_put_char(out, *text);
    }
}

/* name_suffix{first="…",second="…",le="…"} and a space. bucket: SIZE_MAX = no le, bucket_count = +Inf. */
static void put_series(Buf *out, const Metric *row, const char *suffix, size_t series, size_t bucket)
{
    const size_t values[METRIC_MAX_LABELS] = {series / label_count(row, 1), series % label_count(row, 1)};
    char before = '{';

    buf_put(out, str_from(row->name));
    buf_put(out, str_from(suffix));
    for (size_t i = 0; i < METRIC_MAX_LABELS; i++) {
        if (!row->labels[i].name)
            continue;
        buf_format(out, "%c%s=\"", before, row->labels[i].name);
        put_escaped(out, row->labels[i].values[values[i]], true);
        buf_put_char(out, '"');
        before = ',';
    }
    if (bucket != SIZE_MAX) {
        buf_format(out, "%cle=\"", before);
        if (bucket == row->bucket_count)
            buf_put(out, STR("+Inf"));
        else
            put_value(out, row, row->buckets[bucket]);
        buf_put_char(out, '"');
        before = ',';
    }
    buf_put(out, before == ',' ? STR("} ") : STR(" "));
}

static void write_histogram(const Metrics *metrics, size_t metric, size_t series, Buf *out)
{
    const Metric *row = &metrics->rows[metric];
    int64_t count = 0;

    for (size_t bucket = 0; bucket <= row->bucket_count; bucket++) {
        count += sum_cell(metrics, metric, series, bucket);
        put_series(out, row, "_bucket", series, bucket);
        buf_put_int(out, count);
        buf_put_char(out, '\n');
    }
    put_series(out, row, "_sum", series, SIZE_MAX);
    put_value(out, row, sum_cell(metrics, metric, series, row->bucket_count + 1));
    buf_put_char(out, '\n');
    put_series(out, row, "_count", series, SIZE_MAX);
    buf_put_int(out, count);
    buf_put_char(out, '\n');
}

static void write_metric(const Metrics *metrics, size_t metric, Buf *out)
{
    static const char *const TYPES[] = {
        [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};
    const Metric *row = &metrics->rows[metric];

    buf_format(out, "# HELP %s ", row->name);
    put_escaped(out, row->help, false);
    buf_format(out, "\n# TYPE %s %s\n", row->name, TYPES[row->kind]);
    for (size_t series = 0; series < metrics->places[metric].series; series++) {
        if (row->kind == METRIC_HISTOGRAM) {
            write_histogram(metrics, metric, series, out);
            continue;
        }
        put_series(out, row, "", series, SIZE_MAX);
        put_value(out, row, metrics_value(metrics, metric, series));
        buf_put_char(out, '\n');
    }
}

void metrics_write(const Metrics *metrics, Buf *out)
{
    for (size_t metric = 0; metric < metrics->count; metric++)
        write_metric(metrics, metric, out);
}
