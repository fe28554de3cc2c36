/* What a text holds in another encoding: Base64 (RFC 4648), hexadecimal and binary digits, percent-encoding (RFC 3986),
 * numeric character references, \u escapes, Unicode's tag characters. */
#ifndef NERDX_SERVICES_AGENTS_GUARDS_DECODE_H
#define NERDX_SERVICES_AGENTS_GUARDS_DECODE_H

#include "base/str.h"

/* Everything readable that was found, joined by spaces; empty when there is nothing. */
Str decode_hidden(Arena *arena, Str text);

#endif
