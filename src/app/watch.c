#include "app/watch.h"

#include "base/process.h"

/* 1 s to an hour. */
static const int64_t MAKING_US[] = {
    1000000,  2500000,   5000000,   10000000,  20000000,   30000000,
    60000000, 120000000, 300000000, 600000000, 1800000000, INT64_C(3600000000),
};

/* Named by the specification, and counted by services to come: each takes its row along into its own room when it is built. */
static const Metric PROMISED[] = {
    {METRIC_HISTOGRAM, "sora_generation_duration_seconds",
     "How long the making of a video took. Nothing makes any yet: empty.", .unit = 1e6, .buckets = MAKING_US,
     .bucket_count = sizeof MAKING_US / sizeof *MAKING_US},
    {METRIC_COUNTER, "cameo_videos_generated_total", "Videos that were made. Nothing makes any yet: 0."},
    {METRIC_COUNTER, "acp_orders_completed_total", "Orders that were completed. Nobody can order yet: 0."},
    {METRIC_COUNTER, "ar_experiences_activated_total",
     "Scenes on labels that were shown. There are none yet: 0."},
};

void watch_begin(AppWatch *watch)
{
    watch->process = process_metrics_create(NERDX_VERSION);
    watch->promised = metrics_create(PROMISED, sizeof PROMISED / sizeof *PROMISED);
    metrics_publish(watch->promised);
}

void watch_end(AppWatch *watch)
{
    metrics_destroy(watch->promised);
    metrics_destroy(watch->process);
    *watch = (AppWatch){0};
}
