#include "stores/queue/cron.h"

#include <stdlib.h>
#include <time.h>

enum {
    MINUTES_PER_HOUR = 60,
    MINUTES_PER_DAY = 1440,
    KOREA_MINUTES = 9 * 60,
    MOST_DAYS = 8 * 366,
    MOST_DIGITS = 4
};

static const int64_t US_PER_MINUTE = INT64_C(60000000);

typedef struct Field {
    const char *name;
    int first;
    int last;
} Field;

static const Field FIELDS[] = {
    {"minute", 0, 59}, {"hour", 0, 23}, {"day", 1, 31}, {"month", 1, 12}, {"weekday", 0, 7}};

enum { FIELD_COUNT = sizeof FIELDS / sizeof *FIELDS };

static bool take_number(Str *text, int *out)
{
    size_t digits = 0;

    *out = 0;
    for (;
         digits < text->len && digits < MOST_DIGITS && text->data[digits] >= '0' && text->data[digits] <= '9';
         digits++)
        *out = *out * 10 + (text->data[digits] - '0');
    *text = (Str){text->data + digits, text->len - digits};
    return digits > 0;
}

static bool take_mark(Str *text, char mark)
{
    if (text->len == 0 || text->data[0] != mark)
        return false;
    *text = (Str){text->data + 1, text->len - 1};
    return true;
}

/* "*", "5", "1-5", each perhaps with "/2". */
static bool take_range(Str *text, const Field *field, uint64_t *bits)
{
    int from = field->first, to = field->last, step = 1;

    if (!take_mark(text, '*')) {
        if (!take_number(text, &from))
            return false;
        to = from;
        if (take_mark(text, '-') && !take_number(text, &to))
            return false;
    }
    if (take_mark(text, '/') && (!take_number(text, &step) || step == 0))
        return false;
    if (from < field->first || to > field->last || from > to)
        return false;
    for (int i = from; i <= to; i += step)
        *bits |= UINT64_C(1) << i;
    return true;
}

static Err read_field(Str text, const Field *field, uint64_t *bits)
{
    Str rest = text;

    *bits = 0;
    do {
        if (!take_range(&rest, field, bits))
            return err(INVALID, "%s \"%.*s\" should be *, numbers from %d to %d, ranges or steps: 1-5,*/15",
                       field->name, STR_ARG(text), field->first, field->last);
    } while (take_mark(&rest, ','));
    return rest.len == 0 ? OK : err(INVALID, "%s \"%.*s\" has more behind it", field->name, STR_ARG(text));
}

static Str take_word(Str *text)
{
    size_t from = 0, to;

    while (from < text->len && text->data[from] == ' ')
        from++;
    for (to = from; to < text->len && text->data[to] != ' '; to++)
        continue;
    Str word = {text->data + from, to - from};
    *text = (Str){text->data + to, text->len - to};
    return word;
}

Err cron_read(Str text, Cron *out)
{
    uint64_t *const bits[FIELD_COUNT] = {&out->minutes, &out->hours, &out->days, &out->months,
                                         &out->weekdays};
    Str rest = text, words[FIELD_COUNT];

    for (int i = 0; i < FIELD_COUNT; i++) {
        words[i] = take_word(&rest);
        TRY(read_field(words[i], &FIELDS[i], bits[i]));
    }
    if (take_word(&rest).len > 0)
        return err(INVALID, "\"%.*s\" has more than five fields", STR_ARG(text));
    out->is_any_day = words[2].data[0] == '*';
    out->is_any_weekday = words[4].data[0] == '*';
    if (out->weekdays & UINT64_C(1) << 7)
        out->weekdays |= 1;
    return OK;
}

static bool has(uint64_t bits, int number)
{
    return (bits >> number & 1) != 0;
}

static bool is_day(const Cron *cron, const struct tm *day)
{
    bool by_day = has(cron->days, day->tm_mday), by_weekday = has(cron->weekdays, day->tm_wday);

    if (!has(cron->months, day->tm_mon + 1))
        return false;
    return cron->is_any_day || cron->is_any_weekday ? by_day && by_weekday : by_day || by_weekday;
}

/* Of a day that fits, from a minute on; MINUTES_PER_DAY: none is left. */
static int minute_from(const Cron *cron, int minute)
{
    while (minute < MINUTES_PER_DAY &&
           !(has(cron->hours, minute / MINUTES_PER_HOUR) && has(cron->minutes, minute % MINUTES_PER_HOUR)))
        minute++;
    return minute;
}

bool cron_next(const Cron *cron, int64_t after_us, int64_t *next_us)
{
    int64_t minute = after_us / US_PER_MINUTE + 1 + KOREA_MINUTES;
    int64_t day = minute / MINUTES_PER_DAY;
    int from = (int)(minute % MINUTES_PER_DAY);

    for (int i = 0; i < MOST_DAYS; i++, from = 0) {
        time_t noon = (time_t)((day + i) * MINUTES_PER_DAY * 60);
        struct tm date;
        (void)gmtime_r(&noon, &date);
        int found = is_day(cron, &date) ? minute_from(cron, from) : MINUTES_PER_DAY;
        if (found < MINUTES_PER_DAY) {
            *next_us = ((day + i) * MINUTES_PER_DAY + found - KOREA_MINUTES) * US_PER_MINUTE;
            return true;
        }
    }
    return false;
}
