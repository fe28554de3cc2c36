/* What the service has to do that nobody waits for. */
#ifndef NERDX_SERVICES_NOTIFY_JOBS_H
#define NERDX_SERVICES_NOTIFY_JOBS_H

#include "services/notify/core.h"

enum {
    NOTICE_DAYS = 365,
    TOLD_DAYS = 2 * 365
}; /* so long a notice is kept, and so long nobody is told the same again */

/* The jobs of its database; context: the service, NULL for who only looks. Errors: those of the store. */
Err notify_jobs_open(Sql *sql, const Clock *clock, Notify *context, Queue **out);

#endif
