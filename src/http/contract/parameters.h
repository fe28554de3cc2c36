/* Parameters of the path and the query: text on one side, members of a struct on the other. */
#ifndef NERDX_HTTP_CONTRACT_PARAMETERS_H
#define NERDX_HTTP_CONTRACT_PARAMETERS_H

#include "http/call.h"
#include "http/contract/shape.h"

/* Fills in the members of *in that are parameters, then checks them. Unknown and repeated names are refused; a
 * list takes its name as often as it has items. Errors: INVALID. */
Err parameters_decode(const Shape *shape, Arena *arena, const CallInput *input, void *in);

/* Refuses every parameter of the query: for operations that have none. */
Err parameters_refuse(Params query);

/* Writes the path with its parameters and "?name=value…", percent-encoded (RFC 3986, section 2.1). */
void parameters_encode(const Shape *shape, const char *path, const void *in, Buf *out);

#endif
