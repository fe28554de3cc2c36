/* Request targets (RFC 9112, section 3.2): their four forms, and percent-decoding of paths and queries. */
#ifndef NERDX_HTTP_TARGET_H
#define NERDX_HTTP_TARGET_H

#include "base/err.h"
#include "http/call.h"

enum { TARGET_MAX_PARAMS = 64 };

typedef struct Target {
    Str path;  /* "/a/b", still encoded; "*" for the asterisk form */
    Str query; /* absent when there is no '?' */
} Target;

/* host: the Host header, which an absolute-form target must agree with. Errors: INVALID. */
Err target_parse(Str method, Str text, Str host, Target *out);

/* Percent-decoded text; equal to what came in when there is nothing to decode. Errors: INVALID for a bad
 * escape, NUL, or bytes that aren't UTF-8. plus_is_space: as HTML forms write queries. */
Err target_decode(Arena *arena, Str encoded, bool plus_is_space, Str *out);

/* The other way: all but letters, digits and "-._~" become %XX (RFC 3986, section 2.3), so that it fits in a path, a query and a form. */
void target_put_encoded(Buf *out, Str text);

/* "a=1&b=2" in order, decoded; "a" alone has an empty value. Errors: INVALID, also for too many. */
Err target_parse_query(Arena *arena, Str query, Params *out);

#endif
