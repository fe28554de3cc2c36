/* Base64 with padding (RFC 4648, section 4). */
#ifndef NERDX_BASE_BASE64_H
#define NERDX_BASE_BASE64_H

#include "base/str.h"

Str base64_encode(Arena *arena, Str bytes);

#endif
