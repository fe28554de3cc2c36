#include "base/zone_rule.h"

#include <string.h>

enum {
    MINUTE_S = 60,
    HOUR_S = 60 * MINUTE_S,
    DAY_S = 24 * HOUR_S,
    MOST_OFFSET_HOURS = 24,
    MOST_TIME_HOURS = 167,
    USUAL_TURN_S = 2 * HOUR_S,
    LEAST_NAME = 3,
    WEEK = 7,
    LAST_WEEK = 5,
    THURSDAY = 4, /* 1970-01-01 */
    FEBRUARY_28 = 59,
    DAYS_400_YEARS = 146097,
};

/* ---- reading */

typedef struct Cursor {
    Str text;
    size_t at;
} Cursor;

static char look(const Cursor *cursor)
{
    return cursor->at < cursor->text.len ? cursor->text.data[cursor->at] : '\0';
}

static bool take(Cursor *cursor, char c)
{
    bool is_there = look(cursor) == c && c != '\0';

    cursor->at += is_there;
    return is_there;
}

static bool take_number(Cursor *cursor, int least, int most, int *out)
{
    size_t first = cursor->at;

    *out = 0;
    while (look(cursor) >= '0' && look(cursor) <= '9' && *out <= most)
        *out = *out * 10 + (cursor->text.data[cursor->at++] - '0');
    return cursor->at > first && *out >= least && *out <= most;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* EST, or <+0330>: it isn't needed. */
static bool skip_name(Cursor *cursor)
{
    size_t first = cursor->at;

    if (take(cursor, '<')) {
        while (cursor->at < cursor->text.len && look(cursor) != '>')
            cursor->at++;
        return take(cursor, '>') && cursor->at - first > LEAST_NAME;
    }
    while (is_letter(look(cursor)))
        cursor->at++;
    return cursor->at - first >= LEAST_NAME;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(Cursor *cursor, int most_hours, int32_t *out)
{
    static const int32_t UNITS[] = {MINUTE_S, 1};
    bool is_minus = take(cursor, '-');
    int number;

    if (!is_minus)
        (void)take(cursor, '+');
    if (!take_number(cursor, 0, most_hours, &number))
        return false;
    *out = number * HOUR_S;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS && take(cursor, ':'); i++) {
        if (!take_number(cursor, 0, MINUTE_S - 1, &number))
            return false;
        *out += number * UNITS[i];
    }
    *out = is_minus ? -*out : *out;
    return true;
}

static bool take_day(Cursor *cursor, ZoneTurn *out)
{
    if (take(cursor, 'M')) {
        out->form = ZONE_DAY_OF_WEEK;
        return take_number(cursor, 1, 12, &out->month) && take(cursor, '.') &&
               take_number(cursor, 1, LAST_WEEK, &out->week) && take(cursor, '.') &&
               take_number(cursor, 0, WEEK - 1, &out->day);
    }
    bool is_of_365 = take(cursor, 'J');
    out->form = is_of_365 ? ZONE_DAY_OF_365 : ZONE_DAY_OF_366;
    return take_number(cursor, is_of_365, 365, &out->day);
}

static bool take_turn(Cursor *cursor, ZoneTurn *out)
{
    out->time_s = USUAL_TURN_S;
    return take(cursor, ',') && take_day(cursor, out) &&
           (!take(cursor, '/') || take_time(cursor, MOST_TIME_HOURS, &out->time_s));
}

/* In such a rule what is west is positive. */
static bool take_offset(Cursor *cursor, int32_t *out)
{
    bool is_there = take_time(cursor, MOST_OFFSET_HOURS, out);

    *out = -*out;
    return is_there;
}

static bool take_summer(Cursor *cursor, ZoneRule *out)
{
    out->has_summer = true;
    out->summer_s = out->standard_s + HOUR_S;
    return skip_name(cursor) && (look(cursor) == ',' || take_offset(cursor, &out->summer_s)) &&
           take_turn(cursor, &out->begin) && take_turn(cursor, &out->end);
}

Err zone_rule_parse(Str text, ZoneRule *out)
{
    Cursor cursor = {.text = text};

    *out = (ZoneRule){0};
    bool is_rule = skip_name(&cursor) && take_offset(&cursor, &out->standard_s) &&
                   (cursor.at == text.len || take_summer(&cursor, out)) && cursor.at == text.len;
    return is_rule ? OK : err(INVALID, "this is no rule of a time zone such as EST5EDT,M3.2.0,M11.1.0");
}

/* ---- asking */

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* Days from 1970-01-01 to the first of a year. */
static int64_t first_day(int64_t year)
{
    int64_t before = year - 1;

    return 365 * (year - 1970) +
           (floor_divide(before, 4) - floor_divide(before, 100) + floor_divide(before, 400)) -
           (1969 / 4 - 1969 / 100 + 1969 / 400);
}

static int64_t year_of(int64_t day)
{
    int64_t year = 1970 + floor_divide(day * 400, DAYS_400_YEARS);

    while (first_day(year) > day)
        year--;
    while (first_day(year + 1) <= day)
        year++;
    return year;
}

static int64_t day_of_week(const ZoneTurn *turn, int64_t year)
{
    static const int BEFORE[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    int64_t of_month = first_day(year) + BEFORE[turn->month - 1] + (turn->month > 2 && is_leap(year));
    int64_t days = BEFORE[turn->month] - BEFORE[turn->month - 1] + (turn->month == 2 && is_leap(year));
    int64_t weekday = ((of_month + THURSDAY) % WEEK + WEEK) % WEEK;
    int64_t day = (turn->day - weekday + WEEK) % WEEK + (int64_t)(turn->week - 1) * WEEK;

    return of_month + (day < days ? day : day - WEEK);
}

static int64_t day_of(const ZoneTurn *turn, int64_t year)
{
    if (turn->form == ZONE_DAY_OF_WEEK)
        return day_of_week(turn, year);
    if (turn->form == ZONE_DAY_OF_366)
        return first_day(year) + turn->day;
    return first_day(year) + turn->day - 1 + (is_leap(year) && turn->day > FEBRUARY_28);
}

static int64_t moment_of(const ZoneTurn *turn, int64_t year, int32_t offset_s)
{
    return day_of(turn, year) * DAY_S + turn->time_s - offset_s;
}

/* The last turn before a moment decides; where summer time ends as the next begins there is no winter. */
int32_t zone_rule_offset(const ZoneRule *rule, int64_t moment_s)
{
    int64_t last_s = INT64_MIN;
    int32_t offset_s = rule->standard_s;

    if (!rule->has_summer)
        return offset_s;
    int64_t year = year_of(floor_divide(moment_s, DAY_S));
    for (int64_t of = year - 1; of <= year + 1; of++) {
        int64_t begin_s = moment_of(&rule->begin, of, rule->standard_s);
        int64_t end_s = moment_of(&rule->end, of, rule->summer_s);
        if (end_s <= moment_s && end_s > last_s) {
            last_s = end_s;
            offset_s = rule->standard_s;
        }
        if (begin_s <= moment_s && begin_s >= last_s) {
            last_s = begin_s;
            offset_s = rule->summer_s;
        }
    }
    return offset_s;
}
