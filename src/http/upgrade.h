/* The handshake that makes a WebSocket of a request (RFC 6455, section 4.2). Nothing else of what a client may offer there
 * (subprotocols, extensions) is taken. */
#ifndef NERDX_HTTP_UPGRADE_H
#define NERDX_HTTP_UPGRADE_H

#include "http/exchange.h"

enum { UPGRADE_SWITCHING = 101, UPGRADE_REQUIRED = 426 };

/* Whether a GET asks for one, well or not. */
bool upgrade_is_asked(const Exchange *exchange);

/* INVALID: Sec-WebSocket-Key isn't one. UNSUPPORTED: another version than 13 is spoken; to be answered with UPGRADE_REQUIRED. */
Err upgrade_check(const Exchange *exchange);

/* Sec-WebSocket-Accept, for the key that came. */
Str upgrade_accept(Arena *arena, const Exchange *exchange);

#endif
