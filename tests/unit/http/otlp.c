#include "check.h"

#include <string.h>

#include "http/otlp.h"

static void check_has(Str text, const char *part)
{
    if (str_find(text, str_from(part), 0) == SIZE_MAX) {
        print_error("found no %s in %.*s\n", part, STR_ARG(text));
        fail();
    }
}

/* Of microseconds; Jaeger shows a span that ends when it begins as a mistake. */
static void a_span_that_took_no_time_ends_behind_its_beginning(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const OtlpResource resource = {.version = "1", .role = "serve", .instance = "i", .host = "h"};
    Span span = {.kind = SPAN_INTERNAL, .name = "nothing", .begun_us = 5, .ended_us = 5};
    Span *const spans[] = {&span};

    (void)state;
    memset(&span.trace, 1, sizeof span.trace);
    arena_init(&arena);
    Str body = otlp_write(&arena, &resource, spans, 1, INT64_C(1790000000000000));
    check_has(body, "\"startTimeUnixNano\":\"1790000000000005000\"");
    check_has(body, "\"endTimeUnixNano\":\"1790000000000005001\"");
}

static void what_a_collector_refuses_of_a_batch_is_read(void **state)
{
    (void)state;
    assert_int_equal(
        otlp_refused(STR("{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"too old\"}}")), 3);
    assert_int_equal(otlp_refused(STR("{\"partialSuccess\":{\"rejectedSpans\":4}}")), 4);
    assert_int_equal(otlp_refused(STR("{\"partialSuccess\":{\"rejectedSpans\":\"-1\"}}")), 0);
    assert_int_equal(otlp_refused(STR("{\"partialSuccess\":{\"rejectedSpans\":\"some\"}}")), 0);
    assert_int_equal(otlp_refused(STR("{\"partialSuccess\":[]}")), 0);
    assert_int_equal(otlp_refused(STR("{}")), 0);
    assert_int_equal(otlp_refused(STR("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_that_took_no_time_ends_behind_its_beginning),
        cmocka_unit_test(what_a_collector_refuses_of_a_batch_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
