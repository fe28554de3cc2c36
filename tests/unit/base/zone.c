/* Days by the clocks of a place, with the changes that are hardest to get right. */
#include "base/zone.h"

#include <string.h>

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

/* Of places whose rules are unlike: half an hour; winter that is the exception (Dublin); hours below 0; the south; two hours (Troll). */
static const char *const RULED[] = {"America/New_York", "Australia/Lord_Howe", "Europe/Dublin",
                                    "America/Nuuk",     "America/Santiago",    "Antarctica/Troll",
                                    "Pacific/Auckland", "Asia/Jerusalem"};

/* The system's files have each change until 2037 and the rule as well. */
static void a_rule_says_what_each_change_would(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(RULED); i++) {
        AUTO_ARENA Arena arena = {0};
        Zone whole, ruled;
        arena_init(&arena);
        check_ok(zone_read(&arena, str_from(RULED[i]), &whole));
        assert_true(whole.has_rule);
        ruled = whole;
        while (ruled.count > 0 && ruled.changes[ruled.count - 1] > seconds_of("2026-01-01T00:00:00Z"))
            ruled.count--;
        assert_true(ruled.count < whole.count);
        for (int64_t day = day_of("2026-06-01"); day < day_of("2037-01-01"); day++)
            assert_int_equal(zone_day_begins_s(&ruled, day), zone_day_begins_s(&whole, day));
    }
}

static const struct {
    const char *rule, *moment;
    int hours;
} OFFSETS[] = {
    {"KST-9", "2050-07-01T00:00:00Z", 9},
    {"<-03>3", "2050-07-01T00:00:00Z", -3},
    {"EST5EDT,M3.2.0,M11.1.0", "2050-03-13T06:59:59Z", -5},
    {"EST5EDT,M3.2.0,M11.1.0", "2050-03-13T07:00:00Z", -4},
    {"EST5EDT,M3.2.0,M11.1.0", "2050-11-06T05:59:59Z", -4},
    {"EST5EDT,M3.2.0,M11.1.0", "2050-11-06T06:00:00Z", -5},
    {"AAA0BBB,J60/0,J61/0", "2048-02-29T12:00:00Z", 0}, /* a leap year: J60 is the first of March in each */
    {"AAA0BBB,J60/0,J61/0", "2048-03-01T12:00:00Z", 1},
    {"AAA0BBB,59/0,60/0", "2048-02-29T12:00:00Z", 1},
    {"XXX3EDT4,0/0,J365/23", "2050-01-01T12:00:00Z", -4}, /* summer all year: RFC 9636, section 3.3.2 */
    {"XXX3EDT4,0/0,J365/23", "2050-07-01T12:00:00Z", -4},
};

static void a_rule_is_read_as_it_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(OFFSETS); i++) {
        ZoneRule rule;
        check_ok(zone_rule_parse(str_from(OFFSETS[i].rule), &rule));
        assert_int_equal(zone_rule_offset(&rule, seconds_of(OFFSETS[i].moment)), OFFSETS[i].hours * 3600);
    }
}

static const char *const NO_RULES[] = {"",
                                       "E5",
                                       "EST",
                                       "EST25",
                                       "EST5EDT",
                                       "EST5EDT,M3.2.0",
                                       "EST5EDT,M13.1.0,M11.1.0",
                                       "EST5EDT,M3.6.0,M11.1.0",
                                       "EST5EDT,M3.2.7,M11.1.0",
                                       "EST5EDT,J0,J1",
                                       "EST5EDT,366,1",
                                       "EST5EDT,M3.2.0/168,M11.1.0",
                                       "EST5EDT,M3.2.0,M11.1.0,",
                                       "<EST5",
                                       "EST5:60",
                                       "EST99999999999999999999"};

static void what_is_no_rule_is_refused(void **state)
{
    ZoneRule rule;

    (void)state;
    for (size_t i = 0; i < COUNT(NO_RULES); i++)
        check_err(zone_rule_parse(str_from(NO_RULES[i]), &rule), INVALID, "no rule of a time zone");
}

/* A file of two headers, each before one kind of time and no change, and a rule. */
static Str slim_file(Arena *arena, const char *rule)
{
    static const char HEADER_TEXT[] = "TZif2";
    enum { HEADER = 44, BLOCK = 10, TYPES_AT = 39, CHARACTERS_AT = 43 };
    Str footer = str_from(rule);
    size_t len = 2 * (size_t)(HEADER + BLOCK) + footer.len;
    char *bytes = arena_array(arena, char, len);

    memset(bytes, 0, len);
    for (size_t i = 0; i < 2; i++) {
        char *at = bytes + i * (HEADER + BLOCK);
        memcpy(at, HEADER_TEXT, sizeof HEADER_TEXT - 1);
        at[TYPES_AT] = 1;
        at[CHARACTERS_AT] = 4;
    }
    memcpy(bytes + len - footer.len, footer.data, footer.len);
    return (Str){bytes, len};
}

static void a_slim_file_is_understood(void **state)
{
    AUTO_ARENA Arena arena = {0};
    Zone zone = {0};

    (void)state;
    arena_init(&arena);
    check_ok(zone_parse(&arena, slim_file(&arena, "\nEST5EDT,M3.2.0,M11.1.0\n"), &zone));
    assert_int_equal(zone_day_begins_s(&zone, day_of("2050-07-01")), seconds_of("2050-07-01T04:00:00Z"));
    check_ok(zone_parse(&arena, slim_file(&arena, "\n\n"), &zone));
    check_err(zone_parse(&arena, slim_file(&arena, "\nEST5"), &zone), INVALID, "no time zone file");
    check_err(zone_parse(&arena, slim_file(&arena, "\nEST\n"), &zone), INVALID, "no rule");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_when_its_clocks_say_so),
        cmocka_unit_test(a_rule_says_what_each_change_would),
        cmocka_unit_test(a_rule_is_read_as_it_is_written),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(a_slim_file_is_understood),
        cmocka_unit_test(a_file_that_is_cut_off_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
