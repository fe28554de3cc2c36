#include "base/time.h"

#include <string.h>

static const int64_t SECOND_US = 1000000;
enum { DAY_S = 86400, YEARS_400_DAYS = 146097, DAYS_TO_1970 = 719468 };

/* The first and the last microsecond that can be written: 0000-01-01 and 9999-12-31. */
static const int64_t FIRST_US = -62167219200 * 1000000;
static const int64_t LAST_US = 253402300799 * 1000000 + 999999;

typedef struct Moment {
    int year, month, day, hour, minute, second;
    int64_t micros;
    int offset_minutes;
} Moment;

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days since 1970 of a proleptic Gregorian
 * date. */
static int64_t days_from_date(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * YEARS_400_DAYS + day_of_era - DAYS_TO_1970;
}

static void date_from_days(int64_t days, Moment *out)
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = (z >= 0 ? z : z - (YEARS_400_DAYS - 1)) / YEARS_400_DAYS;
    int64_t doe = z - era * YEARS_400_DAYS;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (YEARS_400_DAYS - 1)) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    out->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    out->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    out->year = (int)(yoe + era * 400 + (out->month <= 2));
}

static int days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return DAYS[month - 1] + (month == 2 && leap);
}

/* Takes exactly `digits` digits off the front; false when they aren't there or the number is outside. */
static bool take_number(Str *rest, size_t digits, int min, int max, int *out)
{
    int value = 0;

    if (rest->len < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        int digit = rest->data[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        value = value * 10 + digit;
    }
    *rest = str_slice(*rest, digits, rest->len);
    *out = value;
    return value >= min && value <= max;
}

/* Takes one of two characters (both cases of a letter) off the front. */
static bool take_char(Str *rest, char c, char or_c)
{
    if (rest->len == 0 || (rest->data[0] != c && rest->data[0] != or_c))
        return false;
    *rest = str_slice(*rest, 1, rest->len);
    return true;
}

static bool take_date(Str *rest, Moment *out)
{
    return take_number(rest, 4, 0, 9999, &out->year) && take_char(rest, '-', '-') &&
           take_number(rest, 2, 1, 12, &out->month) && take_char(rest, '-', '-') &&
           take_number(rest, 2, 1, days_in_month(out->year, out->month), &out->day);
}

static bool take_fraction(Str *rest, Moment *out)
{
    int64_t place = SECOND_US;
    int digit;

    if (!take_char(rest, '.', '.'))
        return true;
    if (!take_number(rest, 1, 0, 9, &digit))
        return false;
    do {
        place /= 10;
        out->micros += digit * place;
    } while (rest->len > 0 && take_number(rest, 1, 0, 9, &digit));
    return true;
}

static bool take_time(Str *rest, Moment *out)
{
    return take_number(rest, 2, 0, 23, &out->hour) && take_char(rest, ':', ':') &&
           take_number(rest, 2, 0, 59, &out->minute) && take_char(rest, ':', ':') &&
           take_number(rest, 2, 0, 60, &out->second);
}

static bool take_offset(Str *rest, Moment *out)
{
    int hours;
    int minutes;

    if (take_char(rest, 'Z', 'z'))
        return true;
    bool west = rest->len > 0 && rest->data[0] == '-';
    if (!take_char(rest, '+', '-') || !take_number(rest, 2, 0, 23, &hours) || !take_char(rest, ':', ':') ||
        !take_number(rest, 2, 0, 59, &minutes))
        return false;
    out->offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

static int64_t seconds_of(const Moment *m)
{
    int64_t minutes = (int64_t)m->hour * 60 + m->minute - m->offset_minutes;

    return days_from_date(m->year, m->month, m->day) * DAY_S + minutes * 60 + m->second;
}

/* `seconds` is the one behind a second 60: a leap second only ever ends a month, in UTC. */
static bool begins_a_month(int64_t seconds)
{
    Moment m;

    if (seconds % DAY_S != 0)
        return false;
    date_from_days(seconds / DAY_S, &m);
    return m.day == 1;
}

bool time_parse(Str text, int64_t *out_us)
{
    Moment m = {0};
    Str rest = text;

    if (!take_date(&rest, &m) || !take_char(&rest, 'T', 't') || !take_time(&rest, &m) ||
        !take_fraction(&rest, &m) || !take_offset(&rest, &m) || rest.len > 0)
        return false;
    int64_t seconds = seconds_of(&m);
    if (m.second == 60 && !begins_a_month(seconds))
        return false;
    int64_t us = seconds * SECOND_US + m.micros;
    if (us < FIRST_US || us > LAST_US)
        return false;
    *out_us = us;
    return true;
}

bool time_parse_date(Str text, int64_t *out_us)
{
    Moment m = {0};
    Str rest = text;

    if (!take_date(&rest, &m) || rest.len > 0)
        return false;
    *out_us = seconds_of(&m) * SECOND_US;
    return true;
}

static char *put_digits(char *out, int64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + digits;
}

/* "2026-11-23T23:58:44" */
enum { SECOND_TEXT = 19 };

static void print_second(char out[SECOND_TEXT], int64_t seconds)
{
    int64_t days = seconds / DAY_S - (seconds % DAY_S < 0);
    int64_t second_of_day = seconds - days * DAY_S;
    Moment m;

    date_from_days(days, &m);
    const int64_t parts[] = {
        m.year, m.month, m.day, second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60};
    for (size_t i = 0; i < 6; i++) {
        out = put_digits(out, parts[i], i == 0 ? 4 : 2);
        if (i < 5)
            *out++ = "--T::"[i];
    }
}

/* Most moments are of the second that this thread printed last: a log's. */
static const char *text_of_second(int64_t seconds)
{
    static _Thread_local int64_t last = INT64_MIN;
    static _Thread_local char text[SECOND_TEXT];

    if (seconds != last)
        print_second(text, seconds);
    last = seconds;
    return text;
}

size_t time_print(char out[TIME_TEXT], int64_t time_us)
{
    int64_t us = time_us < FIRST_US ? FIRST_US : time_us > LAST_US ? LAST_US : time_us;
    int64_t seconds = us / SECOND_US - (us % SECOND_US < 0);
    int64_t micros = us - seconds * SECOND_US;
    char *at = out + SECOND_TEXT;

    memcpy(out, text_of_second(seconds), SECOND_TEXT);
    if (micros) {
        *at++ = '.';
        at = put_digits(at, micros, 6);
    }
    *at++ = 'Z';
    *at = '\0';
    return (size_t)(at - out);
}

Str time_format(Arena *arena, int64_t time_us)
{
    char text[TIME_TEXT];

    return str_copy(arena, (Str){text, time_print(text, time_us)});
}

/* The year that its text begins with. */
int64_t time_korean_year(int64_t time_us)
{
    enum { AHEAD_S = 9 * 3600 };
    char text[TIME_TEXT];
    int64_t year = 0;

    time_print(text, time_us + AHEAD_S * SECOND_US);
    for (int i = 0; i < 4; i++)
        year = year * 10 + (text[i] - '0');
    return year;
}
