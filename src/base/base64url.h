/* base64url without padding (RFC 4648, section 5; RFC 7515, appendix C). */
#ifndef NERDX_BASE_BASE64URL_H
#define NERDX_BASE_BASE64URL_H

#include "base/str.h"

Str base64url_write(Arena *arena, Str bytes);

/* False for padding, white space and digits whose last bits belong to no byte, so that no two texts mean the same. */
bool base64url_read(Arena *arena, Str text, Str *bytes);

#endif
