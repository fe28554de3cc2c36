#include "app/scrape.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { FIRST_SAMPLES = 2048, MOST_BUCKETS = 32, NAME_MAX_BYTES = 128 };

/* "name{labels} value" */
static bool read_line(Str line, Arena *arena, Sample *out)
{
    size_t brace = str_find(line, STR("{"), 0);
    size_t end = brace == SIZE_MAX ? str_find(line, STR(" "), 0) : brace;
    size_t value = brace == SIZE_MAX ? end : str_find(line, STR("} "), brace);

    if (line.len == 0 || line.data[0] == '#' || end == SIZE_MAX || value == SIZE_MAX)
        return false;
    out->name = str_slice(line, 0, end);
    out->labels = brace == SIZE_MAX ? STR("") : str_slice(line, brace + 1, value);
    const char *number = str_c(arena, str_slice(line, value + (brace == SIZE_MAX ? 1 : 2), line.len));
    out->value = strtod(number, NULL);
    return true;
}

void scrape_read(Str text, Scrape *out)
{
    size_t capacity = 0;
    Str line;
    Sample sample;

    *out = (Scrape){.at_us = clock_monotonic_us(clock_system())};
    arena_init(&out->arena);
    while (str_split(&text, '\n', &line)) {
        if (!read_line(line, &out->arena, &sample))
            continue;
        ARENA_MORE(&out->arena, out->samples, out->count, capacity, FIRST_SAMPLES);
        out->samples[out->count++] = sample;
    }
}

void scrape_finish(Scrape *scrape)
{
    arena_finish(&scrape->arena);
    *scrape = (Scrape){0};
}

Str sample_label(const Sample *sample, const char *name)
{
    Str rest = sample->labels, one;

    while (str_split(&rest, ',', &one)) {
        size_t len = strlen(name);
        if (one.len < len + 3 || memcmp(one.data, name, len) != 0 || one.data[len] != '=')
            continue;
        return str_slice(one, len + 2, one.len - 1);
    }
    return (Str){0};
}

static bool has_label(const Sample *sample, const char *label, const char *value)
{
    return label == NULL || value == NULL || str_equal(sample_label(sample, label), str_from(value));
}

static bool is_picked(const Sample *sample, const Pick *pick)
{
    return str_equal(sample->name, str_from(pick->name)) && has_label(sample, pick->label, pick->value) &&
           has_label(sample, pick->label2, pick->value2);
}

static double sum_of(const Scrape *scrape, const Pick *pick)
{
    double sum = 0;

    for (size_t i = 0; scrape != NULL && i < scrape->count; i++)
        if (is_picked(&scrape->samples[i], pick))
            sum += scrape->samples[i].value;
    return sum;
}

double scrape_sum(const Scrape *now, const Scrape *before, Pick pick)
{
    return sum_of(now, &pick) - sum_of(before, &pick);
}

static bool is_among(const Str *values, size_t count, Str value)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(values[i], value))
            return true;
    return false;
}

size_t scrape_values(const Scrape *scrape, const char *name, const char *label, Str *out, size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < scrape->count && count < most; i++) {
        if (!str_equal(scrape->samples[i].name, str_from(name)))
            continue;
        Str value = sample_label(&scrape->samples[i], label);
        if (value.data != NULL && !is_among(out, count, value))
            out[count++] = value;
    }
    return count;
}

/* ---- histograms */

typedef struct Bucket {
    double bound; /* of the last: infinity */
    double count; /* up to here */
} Bucket;

/* Buckets of several series with the same bound are added up. */
static size_t read_buckets(const Scrape *now, const Scrape *before, Pick pick, Bucket *out)
{
    AUTO_ARENA Arena scratch = {0};
    Str bounds[MOST_BUCKETS];
    Pick bucket = pick;

    bucket.name = str_format(&scratch, "%s_bucket", pick.name).data;
    bucket.label2 = "le";
    size_t count = scrape_values(now, bucket.name, "le", bounds, MOST_BUCKETS);
    for (size_t i = 0; i < count; i++) {
        bucket.value2 = str_c(&scratch, bounds[i]);
        out[i] = (Bucket){strtod(bucket.value2, NULL), scrape_sum(now, before, bucket)};
    }
    return count;
}

double scrape_quantile(const Scrape *now, const Scrape *before, Pick pick, double quantile)
{
    Bucket buckets[MOST_BUCKETS];
    size_t count = read_buckets(now, before, pick, buckets), i = 0;

    if (count == 0 || buckets[count - 1].count <= 0)
        return -1;
    double rank = quantile * buckets[count - 1].count;
    while (i + 1 < count && buckets[i].count < rank)
        i++;
    if (i + 1 == count) /* beyond the last bound nobody knows how far */
        return count > 1 ? buckets[count - 2].bound : -1;
    double low = i > 0 ? buckets[i - 1].bound : 0, below = i > 0 ? buckets[i - 1].count : 0;
    double within = buckets[i].count - below;
    return within > 0 ? low + (buckets[i].bound - low) * (rank - below) / within : buckets[i].bound;
}
