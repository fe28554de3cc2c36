/* Days by the clocks of a place, with the changes that are hardest to get right. */
#include "base/zone.h"

#include "base/time.h"
#include "check.h"

enum { DAY_S = 86400 };

static int64_t day_of(const char *date)
{
    int64_t us = 0;

    assert_true(time_parse_date(str_from(date), &us));
    return us / 1000000 / DAY_S;
}

static int64_t seconds_of(const char *moment)
{
    int64_t us = 0;

    assert_true(time_parse(str_from(moment), &us));
    return us / 1000000;
}

typedef struct Case {
    const char *zone, *day, *begins;
    int hours;
} Case;

/* By the IANA database 2024a and later: America/New_York changes at 07:00 and 06:00 UTC; in Beirut 2021-03-28 began at 01:00, for there was no
 * midnight; Samoa had no 2011-12-30 at all. */
static const Case CASES[] = {
    {"Asia/Seoul", "2026-11-27", "2026-11-26T15:00:00Z", 24},
    {"UTC", "2026-11-27", "2026-11-27T00:00:00Z", 24},
    {"Asia/Kathmandu", "2026-11-27", "2026-11-26T18:15:00Z", 24},
    {"America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", 23},
    {"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", 25},
    {"Asia/Beirut", "2021-03-28", "2021-03-27T22:00:00Z", 23},
    {"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24},
    {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0},
    {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24},
};

static void a_day_begins_when_its_clocks_say_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        AUTO_ARENA Arena arena = {0};
        Zone zone;
        arena_init(&arena);
        check_ok(zone_read(&arena, str_from(CASES[i].zone), &zone));
        int64_t begins_s = zone_day_begins_s(&zone, day_of(CASES[i].day));
        check_text(time_format(&arena, begins_s * 1000000), CASES[i].begins);
        assert_int_equal((zone_day_begins_s(&zone, day_of(CASES[i].day) + 1) - begins_s) / 3600,
                         CASES[i].hours);
        assert_int_equal(seconds_of(CASES[i].begins), begins_s);
    }
}

static void a_file_that_is_cut_off_anywhere_is_refused(void **state)
{
    AUTO_ARENA Arena arena = {0};
    static char bytes[1024];
    Zone zone;

    (void)state;
    arena_init(&arena);
    (void)snprintf(bytes, sizeof bytes, "TZif2");
    for (size_t len = 0; len < sizeof bytes; len += 7)
        check_err(zone_parse(&arena, (Str){bytes, len}, &zone), INVALID, "no time zone file");
    check_err(zone_read(&arena, STR("Asia/Soul"), &zone), UNPROCESSABLE, "Asia/Seoul");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_when_its_clocks_say_so),
        cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
