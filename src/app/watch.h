/* What operators see of the whole process, whichever command it runs: what it is, and the metrics that the specification names
 * for services that aren't built yet. */
#ifndef NERDX_APP_WATCH_H
#define NERDX_APP_WATCH_H

#include "base/options.h"
#include "http/server.h"

typedef struct AppWatch {
    Metrics *process;
    Metrics *promised;
} AppWatch;

void watch_begin(AppWatch *watch);
void watch_end(AppWatch *watch); /* accepts a zeroed one */
#define AUTO_WATCH __attribute__((cleanup(watch_end)))

#endif
