/* The jobs of every service whose queue this process has open, for operators: looking, following, cancelling, trying again.
 *
 *     jobs = jobs_create(&(JobsConfig){.queues = queues, .count = count});
 *
 * Operations: api/jobs.yaml. Where to start reading: operations.c. */
#ifndef NERDX_SERVICES_JOBS_JOBS_H
#define NERDX_SERVICES_JOBS_JOBS_H

#include "api/jobs.h"
#include "stores/queue/queue.h"

typedef struct Jobs Jobs;

typedef struct JobsConfig {
    Queue *const *queues; /* one a service; must outlive it */
    size_t count;
} JobsConfig;

Jobs *jobs_create(const JobsConfig *config);
void jobs_destroy(Jobs *jobs); /* accepts NULL */

#endif
