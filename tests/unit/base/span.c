#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "base/thread.h"

enum { SLOW_US = 1000000 };
static const SpanRules NEVER = {.sample_millionths = 0, .slow_us = SLOW_US};

static int begin_store(void **state)
{
    (void)state;
    span_start(&NEVER);
    return 0;
}

static int end_store(void **state)
{
    (void)state;
    span_stop();
    return 0;
}

static Trace a_trace(uint8_t flags)
{
    Trace trace = trace_new();

    trace.flags = flags;
    return trace;
}

/* How many are kept, all of which are given back. */
static size_t kept(void)
{
    Span *spans[64];
    size_t count = span_take(spans, COUNT(spans), 0);

    for (size_t i = 0; i < count; i++)
        span_free(spans[i]);
    return count;
}

static size_t kept_in_all(void)
{
    size_t all = 0, some;

    while ((some = kept()) > 0)
        all += some;
    return all;
}

static double counted(const char *series)
{
    AUTO_ARENA Arena arena = {0};
    Buf out = {.arena = &arena};

    metrics_write_all(NULL, 0, METRIC_TEXT, &out);
    Str text = buf_str(&out);
    size_t at = str_find(text, str_from(series), 0);
    assert_true(at != SIZE_MAX);
    return strtod(text.data + at + strlen(series), NULL);
}

static void root(Span *span, const Trace *trace, int64_t took_us)
{
    span_begin_root(span, SPAN_SERVER, "GET /a", trace, NULL, clock_monotonic_us(clock_system()) - took_us);
}

static void while_nothing_is_recorded_no_trace_is_chosen(void **state)
{
    (void)state;
    assert_int_equal(span_choose(), 0);
    span_start(&(SpanRules){.sample_millionths = 1000000, .slow_us = SLOW_US});
    assert_int_equal(span_choose(), TRACE_SAMPLED);
    assert_int_equal(span_new_trace().flags, TRACE_SAMPLED);
    span_stop();
    assert_int_equal(span_choose(), 0);
}

static void an_ordinary_trace_is_dropped_and_a_chosen_one_kept(void **state)
{
    Trace ordinary = a_trace(0), chosen = a_trace(TRACE_SAMPLED);
    Span span;

    (void)state;
    root(&span, &ordinary, 0);
    assert_false(span_end(&span));
    assert_int_equal(kept(), 0);
    root(&span, &chosen, 0);
    assert_true(span_end(&span));
    assert_int_equal(kept(), 1);
    assert_false(span_end(&span)); /* the second time */
    assert_int_equal(kept(), 0);
}

static void a_slow_one_and_one_in_which_something_failed_are_kept(void **state)
{
    Trace slow = a_trace(0), with_failure = a_trace(0), refused = a_trace(0);
    Span span, below;

    (void)state;
    root(&span, &slow, SLOW_US);
    assert_true(span_end(&span));
    root(&span, &with_failure, 0);
    span_begin(&below, SPAN_CLIENT, "ask", &with_failure);
    (void)span_fail(&below, err(UNAVAILABLE, "gone"));
    assert_false(span_end(&below));
    assert_true(span_end(&span));
    assert_int_equal(kept(), 3);
    root(&span, &refused, 0);
    span_begin(&below, SPAN_CLIENT, "ask", &refused);
    (void)span_fail(&below, err(NOT_FOUND, "there is none"));
    (void)span_end(&below);
    assert_false(span_end(&span)); /* a caller's mistake is no failure of ours */
    assert_int_equal(kept(), 0);
}

static void a_root_that_failed_is_kept(void **state)
{
    Trace trace = a_trace(0);
    Span span;

    (void)state;
    root(&span, &trace, 0);
    (void)span_fail(&span, err(TIMED_OUT, "too slow"));
    assert_true(span_end(&span));
    assert_int_equal(kept(), 1);
}

/* A request and what another node asks of us for it are roots of one trace. */
static void the_first_of_two_roots_waits_for_the_other(void **state)
{
    Trace trace = a_trace(0), after = a_trace(0);
    Span first, second;

    (void)state;
    root(&first, &trace, 0);
    root(&second, &trace, 0);
    assert_false(span_end(&first));
    assert_int_equal(kept(), 0);
    (void)span_fail(&second, err(INTERNAL, "broken"));
    assert_true(span_end(&second));
    assert_int_equal(kept(), 2);
    root(&first, &after, 0); /* in the place that is free again */
    assert_false(span_end(&first));
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

/* What library.c does of a request. */
static SpanFate request(const Trace *trace, int64_t took_us, const char *error)
{
    SpanFate fate = span_root_close(trace, took_us, error);
    Span span;

    if (fate == SPAN_DROPPED)
        return fate;
    span_root_fill(&span, SPAN_SERVER, "GET /a", trace, NULL, 1);
    span.ended_us = 1 + took_us;
    span.error = error;
    span_note_int(&span, "status", 200);
    span_root_give(&span, fate);
    return fate;
}

static void a_request_is_described_when_somebody_will_see_it(void **state)
{
    Trace ordinary = a_trace(0), chosen = a_trace(TRACE_SAMPLED), slow = a_trace(0), broken = a_trace(0);
    Span *taken[8];

    (void)state;
    assert_true(span_root_open(&ordinary) && span_root_open(&chosen) && span_root_open(&slow));
    assert_true(span_root_open(&broken));
    assert_int_equal(request(&ordinary, SLOW_US - 1, NULL), SPAN_DROPPED);
    assert_int_equal(request(&chosen, 7, NULL), SPAN_KEPT);
    assert_int_equal(request(&slow, SLOW_US, NULL), SPAN_KEPT);
    assert_int_equal(request(&broken, 7, "internal"), SPAN_KEPT);
    assert_int_equal(span_take(taken, COUNT(taken), 0), 3);
    assert_string_equal(taken[0]->name, "GET /a");
    assert_int_equal(taken[0]->ended_us, 8);
    assert_int_equal(taken[0]->notes[0].number, 200);
    assert_string_equal(taken[2]->error, "internal");
    for (size_t i = 0; i < 3; i++)
        span_free(taken[i]);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

static void a_request_that_waits_for_another_of_its_trace_shares_its_fate(void **state)
{
    Trace kept_trace = a_trace(0), dropped = a_trace(0);

    (void)state;
    assert_true(span_root_open(&kept_trace) && span_root_open(&kept_trace));
    assert_int_equal(request(&kept_trace, 0, NULL), SPAN_WAITS);
    assert_int_equal(kept(), 0);
    assert_int_equal(request(&kept_trace, SLOW_US, NULL), SPAN_KEPT);
    assert_int_equal(kept(), 2);
    assert_true(span_root_open(&dropped) && span_root_open(&dropped));
    assert_int_equal(request(&dropped, 0, NULL), SPAN_WAITS);
    assert_int_equal(request(&dropped, 0, NULL), SPAN_DROPPED);
    assert_int_equal(kept(), 0);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

static void what_a_thread_is_doing_is_the_parent_within_its_trace(void **state)
{
    Trace trace = a_trace(TRACE_SAMPLED), other = a_trace(0);
    Span span, below;

    (void)state;
    root(&span, &trace, 0);
    {
        AUTO_DOING const Trace *before = span_enter(&span.trace);
        Trace elsewhere = trace_child(&trace);
        span_begin(&below, SPAN_INTERNAL, "a", &elsewhere);
        assert_memory_equal(below.parent_id, span.trace.span_id, 8);
        (void)span_end(&below);
        span_begin(&below, SPAN_INTERNAL, "b", &other);
        assert_memory_equal(below.parent_id, other.span_id, 8);
        below.is_recorded = false;
    }
    assert_null(span_current());
    span_begin(&below, SPAN_INTERNAL, "c", NULL);
    assert_false(below.is_recorded); /* it is doing nothing */
    (void)span_end(&span);
    assert_int_equal(kept(), 2);
}

static void of_a_trace_that_is_too_long_the_rest_is_dropped_and_counted(void **state)
{
    Trace trace = a_trace(TRACE_SAMPLED);
    Span span, below;
    size_t all;

    (void)state;
    root(&span, &trace, 0);
    for (int i = 0; i < SPANS_A_TRACE + 7; i++) {
        span_begin(&below, SPAN_CLIENT, "ask", &trace);
        (void)span_end(&below);
    }
    assert_true(span_end(&span));
    all = kept_in_all();
    assert_int_equal(all, SPANS_A_TRACE + 1); /* the root, too */
    assert_true(counted("nerdx_spans_total{result=\"trace_full\"} ") == 7);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

static void what_ends_after_its_trace_is_kept_when_that_was(void **state)
{
    Trace chosen = a_trace(TRACE_SAMPLED), ordinary = a_trace(0);
    Span span, late_of_chosen, late_of_ordinary;

    (void)state;
    root(&span, &chosen, 0);
    span_begin(&late_of_chosen, SPAN_CLIENT, "ask", &chosen);
    assert_true(span_end(&span));
    assert_int_equal(kept(), 1);
    (void)span_end(&late_of_chosen);
    assert_int_equal(kept(), 1);
    root(&span, &ordinary, 0);
    span_begin(&late_of_ordinary, SPAN_CLIENT, "ask", &ordinary);
    assert_false(span_end(&span));
    (void)span_end(&late_of_ordinary);
    assert_int_equal(kept(), 0);
    assert_true(counted("nerdx_spans_total{result=\"late\"} ") == 1);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

/* A stranger chooses ids: one of theirs that stays open is no way to have all of theirs kept. */
static void who_repeats_the_id_of_one_that_is_open_has_no_more_kept_than_others(void **state)
{
    enum { TOO_MANY = 9 };
    Trace trace = a_trace(0);

    (void)state;
    assert_true(span_root_open(&trace));
    assert_true(span_root_open(&trace));
    assert_int_equal(request(&trace, SLOW_US, NULL), SPAN_KEPT);
    for (int i = 1; i < SPANS_A_TRACE + TOO_MANY; i++) {
        Span below;
        assert_true(span_root_open(&trace));
        span_begin(&below, SPAN_CLIENT, "ask", &trace);
        (void)span_end(&below);
        assert_int_equal(request(&trace, 0, NULL), i < SPANS_A_TRACE ? SPAN_KEPT : SPAN_DROPPED);
    }
    assert_int_equal(kept_in_all(), 2 * SPANS_A_TRACE - 1); /* the roots, and what is below them */
    assert_true(counted("nerdx_spans_total{result=\"trace_full\"} ") == (double)(2 * TOO_MANY));
    assert_true(counted("nerdx_traces_kept_total{why=\"slow\"} ") == 1);
    assert_int_equal(request(&trace, 0, NULL), SPAN_DROPPED);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

static void roots_that_wait_for_another_of_their_trace_are_bounded_too(void **state)
{
    Trace trace = a_trace(0);

    (void)state;
    assert_true(span_root_open(&trace));
    for (int i = 0; i < SPANS_A_TRACE + 3; i++) {
        assert_true(span_root_open(&trace));
        assert_int_equal(request(&trace, 0, NULL), SPAN_WAITS);
    }
    assert_true(counted("\nnerdx_spans_in_memory ") == (double)SPANS_A_TRACE);
    assert_true(counted("nerdx_spans_total{result=\"trace_full\"} ") == 3);
    assert_int_equal(request(&trace, 0, NULL), SPAN_DROPPED);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

static void a_job(Span *span, const Trace *request)
{
    Trace trace = trace_child(request);

    span_begin_root(span, SPAN_CONSUMER, "job a", &trace, request->span_id,
                    clock_monotonic_us(clock_system()));
}

static void what_ends_while_a_job_of_its_trace_runs_is_kept_when_that_was(void **state)
{
    Trace slow = a_trace(0), ordinary = a_trace(0);
    Span job, late;

    (void)state;
    assert_true(span_root_open(&slow) && span_root_open(&ordinary));
    span_begin(&late, SPAN_CLIENT, "ask", &slow);
    assert_int_equal(request(&slow, SLOW_US, NULL), SPAN_KEPT);
    a_job(&job, &slow);
    (void)span_end(&late);
    assert_true(span_end(&job));
    assert_int_equal(kept_in_all(), 3);
    assert_true(counted("nerdx_traces_kept_total{why=\"slow\"} ") == 1);
    assert_int_equal(request(&ordinary, 0, NULL), SPAN_DROPPED);
    a_job(&job, &ordinary);
    assert_false(span_end(&job));
    assert_true(span_root_open(&slow));
    assert_int_equal(request(&slow, 0, NULL), SPAN_DROPPED); /* a request with its id is no part of it */
    assert_int_equal(kept_in_all(), 0);
}

static void a_trace_of_two_roots_is_counted_once(void **state)
{
    Trace trace = a_trace(TRACE_SAMPLED);

    (void)state;
    assert_true(span_root_open(&trace) && span_root_open(&trace));
    assert_int_equal(request(&trace, 0, NULL), SPAN_KEPT);
    assert_int_equal(request(&trace, 0, NULL), SPAN_KEPT);
    assert_true(span_root_open(&trace));
    assert_int_equal(request(&trace, 0, NULL), SPAN_KEPT);
    assert_true(counted("nerdx_traces_kept_total{why=\"chosen\"} ") == 1);
    assert_int_equal(kept_in_all(), 3);
}

static void of_too_many_traces_at_once_some_are_not_recorded_and_none_waits(void **state)
{
    enum { MANY = 4 * SPANS_OPEN_TRACES };
    static Span spans[MANY];
    size_t recorded = 0;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        Trace trace = a_trace(0);
        root(&spans[i], &trace, 0);
        recorded += spans[i].is_recorded;
    }
    assert_in_range(recorded, SPANS_OPEN_TRACES / 2, SPANS_OPEN_TRACES);
    assert_true(counted("nerdx_spans_total{result=\"no_room\"} ") == (double)(MANY - recorded));
    for (size_t i = 0; i < MANY; i++)
        (void)span_end(&spans[i]);
    assert_true(counted("\nnerdx_spans_in_memory ") == 0);
}

static void texts_are_cut_on_a_whole_character(void **state)
{
    Trace trace = a_trace(TRACE_SAMPLED);
    Span span;
    char text[4 * SPAN_TEXT_MAX] = "x";

    (void)state;
    for (size_t i = 1; i + 4 < sizeof text; i += 3)
        memcpy(text + i, "술", 4);
    root(&span, &trace, 0);
    span_note_text(&span, "k", text);
    for (int i = 0; i < 2 * SPAN_MOST_NOTES; i++)
        span_note_int(&span, "n", i);
    assert_int_equal(span.note_count, SPAN_MOST_NOTES);
    assert_int_equal(strlen(span.notes[0].text) % 3, 1);
    (void)span_end(&span);
    assert_int_equal(kept(), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(while_nothing_is_recorded_no_trace_is_chosen),
        cmocka_unit_test_setup_teardown(an_ordinary_trace_is_dropped_and_a_chosen_one_kept, begin_store,
                                        end_store),
        cmocka_unit_test_setup_teardown(a_slow_one_and_one_in_which_something_failed_are_kept, begin_store,
                                        end_store),
        cmocka_unit_test_setup_teardown(a_root_that_failed_is_kept, begin_store, end_store),
        cmocka_unit_test_setup_teardown(the_first_of_two_roots_waits_for_the_other, begin_store, end_store),
        cmocka_unit_test_setup_teardown(a_request_is_described_when_somebody_will_see_it, begin_store,
                                        end_store),
        cmocka_unit_test_setup_teardown(a_request_that_waits_for_another_of_its_trace_shares_its_fate,
                                        begin_store, end_store),
        cmocka_unit_test_setup_teardown(what_a_thread_is_doing_is_the_parent_within_its_trace, begin_store,
                                        end_store),
        cmocka_unit_test_setup_teardown(of_a_trace_that_is_too_long_the_rest_is_dropped_and_counted,
                                        begin_store, end_store),
        cmocka_unit_test_setup_teardown(what_ends_after_its_trace_is_kept_when_that_was, begin_store,
                                        end_store),
        cmocka_unit_test_setup_teardown(who_repeats_the_id_of_one_that_is_open_has_no_more_kept_than_others,
                                        begin_store, end_store),
        cmocka_unit_test_setup_teardown(roots_that_wait_for_another_of_their_trace_are_bounded_too,
                                        begin_store, end_store),
        cmocka_unit_test_setup_teardown(what_ends_while_a_job_of_its_trace_runs_is_kept_when_that_was,
                                        begin_store, end_store),
        cmocka_unit_test_setup_teardown(a_trace_of_two_roots_is_counted_once, begin_store, end_store),
        cmocka_unit_test_setup_teardown(of_too_many_traces_at_once_some_are_not_recorded_and_none_waits,
                                        begin_store, end_store),
        cmocka_unit_test_setup_teardown(texts_are_cut_on_a_whole_character, begin_store, end_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
