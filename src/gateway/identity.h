/* Who is calling: finds what a request shows (a bearer token or API key, RFC 6750; or a browser's cookie), asks whose it is, and
 * puts that on the exchange. What the contract asks for is checked behind it (http/identity.h).
 *
 * A credential that is no good makes the caller nobody, who may still call what is public; WWW-Authenticate says why. */
#ifndef NERDX_GATEWAY_IDENTITY_H
#define NERDX_GATEWAY_IDENTITY_H

#include "http/server.h"

/* Whose credential this is; never waits. Errors: UNAUTHORIZED when nobody's, whose message may be told; others refuse the
 * request. */
typedef Err (*IdentifyFn)(void *context, Arena *arena, Str credential, Identity *out);

typedef struct IdentityPolicy {
    bool is_open;        /* everybody may everything: who calls is whom they say they are */
    IdentifyFn identify; /* NULL: nobody can be known */
    void *context;
} IdentityPolicy;

/* The policy must outlive the server. */
Filter identity_filter(const IdentityPolicy *policy);

#endif
