/* What every program tells of itself, by the names that Prometheus's own client libraries use (process_cpu_seconds_total …),
 * and nerdx_build_info. */
#ifndef NERDX_BASE_PROCESS_H
#define NERDX_BASE_PROCESS_H

#include "base/metrics.h"

/* Publishes them (metrics_publish) until they are destroyed. */
Metrics *process_metrics_create(const char *version);

#endif
