/* What comes in: from the head, which is checked, routed and passed through the filters, to the whole body. */
#ifndef NERDX_HTTP_INTAKE_H
#define NERDX_HTTP_INTAKE_H

#include "http/request.h"

/* method and version as the library has left them in the head. */
void intake_head(Request *request, const char *method, const char *version);

/* False when the body is longer than it may be: the request is refused, and the connection must end. */
bool intake_body(Request *request, const char *data, size_t len);
bool intake_refuses_body(const Request *request); /* the answer must not wait for the body */
void intake_check_body(Request *request);         /* when it is whole */

#endif
