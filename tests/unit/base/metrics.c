#include "check.h"

#include "base/metrics.h"
#include "base/thread.h"

static const char *const METHODS[] = {"GET", "POST"};
static const char *const ODD[] = {"plain", "a\"b\\c\nd"};
static const int64_t BOUNDS[] = {1000, 250000, 1000000};

enum { REQUESTS, OPEN, SECONDS, DEPTH };

static const Metric ROWS[] = {
    [REQUESTS] = {METRIC_COUNTER,
                  "t_requests_total",
                  "Requests.\nAnd \\ more.",
                  {{"method", METHODS, 2}, {"odd", ODD, 2}}},
    [OPEN] = {METRIC_GAUGE, "t_open", "Open connections."},
    [SECONDS] =
        {METRIC_HISTOGRAM, "t_seconds", "Time taken.", {{"method", METHODS, 2}}, 1e6, BOUNDS, COUNT(BOUNDS)},
    [DEPTH] = {METRIC_GAUGE, "t_depth", "Asked for."},
};
enum { ROW_COUNT = COUNT(ROWS) };

static Str written(Arena *arena, const Metrics *metrics)
{
    Buf buf = {.arena = arena};

    metrics_write(metrics, &buf);
    return buf_str(&buf);
}

static int64_t forty_two(void *context)
{
    return *(int *)context;
}

static void the_text_is_what_prometheus_reads(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Metrics *metrics = metrics_create(ROWS, ROW_COUNT);
    int depth = 42;

    (void)state;
    metrics_add(metrics, REQUESTS, metrics_series(metrics, REQUESTS, 1, 1), 3);
    metrics_set(metrics, OPEN, 0, 7);
    metrics_add(metrics, OPEN, 0, -2);
    metrics_observe(metrics, SECONDS, metrics_series(metrics, SECONDS, 0, 0), 1000);
    metrics_observe(metrics, SECONDS, metrics_series(metrics, SECONDS, 0, 0), 1001);
    metrics_observe(metrics, SECONDS, metrics_series(metrics, SECONDS, 0, 0), 2000000);
    metrics_ask(metrics, DEPTH, 0, forty_two, &depth);
    check_text(written(&arena, metrics), "# HELP t_requests_total Requests.\\nAnd \\\\ more.\n"
                                         "# TYPE t_requests_total counter\n"
                                         "t_requests_total{method=\"GET\",odd=\"plain\"} 0\n"
                                         "t_requests_total{method=\"GET\",odd=\"a\\\"b\\\\c\\nd\"} 0\n"
                                         "t_requests_total{method=\"POST\",odd=\"plain\"} 0\n"
                                         "t_requests_total{method=\"POST\",odd=\"a\\\"b\\\\c\\nd\"} 3\n"
                                         "# HELP t_open Open connections.\n"
                                         "# TYPE t_open gauge\n"
                                         "t_open 5\n"
                                         "# HELP t_seconds Time taken.\n"
                                         "# TYPE t_seconds histogram\n"
                                         "t_seconds_bucket{method=\"GET\",le=\"0.001\"} 1\n"
                                         "t_seconds_bucket{method=\"GET\",le=\"0.25\"} 2\n"
                                         "t_seconds_bucket{method=\"GET\",le=\"1.0\"} 2\n"
                                         "t_seconds_bucket{method=\"GET\",le=\"+Inf\"} 3\n"
                                         "t_seconds_sum{method=\"GET\"} 2.002001\n"
                                         "t_seconds_count{method=\"GET\"} 3\n"
                                         "t_seconds_bucket{method=\"POST\",le=\"0.001\"} 0\n"
                                         "t_seconds_bucket{method=\"POST\",le=\"0.25\"} 0\n"
                                         "t_seconds_bucket{method=\"POST\",le=\"1.0\"} 0\n"
                                         "t_seconds_bucket{method=\"POST\",le=\"+Inf\"} 0\n"
                                         "t_seconds_sum{method=\"POST\"} 0\n"
                                         "t_seconds_count{method=\"POST\"} 0\n"
                                         "# HELP t_depth Asked for.\n"
                                         "# TYPE t_depth gauge\n"
                                         "t_depth 42\n");
    assert_int_equal(metrics_value(metrics, SECONDS, 0), 3);
    metrics_destroy(metrics);
}

enum { THREADS = 24, TIMES = 5000 };

static void *count_much(void *context)
{
    Metrics *metrics = context;

    for (int i = 0; i < TIMES; i++) {
        metrics_add(metrics, REQUESTS, 0, 1);
        metrics_add(metrics, OPEN, 0, i % 2 ? 3 : -2);
        metrics_observe(metrics, SECONDS, 1, i);
    }
    return NULL;
}

static void nothing_counted_by_many_threads_is_lost(void **state)
{
    Metrics *metrics = metrics_create(ROWS, ROW_COUNT);
    pthread_t threads[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        threads[i] = thread_start("count", count_much, metrics);
    for (size_t i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    assert_int_equal(metrics_value(metrics, REQUESTS, 0), THREADS * TIMES);
    assert_int_equal(metrics_value(metrics, OPEN, 0), THREADS * TIMES / 2);
    assert_int_equal(metrics_value(metrics, SECONDS, 1), THREADS * TIMES);
    metrics_set(metrics, OPEN, 0, 7);
    assert_int_equal(metrics_value(metrics, OPEN, 0), 7);
    metrics_destroy(metrics);
}

static const char *const CITIES[] = {"seoul", "busan", "jeju", "gyeongju"};
static const Metric BOUNDED[] = {
    {METRIC_COUNTER,
     "t_visits_total",
     "Visits.",
     {{"city", CITIES, 4}, {"method", METHODS, 2}},
     .most_series = 6},
};

static void values_beyond_the_limit_of_a_metric_count_together_as_other(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Metrics *metrics = metrics_create(BOUNDED, 1);

    (void)state;
    for (size_t city = 0; city < COUNT(CITIES); city++)
        metrics_add(metrics, 0, metrics_series(metrics, 0, city, 1), 1);
    check_text(written(&arena, metrics), "# HELP t_visits_total Visits.\n"
                                         "# TYPE t_visits_total counter\n"
                                         "t_visits_total{city=\"seoul\",method=\"GET\"} 0\n"
                                         "t_visits_total{city=\"seoul\",method=\"POST\"} 1\n"
                                         "t_visits_total{city=\"busan\",method=\"GET\"} 0\n"
                                         "t_visits_total{city=\"busan\",method=\"POST\"} 1\n"
                                         "t_visits_total{city=\"other\",method=\"GET\"} 0\n"
                                         "t_visits_total{city=\"other\",method=\"POST\"} 2\n");
    metrics_destroy(metrics);
}

static const Metric OF_A_STORE[] = {
    {METRIC_COUNTER, "t_calls_total", "Calls.", {{"store"}}},
};

static void tables_of_several_subjects_are_one_metric(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Metrics *one = metrics_create_for(OF_A_STORE, 1, "one");
    Metrics *other = metrics_create_for(OF_A_STORE, 1, "other");
    Metrics *again = metrics_create_for(OF_A_STORE, 1, "other");
    Buf buf = {.arena = &arena};

    (void)state;
    metrics_publish(one);
    metrics_publish(other);
    metrics_publish(again);
    metrics_add(one, 0, 0, 3);
    metrics_write_all(NULL, 0, METRIC_OPENMETRICS, &buf);
    check_text(buf_str(&buf), "# HELP t_calls Calls.\n"
                              "# TYPE t_calls counter\n"
                              "t_calls_total{store=\"other\"} 0\n"
                              "t_calls_total{store=\"one\"} 3\n"
                              "# EOF\n");
    metrics_destroy(other);
    metrics_destroy(again);
    metrics_destroy(one);
    buf = (Buf){.arena = &arena};
    metrics_write_all(NULL, 0, METRIC_TEXT, &buf);
    assert_int_equal(buf.len, 0);
}

static const Metric TRACED[] = {
    {METRIC_HISTOGRAM, "t_took_seconds", "Time.", .unit = 1e6, .buckets = BOUNDS, .bucket_count = 2,
     .has_exemplars = true},
};

static void an_exemplar_is_of_a_trace_that_is_kept(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Metrics *metrics = metrics_create(TRACED, 1);
    const Metrics *tables[] = {metrics};
    Trace kept = trace_new(), dropped = trace_new();
    Buf buf = {.arena = &arena}, plain = {.arena = &arena};
    char id[TRACE_ID_TEXT];

    (void)state;
    kept.flags = TRACE_SAMPLED;
    metrics_observe_in(metrics, 0, 0, 500, &kept);
    metrics_observe_in(metrics, 0, 0, 2000, &dropped);
    metrics_observe_in(metrics, 0, 0, 2000, NULL);
    metrics_write_all(tables, 1, METRIC_OPENMETRICS, &buf);
    trace_id_print(&kept, id);
    Str shown = str_format(&arena, "le=\"0.001\"} 1 # {trace_id=\"%s\"} 0.0005 ", id);
    assert_true(str_find(buf_str(&buf), shown, 0) != SIZE_MAX);
    assert_true(str_find(buf_str(&buf), STR("le=\"0.25\"} 3\n"), 0) != SIZE_MAX);
    metrics_write_all(tables, 1, METRIC_TEXT, &plain);
    assert_true(str_find(buf_str(&plain), STR("trace_id"), 0) == SIZE_MAX);
    metrics_destroy(metrics);
}

static void destroying_nothing_is_fine(void **state)
{
    (void)state;
    metrics_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_what_prometheus_reads),
        cmocka_unit_test(nothing_counted_by_many_threads_is_lost),
        cmocka_unit_test(values_beyond_the_limit_of_a_metric_count_together_as_other),
        cmocka_unit_test(tables_of_several_subjects_are_one_metric),
        cmocka_unit_test(an_exemplar_is_of_a_trace_that_is_kept),
        cmocka_unit_test(destroying_nothing_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
