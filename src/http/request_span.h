/* The span of a request, and how long its work took. */
#ifndef NERDX_HTTP_REQUEST_SPAN_H
#define NERDX_HTTP_REQUEST_SPAN_H

#include "http/request.h"

/* Its work is over: with the end of its answer, or where it is followed with the beginning. The first time counts. On the loop. */
void request_span_end(Request *request, int64_t took_us);

#endif
