/* When something comes again: five fields as crontab(5) has them (minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-7 with
 * 0 and 7 Sunday; lists, ranges, steps, *), by the clock in Korea: UTC+9, which knows no summer time. As there, where day and
 * weekday are both restricted either one suffices. */
#ifndef NERDX_STORES_QUEUE_CRON_H
#define NERDX_STORES_QUEUE_CRON_H

#include "base/err.h"
#include "base/str.h"

typedef struct Cron {
    uint64_t minutes, hours, days, months, weekdays; /* bits */
    bool is_any_day, is_any_weekday;
} Cron;

/* Errors: INVALID names the field and what is wrong with it. */
Err cron_read(Str text, Cron *out);

/* The first moment after that one, in microseconds. False: never within eight years (29 February comes within them). */
bool cron_next(const Cron *cron, int64_t after_us, int64_t *next_us);

#endif
