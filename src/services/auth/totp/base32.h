/* Base32 without padding (RFC 4648, section 6), as apps for codes want it: upper-case letters and 2 to 7. */
#ifndef NERDX_SERVICES_AUTH_TOTP_BASE32_H
#define NERDX_SERVICES_AUTH_TOTP_BASE32_H

#include "base/str.h"

Str base32_write(Arena *arena, Str bytes);

#endif
