/* Events, visitors and sessions of each day, as a measure. */
#ifndef NERDX_SERVICES_ANALYTICS_COUNTS_H
#define NERDX_SERVICES_ANALYTICS_COUNTS_H

#include "services/analytics/kinds.h"
#include "services/analytics/roll_up.h"

/* The numbers of a day: visitors, sessions, then of each code its events and its visitors. */
enum {
    COUNT_VISITORS,
    COUNT_SESSIONS,
    COUNT_KINDS,
    MOST_CODES = 16,
    COUNT_WIDTH = COUNT_KINDS + 2 * MOST_CODES
};

extern const Measure COUNTS;

static inline const int64_t *count_of_kind(const int64_t *numbers, EventKind kind)
{
    return numbers + COUNT_KINDS + 2 * (size_t)KIND_ROWS[kind].code;
}

#endif
