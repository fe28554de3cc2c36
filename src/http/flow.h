/* An answer that is made while the client takes it: a worker makes some of it whenever what there was has gone out, and no more before.
 * Memory is one such piece; nobody waits for a client that is slow. One that can't be made ends the connection before the answer is whole. */
#ifndef NERDX_HTTP_FLOW_H
#define NERDX_HTTP_FLOW_H

#include "http/request.h"

/* Of what the handler gave; NULL without memory. */
struct MHD_Response *flow_response(Request *request);
void flow_finish(Request *request); /* harmless when its answer is none */

#endif
