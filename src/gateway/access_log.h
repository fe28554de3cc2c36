/* One JSON line a request, written when its answer is out. The route's template stands for the path, so that ids
 * and questions of visitors never reach the log; addresses, queries, headers and bodies aren't written at all. */
#ifndef NERDX_GATEWAY_ACCESS_LOG_H
#define NERDX_GATEWAY_ACCESS_LOG_H

#include "base/clock.h"
#include "http/server.h"

/* A filter for server_add_filter; clock must outlive the server. */
Filter access_log_filter(const Clock *clock);

#endif
