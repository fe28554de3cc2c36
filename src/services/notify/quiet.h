/* When somebody wants to hear nothing: hours on the clock where they are. */
#ifndef NERDX_SERVICES_NOTIFY_QUIET_H
#define NERDX_SERVICES_NOTIFY_QUIET_H

#include "base/err.h"
#include "base/str.h"

/* Minutes of the day; over midnight where from is later than until, never where they are the same. */
typedef struct QuietHours {
    Str time_zone;
    int from;
    int until;
} QuietHours;

/* When they are over; 0: it isn't quiet. Errors: those of zone_offset. */
Err quiet_until(const QuietHours *hours, int64_t now_us, int64_t *until_us);
/* The first moment of the day there. Errors: the same. */
Err quiet_midnight(Str time_zone, int64_t now_us, int64_t *midnight_us);

#endif
