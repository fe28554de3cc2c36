/* What goes out: from the exchange, or the refusal, to the wire. */
#ifndef NERDX_HTTP_ANSWER_H
#define NERDX_HTTP_ANSWER_H

#include "http/request.h"

/* On the loop, when the phase is over. MHD_NO: the connection must end. */
enum MHD_Result answer_queue(Request *request);

/* The refusal straight to the socket, where the library takes no answer: in the midst of a body. */
void answer_at_once(Request *request);

#endif
