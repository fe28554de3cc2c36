/* Cookies (RFC 6265), as browsers hold who they are: set by the service that signs people in, read by whoever asks who is
 * calling. Named __Host-…: only over TLS or to this machine, only for this very host, so no neighbour can plant one
 * (draft-ietf-httpbis-rfc6265bis, 4.1.3.2).
 *
 * The access and the refresh token are never seen by scripts. COOKIE_CSRF is, and a request that rests on a cookie and
 * changes something repeats it in CSRF_HEADER: what a page of another origin can't read it can't repeat. */
#ifndef NERDX_HTTP_COOKIES_H
#define NERDX_HTTP_COOKIES_H

#include "base/str.h"

#define COOKIE_ACCESS "__Host-nerdx"
#define COOKIE_REFRESH "__Host-nerdx-refresh"
#define COOKIE_CSRF "__Host-nerdx-csrf"
#define CSRF_HEADER "x-csrf-token"

/* The value of a name in a Cookie header (which may be absent); absent when it isn't there. */
Str cookie_get(Str header, Str name);

/* Whether a request's Cookie header and its CSRF_HEADER (each may be absent) tell the same: a page of ours sent it. */
bool cookies_show_page(Str cookies, Str csrf_header);

/* The value of a Set-Cookie header. life_s 0: the browser forgets it at once. */
typedef struct Cookie {
    const char *name;
    Str value;
    int64_t life_s;
    bool for_scripts; /* not HttpOnly */
    bool for_links;   /* comes along when a page of another site leads here: SameSite=Lax */
} Cookie;

const char *cookie_write(Arena *arena, const Cookie *cookie);

#endif
