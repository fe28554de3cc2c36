#include "services/analytics/calendar.h"

#include "base/time.h"

enum { MS_PER_S = 1000, DATE_TEXT = sizeof "2026-11-27" - 1 };

static const int64_t DAY_US = 24LL * 60 * 60 * 1000 * 1000;

static int64_t day_of(Str date)
{
    int64_t begins_us = 0;

    (void)time_parse_date(date, &begins_us); /* the contract has seen to it */
    return begins_us >= 0 ? begins_us / DAY_US : -1;
}

static Err check_days(int64_t first, int64_t last)
{
    if (first < 0)
        return err_at(err(UNPROCESSABLE, "from: must be 1970-01-01 or later"), "/from");
    if (last < first)
        return err_at(err(UNPROCESSABLE, "to: is before from; the same day is the least"), "/to");
    if (last - first >= CALENDAR_MOST_DAYS)
        return err_at(err(UNPROCESSABLE, "to: %lld days from there, at most %d are shown",
                          (long long)last - first + 1, CALENDAR_MOST_DAYS),
                      "/to");
    return OK;
}

Err calendar_make(Arena *arena, Str zone, Str from, Str to, Calendar *out)
{
    int64_t first = day_of(from), last = day_of(to), *begin_ms;
    Zone place;

    TRY(check_days(first, last));
    Err e = zone_read(arena, zone, &place);
    if (failed(&e))
        return err_at(e, "/zone");
    *out = (Calendar){.zone = zone, .first_day = first, .count = (size_t)(last - first + 1)};
    begin_ms = arena_array(arena, int64_t, out->count + 1);
    for (size_t i = 0; i <= out->count; i++)
        begin_ms[i] = zone_day_begins_s(&place, first + (int64_t)i) * MS_PER_S;
    out->begin_ms = begin_ms;
    return OK;
}

size_t calendar_day_of(const Calendar *calendar, int64_t at_ms)
{
    size_t low = 0, high = calendar->count; /* the last day that begins at or before the moment */

    if (at_ms < calendar->begin_ms[0] || at_ms >= calendar->begin_ms[calendar->count])
        return calendar->count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (calendar->begin_ms[middle] <= at_ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Str calendar_date(Arena *arena, const Calendar *calendar, size_t i)
{
    return str_slice(time_format(arena, (calendar->first_day + (int64_t)i) * DAY_US), 0, DATE_TEXT);
}
