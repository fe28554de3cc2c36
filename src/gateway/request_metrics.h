/* How many requests each operation of the contract got, how they ended, and how long they took:
 * nerdx_requests_total and http_request_duration_seconds. What no operation answers (files, unknown paths) counts as
 * "other", so that the number of series is known from the start. */
#ifndef NERDX_GATEWAY_REQUEST_METRICS_H
#define NERDX_GATEWAY_REQUEST_METRICS_H

#include "http/server.h"

typedef struct RequestMetrics RequestMetrics;

/* The tables must outlive it, and it must outlive the server. */
RequestMetrics *request_metrics_create(const OperationTable *const *tables, size_t count);
void request_metrics_destroy(RequestMetrics *requests); /* accepts NULL */

/* For server_add_filter and server_add_metrics. */
Filter request_metrics_filter(RequestMetrics *requests);
const Metrics *request_metrics_table(const RequestMetrics *requests);

#endif
