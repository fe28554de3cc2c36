/* Metrics as text: https://prometheus.io/docs/instrumenting/exposition_formats/ and OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/). */
#include "base/metrics_inside.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"

typedef struct Writing {
    Buf *out;
    MetricFormat format;
    const Metrics *tables[METRICS_MOST_TABLES];
    size_t table_count;
} Writing;

/* One metric of one table. */
typedef struct Shown {
    const Metrics *metrics;
    size_t metric;
    const Metric *row;
} Shown;

static void put_value(Buf *out, const Metric *row, int64_t value)
{
    if (row->unit == 0)
        buf_put_int(out, value);
    else
        json_put_number(out, (double)value / row->unit);
}

/* A bound is a label: OpenMetrics wants it written one way, and who asks in the other format should get the same series. */
static void put_bound(Buf *out, const Metric *row, int64_t bound)
{
    double value = row->unit == 0 ? (double)bound : (double)bound / row->unit;

    put_value(out, row, bound);
    if (value == floor(value) && value < 1e15)
        buf_put(out, STR(".0"));
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

static const char *label_value(const Shown *shown, size_t label, size_t place)
{
    const MetricLabel *one = &shown->row->labels[label];
    size_t told_apart = metric_label_count(shown->row, label);

    if (one->values == NULL)
        return shown->metrics->subject != NULL ? shown->metrics->subject : "";
    return told_apart < one->count && place + 1 == told_apart ? "other" : one->values[place];
}

static void put_le(Buf *out, const Metric *row, size_t bucket, char before)
{
    buf_format(out, "%cle=\"", before);
    if (bucket == row->bucket_count)
        buf_put(out, STR("+Inf"));
    else
        put_bound(out, row, row->buckets[bucket]);
    buf_put_char(out, '"');
}

/* name_suffix{first="…",second="…",le="…"} and a space. bucket: SIZE_MAX = no le, bucket_count = +Inf. */
static void put_series(Buf *out, const Shown *shown, const char *suffix, size_t series, size_t bucket)
{
    const Metric *row = shown->row;
    size_t second_count = metric_label_count(row, 1);
    const size_t places[METRIC_MAX_LABELS] = {series / second_count, series % second_count, 0};
    char before = '{';

    buf_put(out, str_from(row->name));
    buf_put(out, str_from(suffix));
    for (size_t i = 0; i < METRIC_MAX_LABELS; i++) {
        if (!row->labels[i].name)
            continue;
        buf_format(out, "%c%s=\"", before, row->labels[i].name);
        put_escaped(out, label_value(shown, i, places[i]), true);
        buf_put_char(out, '"');
        before = ',';
    }
    if (bucket != SIZE_MAX)
        put_le(out, row, bucket, before);
    buf_put(out, before == ',' || bucket != SIZE_MAX ? STR("} ") : STR(" "));
}

static void put_exemplar(Buf *out, const Shown *shown, size_t series, size_t bucket)
{
    Exemplar exemplar;
    char trace_id[TRACE_ID_TEXT];

    if (!metrics_exemplar(shown->metrics, shown->metric, series, bucket, &exemplar))
        return;
    trace_id_print(&exemplar.trace, trace_id);
    buf_format(out, " # {trace_id=\"%s\"} ", trace_id);
    put_value(out, shown->row, exemplar.value);
    buf_format(out, " %.3f", (double)exemplar.at_us / 1e6);
}

static void write_histogram(const Writing *writing, const Shown *shown, size_t series)
{
    Buf *out = writing->out;
    const Metric *row = shown->row;
    int64_t count = 0;

    for (size_t bucket = 0; bucket <= row->bucket_count; bucket++) {
        count += metrics_sum_cell(shown->metrics, shown->metric, series, bucket);
        put_series(out, shown, "_bucket", series, bucket);
        buf_put_int(out, count);
        if (writing->format == METRIC_OPENMETRICS)
            put_exemplar(out, shown, series, bucket);
        buf_put_char(out, '\n');
    }
    put_series(out, shown, "_sum", series, SIZE_MAX);
    put_value(out, row, metrics_sum_cell(shown->metrics, shown->metric, series, row->bucket_count + 1));
    buf_put_char(out, '\n');
    put_series(out, shown, "_count", series, SIZE_MAX);
    buf_put_int(out, count);
    buf_put_char(out, '\n');
}

static void write_all_series(const Writing *writing, const Shown *shown)
{
    for (size_t series = 0; series < shown->metrics->places[shown->metric].series; series++) {
        if (shown->row->kind == METRIC_HISTOGRAM) {
            write_histogram(writing, shown, series);
            continue;
        }
        put_series(writing->out, shown, "", series, SIZE_MAX);
        put_value(writing->out, shown->row, metrics_value(shown->metrics, shown->metric, series));
        buf_put_char(writing->out, '\n');
    }
}

/* OpenMetrics names a counter without the _total of its samples. */
static void write_head(const Writing *writing, const Metric *row)
{
    static const char *const TYPES[] = {
        [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};
    bool is_cut = writing->format == METRIC_OPENMETRICS && row->kind == METRIC_COUNTER;
    int len = (int)(strlen(row->name) - (is_cut ? strlen("_total") : 0));

    buf_format(writing->out, "# HELP %.*s ", len, row->name);
    put_escaped(writing->out, row->help, writing->format == METRIC_OPENMETRICS);
    buf_format(writing->out, "\n# TYPE %.*s %s\n", len, row->name, TYPES[row->kind]);
}

static bool find_row(const Metrics *metrics, const char *name, Shown *out)
{
    for (size_t i = 0; i < metrics->count; i++)
        if (strcmp(metrics->rows[i].name, name) == 0) {
            *out = (Shown){metrics, i, &metrics->rows[i]};
            return true;
        }
    return false;
}

/* All series of a name stand together, whichever table they are of: with the first of them. */
static void write_metric(const Writing *writing, size_t table, const Metric *row)
{
    Shown shown;

    for (size_t i = 0; i < table; i++)
        if (find_row(writing->tables[i], row->name, &shown))
            return;
    write_head(writing, row);
    for (size_t i = table; i < writing->table_count; i++)
        if (find_row(writing->tables[i], row->name, &shown))
            write_all_series(writing, &shown);
}

static void write_tables(const Writing *writing)
{
    for (size_t i = 0; i < writing->table_count; i++)
        for (size_t metric = 0; metric < writing->tables[i]->count; metric++)
            write_metric(writing, i, &writing->tables[i]->rows[metric]);
}

static void add_table(Writing *writing, const Metrics *table)
{
    assert(writing->table_count < METRICS_MOST_TABLES); /* none is left out in silence */
    writing->tables[writing->table_count++] = table;
}

static void write_with(void *context, const Metrics *published)
{
    Writing *writing = context;

    for (; published != NULL; published = published->next)
        add_table(writing, published);
    write_tables(writing);
}

void metrics_write_all(const Metrics *const *tables, size_t count, MetricFormat format, Buf *out)
{
    Writing writing = {.out = out, .format = format};

    for (size_t i = 0; i < count; i++)
        add_table(&writing, tables[i]);
    metrics_with_published(write_with, &writing);
    if (format == METRIC_OPENMETRICS)
        buf_put(out, STR("# EOF\n"));
}

void metrics_write(const Metrics *metrics, Buf *out)
{
    Writing writing = {.out = out, .format = METRIC_TEXT, .tables = {metrics}, .table_count = 1};

    write_tables(&writing);
}
