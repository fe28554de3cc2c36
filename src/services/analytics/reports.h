/* What is asked of funnels and of who comes back, counted: shown as a document by reports.c, row by row by export.c. All of it is in the
 * arena of the call. */
#ifndef NERDX_SERVICES_ANALYTICS_REPORTS_H
#define NERDX_SERVICES_ANALYTICS_REPORTS_H

#include "services/analytics/funnel.h"
#include "services/analytics/returns.h"

typedef struct CountedFunnel {
    Calendar calendar;
    const EventKind *kinds; /* of its steps */
    size_t count;
    int64_t window_days;
    const int64_t *numbers; /* [day][step] */
} CountedFunnel;

/* The days of a report, in the words of who asks. */
typedef struct ReportDays {
    Str zone;
    Str from;
    Str to;
} ReportDays;

/* A way that is declared, from what is kept of each day. Errors: NOT_FOUND, UNPROCESSABLE. */
Err reports_count_named(Call *call, Str funnel, const ReportDays *days, CountedFunnel *out);

/* A way of one's own, from the raw events. Errors: UNPROCESSABLE. */
Err reports_count_asked(Call *call, const FunnelQuestion *in, CountedFunnel *out);

/* Errors: UNPROCESSABLE, also for too many periods. */
Err reports_count_returns(Call *call, const ReportDays *days, RetentionPeriod period, Returns *out);

#endif
