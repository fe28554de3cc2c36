/* What the service has to do that nobody waits for. */
#ifndef NERDX_SERVICES_AUTH_JOBS_H
#define NERDX_SERVICES_AUTH_JOBS_H

#include "services/auth/core.h"
#include "stores/queue/queue.h"

/* The jobs of its database; context: the service, NULL for who only looks. Errors: those of the store. */
Err auth_jobs_open(Sql *sql, const Clock *clock, Auth *context, Queue **out);

#endif
