#include "services/notify/quiet.h"

#include "base/zone.h"

enum { MINUTES_A_DAY = 24 * 60 };

#define US_PER_S INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_S)

static int64_t local_us(int64_t now_us, int offset_s)
{
    return now_us + offset_s * US_PER_S;
}

static bool is_quiet(const QuietHours *hours, int minute)
{
    if (hours->from <= hours->until)
        return hours->from <= minute && minute < hours->until;
    return minute >= hours->from || minute < hours->until;
}

/* Where the clock shows clock_us; a clock that is moved meanwhile is moved in the result. What the clock skips is as long after the skip as it would
 * have been after its beginning, never before it: who asks again there would be told the same moment for ever. */
static Err at_clock(Str time_zone, int64_t clock_us, int offset_s, int64_t *out_us)
{
    int64_t guess_us = clock_us - offset_s * US_PER_S;
    int then_s, moved_s;

    TRY(zone_offset(time_zone, guess_us, &then_s));
    *out_us = clock_us - then_s * US_PER_S;
    TRY(zone_offset(time_zone, *out_us, &moved_s));
    if (moved_s != then_s && guess_us > *out_us)
        *out_us = guess_us;
    return OK;
}

Err quiet_until(const QuietHours *hours, int64_t now_us, int64_t *until_us)
{
    int offset_s;

    *until_us = 0;
    if (hours->from == hours->until)
        return OK;
    TRY(zone_offset(hours->time_zone, now_us, &offset_s));
    int64_t minutes = local_us(now_us, offset_s) / US_PER_MINUTE;
    int minute = (int)(minutes % MINUTES_A_DAY);
    if (!is_quiet(hours, minute))
        return OK;
    int64_t end = minutes - minute + hours->until + (minute >= hours->until ? MINUTES_A_DAY : 0);
    return at_clock(hours->time_zone, end * US_PER_MINUTE, offset_s, until_us);
}

Err quiet_midnight(Str time_zone, int64_t now_us, int64_t *midnight_us)
{
    int offset_s;

    TRY(zone_offset(time_zone, now_us, &offset_s));
    int64_t minutes = local_us(now_us, offset_s) / US_PER_MINUTE;
    return at_clock(time_zone, (minutes - minutes % MINUTES_A_DAY) * US_PER_MINUTE, offset_s, midnight_us);
}
