/* Who is asking, as limits count them: who is known by their id, others by their address, which behind trusted proxies is the one they name. Of IPv6 the first
 * 64 bits, for that is what one customer gets (RFC 6177). */
#ifndef NERDX_GATEWAY_CONSUMER_H
#define NERDX_GATEWAY_CONSUMER_H

#include "http/server.h"

enum { CONSUMER_TEXT = 160, MOST_PROXIES = 16 };

/* An address block: the first bits of an address, IPv4 as ::ffff:0:0/96 (RFC 4291, 2.5.5.2). */
typedef struct AddressBlock {
    uint8_t bytes[16];
    int bits;
} AddressBlock;

typedef struct Proxies {
    AddressBlock blocks[MOST_PROXIES];
    size_t count;
} Proxies;

/* "10.0.0.0/8, ::1": blocks or single addresses, separated by commas. INVALID names what is none. */
Err proxies_read(Str text, Proxies *out);

/* Whether a proxy we trust has sent it. */
bool consumer_is_proxy(const Proxies *proxies, const Exchange *exchange);

/* "203.0.113.7" or "2001:db8:1:2::": from the right, X-Forwarded-For is believed as long as a proxy we trust wrote it. */
Str consumer_address(const Proxies *proxies, const Exchange *exchange, char room[static CONSUMER_TEXT]);

/* Tells handlers that address, too (Exchange.origin). The proxies must outlive the server. */
Filter consumer_filter(const Proxies *proxies);

/* "user:…" or "key:…", where it is known who calls; else the address. */
Str consumer_of(const Proxies *proxies, const Exchange *exchange, char room[static CONSUMER_TEXT]);

#endif
