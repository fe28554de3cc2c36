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

#endif
