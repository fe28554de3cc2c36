/* What a node says at /metrics, for who looks at it once or again and again: samples, sums of them, and quantiles of histograms. */
#ifndef NERDX_APP_SCRAPE_H
#define NERDX_APP_SCRAPE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

typedef struct Sample {
    Str name;
    Str labels; /* what stands between the braces */
    double value;
} Sample;

typedef struct Scrape {
    Arena arena;
    Sample *samples;
    size_t count;
    int64_t at_us; /* monotonic */
} Scrape;

/* Reads Prometheus's text format; what isn't a sample is passed over. text must last as long. */
void scrape_read(Str text, Scrape *out);
void scrape_finish(Scrape *scrape); /* accepts a zeroed one */

/* One label of a sample; absent when it has no such. Values hold no escapes here. */
Str sample_label(const Sample *sample, const char *name);

/* Which samples: of this name, whose labels are as said; a value of NULL stands for any. */
typedef struct Pick {
    const char *name;
    const char *label, *value;
    const char *label2, *value2;
} Pick;

/* The sum of those samples, less what it was before (NULL: nothing). */
double scrape_sum(const Scrape *now, const Scrape *before, Pick pick);

/* The values a label has among the samples of a name. At the most `most`; returns how many. */
size_t scrape_values(const Scrape *scrape, const char *name, const char *label, Str *out, size_t most);

/* Of a histogram, by linear interpolation within its bucket, as Prometheus does it; -1 when it counted nothing. pick.name: without _bucket. */
double scrape_quantile(const Scrape *now, const Scrape *before, Pick pick, double quantile);

#endif
