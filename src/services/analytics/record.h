/* What was taken is kept, each event once, in one transaction. */
#ifndef NERDX_SERVICES_ANALYTICS_RECORD_H
#define NERDX_SERVICES_ANALYTICS_RECORD_H

#include "services/analytics/intake.h"

typedef struct Kept {
    size_t added;
    size_t withdrawn; /* not kept: their visitor took consent back */
} Kept;

/* user_id: who sends them, linked to their visitors; absent: nobody who is known. Errors: of the store. */
Err record_keep(const Analytics *analytics, const Intake *intake, Str user_id, Kept *out);

/* Whoever calls it is alone with that day (in UTC, since 1970) until the transaction ends, and what is counted of it is counted anew. The first
 * of a day throws away what is older than its term. */
Err record_open_day(const Analytics *analytics, Tx *tx, int64_t day);

#endif
