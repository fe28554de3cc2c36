/* Pieces of MIME (RFC 2045) that forms and letters share. */
#ifndef NERDX_BASE_MIME_H
#define NERDX_BASE_MIME_H

#include "base/str.h"

/* Whether a Content-Type is of this type, whatever its parameters. */
bool mime_is(Str content_type, Str media_type);

/* Of a header's value, behind a semicolon: `name="x"` or `name=x`, its name in any case; absent: there is none. No escapes in quotes. */
Str mime_parameter(Str value, Str name);

#endif
