/* What the room consists of. */
#ifndef NERDX_SERVICES_ANALYTICS_ROOM_H
#define NERDX_SERVICES_ANALYTICS_ROOM_H

#include "services/analytics/analytics.h"
#include "services/analytics/bots.h"

enum {
    ANALYTICS_LATE_DAYS = 3, /* as api/analytics.yaml says of AnalyticsEvent */
    ANALYTICS_EARLY_S = 5 * 60,
    ANALYTICS_IDLE_S = 30 * 60, /* a visitor's session ends after it */
};

static const int64_t ANALYTICS_DAY_MS = 24LL * 60 * 60 * 1000;

struct Analytics {
    Sql *sql;
    Bots *bots;
    struct Plans *plans;
    int64_t keep_days;
    const Clock *clock;
};

static inline int64_t analytics_now_ms(const Analytics *analytics)
{
    return clock_wall_us(analytics->clock) / 1000;
}

/* The first day, in UTC, whose events may still be kept. */
static inline int64_t analytics_oldest_day(const Analytics *analytics)
{
    return analytics_now_ms(analytics) / ANALYTICS_DAY_MS - analytics->keep_days;
}

#endif
