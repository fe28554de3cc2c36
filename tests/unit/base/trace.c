#include "check.h"

#include <string.h>

#include "base/trace.h"

#define EXAMPLE "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static void a_traceparent_comes_back_as_it_was(void **state)
{
    char text[TRACE_TEXT];
    Trace trace;

    (void)state;
    assert_true(trace_parse(STR(EXAMPLE), &trace));
    assert_int_equal(trace.flags, TRACE_SAMPLED);
    trace_print(&trace, text);
    assert_string_equal(text, EXAMPLE);

    char id[TRACE_ID_TEXT];
    char span[SPAN_ID_TEXT];
    trace_id_print(&trace, id);
    span_id_print(&trace, span);
    assert_string_equal(id, "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_string_equal(span, "00f067aa0ba902b7");
}

static void what_the_recommendation_forbids_is_ignored(void **state)
{
    static const char *const WRONG[] = {
        "",
        "00",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0G",
        " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
    Trace trace;

    (void)state;
    for (size_t i = 0; i < COUNT(WRONG); i++)
        assert_false(trace_parse(str_from(WRONG[i]), &trace));
    assert_false(trace_parse((Str){0}, &trace));
}

static void a_later_version_is_read_as_far_as_it_is_known(void **state)
{
    Trace trace;

    (void)state;
    assert_true(trace_parse(STR("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), &trace));
    assert_true(
        trace_parse(STR("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-else"), &trace));
}

static void unknown_flags_are_not_passed_on(void **state)
{
    Trace trace;

    (void)state;
    assert_true(trace_parse(STR("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe"), &trace));
    assert_int_equal(trace.flags, 0);
}

static void a_child_stays_in_the_trace_with_a_span_of_its_own(void **state)
{
    Trace parent;

    (void)state;
    assert_true(trace_parse(STR(EXAMPLE), &parent));
    Trace child = trace_from_header(STR(EXAMPLE));
    assert_memory_equal(child.trace_id, parent.trace_id, sizeof parent.trace_id);
    assert_memory_not_equal(child.span_id, parent.span_id, sizeof parent.span_id);
}

static void without_a_sound_header_a_new_trace_begins(void **state)
{
    Trace a = trace_from_header((Str){0});
    Trace b = trace_from_header(STR("nonsense"));

    (void)state;
    assert_memory_not_equal(a.trace_id, b.trace_id, sizeof a.trace_id);
    assert_int_equal(a.flags, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_traceparent_comes_back_as_it_was),
        cmocka_unit_test(what_the_recommendation_forbids_is_ignored),
        cmocka_unit_test(a_later_version_is_read_as_far_as_it_is_known),
        cmocka_unit_test(unknown_flags_are_not_passed_on),
        cmocka_unit_test(a_child_stays_in_the_trace_with_a_span_of_its_own),
        cmocka_unit_test(without_a_sound_header_a_new_trace_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
