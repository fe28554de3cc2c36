/* Calling the handler: here, on a worker, or on its service's lane. */
#ifndef NERDX_HTTP_RUN_H
#define NERDX_HTTP_RUN_H

#include "http/request.h"

/* On the loop. Afterwards the request is answered (phase.h), or its connection sleeps until it is. */
void run_handler(Request *request);

/* Whether the handler is called here, where it must not wait. */
/* For answers that are put off: the request lasts until run_finish, which says how it ended. From any thread. */
void run_put_off(Request *request);
void run_finish(Request *request, Err error);

bool run_is_on_loop(const Request *request);

#endif
