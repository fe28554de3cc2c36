/* When something comes again. */
#include "check.h"

#include "base/time.h"
#include "stores/queue/cron.h"

static int64_t next_after(const char *text, const char *moment)
{
    Cron cron;
    int64_t at_us, next_us;

    check_ok(cron_read(str_from(text), &cron));
    assert_true(time_parse(str_from(moment), &at_us));
    assert_true(cron_next(&cron, at_us, &next_us));
    return next_us;
}

static void check_next(const char *text, const char *moment, const char *expected)
{
    int64_t expected_us;

    assert_true(time_parse(str_from(expected), &expected_us));
    assert_true(next_after(text, moment) == expected_us);
}

static void what_comes_by_the_calendar_comes_by_koreas_clock(void **state)
{
    (void)state;
    check_next("0 4 * * *", "2026-11-26T18:59:59Z", "2026-11-26T19:00:00Z");
    check_next("0 4 * * *", "2026-11-26T19:00:00Z", "2026-11-27T19:00:00Z");
    check_next("*/15 9-17 * * 1-5", "2026-11-27T08:45:00Z",
               "2026-11-30T00:00:00Z"); /* Friday 17:45 -> Monday 9:00 */
    check_next("30 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-28T15:30:00Z");
    check_next("0 0 13 * 5", "2026-11-27T15:00:00Z", "2026-12-03T15:00:00Z"); /* a 13th or a Friday */
    check_next("0 0 * * 7", "2026-11-26T00:00:00Z", "2026-11-28T15:00:00Z");
}

static void a_calendar_that_is_wrong_is_refused_with_its_field(void **state)
{
    Cron cron;

    (void)state;
    check_err(cron_read(STR("60 * * * *"), &cron), INVALID, "minute \"60\"");
    check_err(cron_read(STR("* * 0 * *"), &cron), INVALID, "day \"0\"");
    check_err(cron_read(STR("* 5-2 * * *"), &cron), INVALID, "hour \"5-2\"");
    check_err(cron_read(STR("*/0 * * * *"), &cron), INVALID, "minute \"*/0\"");
    check_err(cron_read(STR("* * * *"), &cron), INVALID, "weekday \"\"");
    check_err(cron_read(STR("* * * * * *"), &cron), INVALID, "more than five");
    check_err(cron_read(STR("1,,2 * * * *"), &cron), INVALID, "minute");
    check_err(cron_read(STR("1x * * * *"), &cron), INVALID, "more behind it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_by_the_calendar_comes_by_koreas_clock),
        cmocka_unit_test(a_calendar_that_is_wrong_is_refused_with_its_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
