/* An answer made of events, which the library asks for as the client takes them. */
#ifndef NERDX_HTTP_STREAM_H
#define NERDX_HTTP_STREAM_H

#include "http/request.h"

/* Of the log that the handler gave; NULL without memory. */
struct MHD_Response *stream_response(Request *request);
void stream_finish(Request *request); /* harmless when its answer is none */

#endif
