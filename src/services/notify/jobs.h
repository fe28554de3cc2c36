/* What the service has to do that nobody waits for. */
#ifndef NERDX_SERVICES_NOTIFY_JOBS_H
#define NERDX_SERVICES_NOTIFY_JOBS_H

#include "services/notify/core.h"

enum {
    NOTICE_DAYS = 365,
    TOLD_DAYS = 2 * 365
}; /* so long a notice is kept, and so long nobody is told the same again */

#endif
