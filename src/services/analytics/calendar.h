/* Some days in a row by the clocks of a place. */
#ifndef NERDX_SERVICES_ANALYTICS_CALENDAR_H
#define NERDX_SERVICES_ANALYTICS_CALENDAR_H

#include "base/zone.h"

enum { CALENDAR_MOST_DAYS = 366 };

typedef struct Calendar {
    Str zone;
    int64_t first_day;       /* from 1970-01-01 = 0 */
    const int64_t *begin_ms; /* count + 1: the last is the end */
    size_t count;
} Calendar;

/* from, to: dates, both with. Errors: UNPROCESSABLE (zone, order, too many). */
Err calendar_make(Arena *arena, Str zone, Str from, Str to, Calendar *out);

/* Which of the days a moment is in; count: none. */
size_t calendar_day_of(const Calendar *calendar, int64_t at_ms);

/* "2026-11-27". */
Str calendar_date(Arena *arena, const Calendar *calendar, size_t i);

#endif
