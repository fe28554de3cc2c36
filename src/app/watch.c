#include "app/watch.h"

#include <stdio.h>
#include <unistd.h>

#include "app/settings.h"
#include "base/log.h"
#include "base/memory.h"
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

static bool logs_to_stdout(const Options *options)
{
    return str_equal(options_text(options, SETTING_LOG_TO), STR("stdout"));
}

static void show_metrics(AppWatch *watch)
{
    watch->process = process_metrics_create(NERDX_VERSION);
    watch->promised = metrics_create(PROMISED, sizeof PROMISED / sizeof *PROMISED);
    metrics_publish(watch->promised);
}

static Err start_traces(AppWatch *watch, const Options *options, const char *command)
{
    AUTO_ARENA Arena scratch = {0};
    SpanRules rules = {.slow_us = options_int(options, SETTING_TRACE_SLOW)};
    OtlpConfig config = {.url = options_chars(options, SETTING_TRACE_URL), .version = NERDX_VERSION};

    if (config.url == NULL)
        return OK;
    (void)settings_decimal(options_text(options, SETTING_TRACE_SAMPLE), &rules.sample_millionths);
    watch->role =
        memory_copy_text(str_format(&scratch, "%s %s", command, options_chars(options, SETTING_ROLES)).data);
    config.role = watch->role;
    span_start(&rules);
    return otlp_start(&config, &watch->traces);
}

Err watch_begin(AppWatch *watch, const Options *options, const char *command)
{
    if (logs_to_stdout(options))
        log_set_output(STDOUT_FILENO);
    show_metrics(watch);
    return start_traces(watch, options, command);
}

/* The last spans are sent before their store goes. */
void watch_end(AppWatch *watch)
{
    otlp_stop(watch->traces);
    span_stop();
    memory_free(watch->role);
    metrics_destroy(watch->promised);
    metrics_destroy(watch->process);
    *watch = (AppWatch){0};
}

void watch_say(const Options *options, const char *message, const char *text)
{
    if (logs_to_stdout(options)) {
        log_write(LEVEL_INFO, message, (const LogField[]){{0}});
        return;
    }
    (void)fputs(text, stdout);
    (void)fflush(stdout);
}
