/* One request to a server that somebody named (a webhook): over TLS, to an address of the internet, never to this machine or the network
 * behind it, whatever its name leads to at that moment. No redirects are followed, no proxy is asked, nothing is kept between two.
 *
 *     TRY(outside_post(arena, &(OutsideRequest){.url = "https://shop.example/hook", .headers = lines, .body = body}, &reply)); */
#ifndef NERDX_HTTP_OUTSIDE_H
#define NERDX_HTTP_OUTSIDE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

struct sockaddr;

enum {
    OUTSIDE_CONNECT_MS = 5000,
    OUTSIDE_TOTAL_MS = 15000,
    OUTSIDE_ANSWER_MAX = 64 * 1024, /* bytes of heads and body that are taken; then the connection is cut */
    OUTSIDE_URL_MAX = 2000,
};

typedef struct OutsideRequest {
    const char *name; /* of those that are counted together (client_watch.h); NULL: it isn't counted */
    const char *url;
    const char *const *headers; /* "Name: value" lines, ended by NULL */
    Str body;
    bool allows_inside;                 /* http, and addresses of this machine and its network: for trying */
    bool (*is_unwanted)(void *context); /* asked often: true breaks it off; NULL: nobody does */
    void *context;
} OutsideRequest;

typedef struct OutsideReply {
    int status;
    int retry_after_s; /* of a Retry-After header in seconds; 0 = none */
} OutsideReply;

/* Any status is an answer. Errors: UNPROCESSABLE (an address that isn't the internet's), UNAVAILABLE (so, too, what is broken off), TIMED_OUT:
 * with what to tell who named it. */
Err outside_post(Arena *arena, const OutsideRequest *request, OutsideReply *out);

/* Whether it is a URL that outside_post takes, as far as can be seen without asking for the name. Errors: UNPROCESSABLE. */
Err outside_check_url(Arena *arena, Str url, bool allows_inside);

/* Whether an address is one of the public internet: no private, local, shared, reserved, documentation or group address, none of IPv4 within
 * IPv6 (RFC 6890, RFC 8190 and what IANA's registries had in 2026). */
bool outside_is_public(const struct sockaddr *address);

#endif
