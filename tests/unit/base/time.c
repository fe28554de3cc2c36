#include "check.h"

#include "base/time.h"

static void known_moments_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t us;
    } CASES[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59.999999Z", -1},
        {"2026-11-23T23:58:44Z", 1795478324000000},
        {"2026-11-23t23:58:44z", 1795478324000000},
        {"2026-11-24T08:58:44+09:00", 1795478324000000},
        {"2026-11-23T18:28:44-05:30", 1795478324000000},
        {"2026-11-23T23:58:44.5Z", 1795478324500000},
        {"2026-11-23T23:58:44.123456789Z", 1795478324123456},
        {"2026-11-23T23:58:44-00:00", 1795478324000000},
        {"2024-02-29T00:00:00Z", 1709164800000000},
        {"2000-02-29T12:00:00Z", 951825600000000},
        {"0000-01-01T00:00:00Z", -62167219200000000},
        {"9999-12-31T23:59:59.999999Z", 253402300799999999},
    };
    int64_t us = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        if (!time_parse(str_from(CASES[i].text), &us))
            fail_msg("refused: %s", CASES[i].text);
        assert_int_equal(us, CASES[i].us);
    }
}

static void what_is_no_rfc_3339_moment_is_refused(void **state)
{
    static const char *const WRONG[] = {
        "",
        "2026-11-23",
        "2026-11-23T23:58:44",
        "2026-11-23 23:58:44Z",
        "2026-11-23T23:58Z",
        "2026-11-23T23:58:44.Z",
        "2026-11-23T23:58:44,5Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T23:60:00Z",
        "2026-11-23T23:58:61Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-11-00T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "26-11-23T23:58:44Z",
        "02026-11-23T23:58:44Z",
        "2026-11-23T23:58:44+9:00",
        "2026-11-23T23:58:44+0900",
        "2026-11-23T23:58:44+24:00",
        "2026-11-23T23:58:44+09:60",
        "2026-11-23T23:58:44Z ",
        "2026-11-23T23:58:44ZZ",
        "2026-1-23T23:58:44Z",
        "+026-11-23T23:58:44Z",
        "2026-11-23T-1:58:44Z",
        "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-11-23T23:58:4\xd9\xa3Z",
    };
    int64_t us;

    (void)state;
    for (size_t i = 0; i < COUNT(WRONG); i++)
        if (time_parse(str_from(WRONG[i]), &us))
            fail_msg("accepted: %s", WRONG[i]);
}

static void a_leap_second_counts_as_the_next_second_and_only_ends_a_month(void **state)
{
    int64_t leap = 0;
    int64_t next = 1;

    (void)state;
    assert_true(time_parse(STR("2016-12-31T23:59:60Z"), &leap));
    assert_true(time_parse(STR("2017-01-01T00:00:00Z"), &next));
    assert_int_equal(leap, next);
    assert_true(time_parse(STR("2017-01-01T08:59:60+09:00"), &leap));
    assert_int_equal(leap, next);
    assert_true(time_parse(STR("1990-06-30T15:59:60-08:00"), &leap));
    assert_false(time_parse(STR("2016-12-30T23:59:60Z"), &leap));
    assert_false(time_parse(STR("2016-12-31T22:59:60Z"), &leap));
    assert_false(time_parse(STR("2016-12-31T23:58:60Z"), &leap));
    assert_false(time_parse(STR("2016-12-31T23:59:60+09:00"), &leap));
}

static void what_is_written_is_read_back_over_all_years(void **state)
{
    AUTO_ARENA Arena arena = {0};
    const int64_t first = -62167219200000000;
    const int64_t last = 253402300799999999;

    (void)state;
    for (int64_t us = first; us <= last; us += 86399999999 * 37) {
        int64_t back;
        arena_reset(&arena);
        if (!time_parse(time_format(&arena, us), &back) || back != us)
            fail_msg("%lld", (long long)us);
    }
}

static void a_whole_second_has_no_fraction_and_years_are_clamped(void **state)
{
    AUTO_ARENA Arena arena = {0};

    (void)state;
    check_text(time_format(&arena, 1795478324000000), "2026-11-23T23:58:44Z");
    check_text(time_format(&arena, 1795478324000100), "2026-11-23T23:58:44.000100Z");
    check_text(time_format(&arena, INT64_MAX), "9999-12-31T23:59:59.999999Z");
    check_text(time_format(&arena, INT64_MIN), "0000-01-01T00:00:00Z");
}

static void a_date_is_its_first_moment(void **state)
{
    int64_t us = 1;

    (void)state;
    assert_true(time_parse_date(STR("1970-01-01"), &us) && us == 0);
    assert_true(time_parse_date(STR("2024-02-29"), &us) && us == 1709164800000000);
    assert_false(time_parse_date(STR("2025-02-29"), &us));
    assert_false(time_parse_date(STR("2024-02-29T"), &us));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_moments_are_read),
        cmocka_unit_test(what_is_no_rfc_3339_moment_is_refused),
        cmocka_unit_test(a_leap_second_counts_as_the_next_second_and_only_ends_a_month),
        cmocka_unit_test(what_is_written_is_read_back_over_all_years),
        cmocka_unit_test(a_whole_second_has_no_fraction_and_years_are_clamped),
        cmocka_unit_test(a_date_is_its_first_moment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
