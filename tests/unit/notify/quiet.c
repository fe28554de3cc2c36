/* Quiet hours by the clock where somebody lives. */
#include "check.h"

#include "base/time.h"
#include "services/notify/quiet.h"

static int64_t at(const char *moment)
{
    int64_t time_us;

    assert_true(time_parse(str_from(moment), &time_us));
    return time_us;
}

static void check_until(const char *zone, int from, int until, const char *now, const char *expected)
{
    QuietHours hours = {str_from(zone), from * 60, until * 60};
    int64_t until_us;

    check_ok(quiet_until(&hours, at(now), &until_us));
    if (expected == NULL)
        assert_int_equal(until_us, 0);
    else
        assert_int_equal(until_us, at(expected));
}

static void it_is_quiet_over_midnight_where_somebody_lives(void **state)
{
    (void)state;
    check_until("Asia/Seoul", 22, 7, "2026-11-26T12:59:59Z", NULL);
    check_until("Asia/Seoul", 22, 7, "2026-11-26T13:00:00Z", "2026-11-26T22:00:00Z");
    check_until("Asia/Seoul", 22, 7, "2026-11-26T21:59:59Z", "2026-11-26T22:00:00Z");
    check_until("Asia/Seoul", 22, 7, "2026-11-26T22:00:00Z", NULL);
    check_until("America/New_York", 22, 7, "2026-11-27T03:00:00Z", "2026-11-27T12:00:00Z");
    check_until("Asia/Kolkata", 13, 15, "2026-11-26T08:00:00Z", "2026-11-26T09:30:00Z");
}

static void the_same_hour_twice_is_never_quiet(void **state)
{
    (void)state;
    check_until("Asia/Seoul", 7, 7, "2026-11-26T22:00:00Z", NULL);
}

static void a_clock_that_is_moved_in_the_night_ends_quiet_when_it_shows_so(void **state)
{
    (void)state;
    check_until("Europe/Berlin", 22, 7, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00Z"); /* to summer time */
    check_until("Europe/Berlin", 22, 7, "2026-10-24T21:00:00Z", "2026-10-25T06:00:00Z"); /* and back */
    check_until("Asia/Seoul", 21, 8, "1987-05-09T13:00:00Z", "1987-05-09T22:00:00Z"); /* Korea had it, too */
}

/* Berlin's clock goes from 02:00 to 03:00, Cairo's from 00:00 to 01:00: asked again at the end, it isn't quiet. */
static void quiet_hours_that_end_in_an_hour_that_a_clock_skips_do_end(void **state)
{
    static const struct {
        const char *zone, *now, *end;
        int from, until; /* minutes */
    } ROWS[] = {
        {"Europe/Berlin", "2027-03-27T22:00:00Z", "2027-03-28T01:30:00Z", 22 * 60, 2 * 60 + 30},
        {"Europe/Berlin", "2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", 22 * 60, 2 * 60 + 30},
        {"Europe/Berlin", "2027-03-28T00:30:00Z", "2027-03-28T01:00:00Z", 22 * 60, 2 * 60},
        {"Africa/Cairo", "2027-04-29T20:00:00Z", "2027-04-29T22:00:00Z", 21 * 60, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        QuietHours hours = {str_from(ROWS[i].zone), ROWS[i].from, ROWS[i].until};
        int64_t until_us, again_us;
        check_ok(quiet_until(&hours, at(ROWS[i].now), &until_us));
        assert_int_equal(until_us, at(ROWS[i].end));
        check_ok(quiet_until(&hours, until_us, &again_us));
        assert_int_equal(again_us, 0);
    }
}

static void a_day_begins_at_midnight_there(void **state)
{
    int64_t midnight_us;

    (void)state;
    check_ok(quiet_midnight(STR("Asia/Seoul"), at("2026-11-26T14:59:59Z"), &midnight_us));
    assert_int_equal(midnight_us, at("2026-11-25T15:00:00Z"));
    check_ok(quiet_midnight(STR("Asia/Seoul"), at("2026-11-26T15:00:00Z"), &midnight_us));
    assert_int_equal(midnight_us, at("2026-11-26T15:00:00Z"));
}

static void what_is_no_zone_is_refused(void **state)
{
    const char *const none[] = {"",           "Asia/Nowhere",       "../etc/passwd", "/etc/passwd",
                                "asia/seoul", "Asia/../Asia/Seoul", "Asia"};
    int64_t midnight_us;

    (void)state;
    for (size_t i = 0; i < COUNT(none); i++) {
        Err e = quiet_midnight(str_from(none[i]), 0, &midnight_us);
        assert_true(failed(&e));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_quiet_over_midnight_where_somebody_lives),
        cmocka_unit_test(the_same_hour_twice_is_never_quiet),
        cmocka_unit_test(a_clock_that_is_moved_in_the_night_ends_quiet_when_it_shows_so),
        cmocka_unit_test(quiet_hours_that_end_in_an_hour_that_a_clock_skips_do_end),
        cmocka_unit_test(a_day_begins_at_midnight_there),
        cmocka_unit_test(what_is_no_zone_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
