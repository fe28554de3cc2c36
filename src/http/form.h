/* Bodies of HTML forms, in both of their media types, as a JSON object of texts: from then on they are bodies like others.
 * No files: a part with a file name is refused. Repeated names are refused by whoever reads the object. */
#ifndef NERDX_HTTP_FORM_H
#define NERDX_HTTP_FORM_H

#include "base/err.h"
#include "base/json.h"

#define FORM_MIME "application/x-www-form-urlencoded"
#define PARTS_MIME "multipart/form-data"

enum { FORM_MAX_PARTS = 64, FORM_BOUNDARY_MAX = 70 /* RFC 2046, section 5.1.1 */ };

/* body: valid UTF-8. Errors: INVALID. Sources: WHATWG URL, section 5.1; RFC 7578, section 4; RFC 2046, section 5.1.1. */
Err form_read(Arena *arena, Str content_type, Str body, Json *out);

#endif
