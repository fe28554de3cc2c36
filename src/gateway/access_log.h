/* One JSON line a request, written when its answer is out. The route's template stands for the path, so that ids
 * and questions of visitors never reach the log; addresses, queries, headers and bodies aren't written at all. Who asked, as limits count
 * them, is called by a pseudonym of the day (pseudonym.h), or by what an API key begins with. */
#ifndef NERDX_GATEWAY_ACCESS_LOG_H
#define NERDX_GATEWAY_ACCESS_LOG_H

#include "base/clock.h"
#include "gateway/consumer.h"

typedef struct AccessLog AccessLog;

/* Both must outlive it. */
AccessLog *access_log_create(const Clock *clock, const Proxies *proxies);
void access_log_destroy(AccessLog *log); /* accepts NULL; the server must be gone */

Filter access_log_filter(AccessLog *log);

#endif
