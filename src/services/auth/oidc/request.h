/* What we ask a provider: the authorization request with PKCE (RFC 6749, 4.1.1; RFC 7636; OpenID Connect Core, 3.1.2.1) and the
 * exchange of its code (4.1.3). */
#ifndef NERDX_SERVICES_AUTH_OIDC_REQUEST_H
#define NERDX_SERVICES_AUTH_OIDC_REQUEST_H

#include "base/clock.h"
#include "services/auth/oidc/discovery.h"

enum {
    OIDC_SECRET_TEXT = 43, /* of 256 bits */
    OIDC_STATE_S = 600     /* a person has as long to come back */
};

/* 256 random bits as base64url: a state, a nonce, a code verifier, a browser's mark. */
Str oidc_secret(Arena *arena);

/* base64url(SHA-256(text)): the code challenge of a verifier, and the name that a secret is kept under. */
Str oidc_digest(Arena *arena, Str text);

/* What both requests are made of. */
typedef struct Asking {
    const Provider *provider;
    const Endpoints *endpoints;
    Str callback; /* redirect_uri: whole, the same in both */
    Str state;
    Str nonce;
    Str verifier;
} Asking;

/* Where the browser is sent. */
Str oidc_authorization_address(Arena *arena, const Asking *asking);

/* The form that takes a code for tokens. A client's secret goes into it (client_secret_post), and never into an address; one with a key
 * signs a statement instead. Errors: INVALID for a key that is none. */
Err oidc_exchange_form(Arena *arena, const Asking *asking, Str code, const Clock *clock, Str *out);

#endif
