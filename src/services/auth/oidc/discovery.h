/* Where a provider's doors are: its discovery document (OpenID Connect Discovery 1.0, section 4; RFC 8414), believed as far as it
 * says what was agreed on. */
#ifndef NERDX_SERVICES_AUTH_OIDC_DISCOVERY_H
#define NERDX_SERVICES_AUTH_OIDC_DISCOVERY_H

#include "base/json.h"
#include "services/auth/oidc/provider.h"

typedef struct Endpoints {
    Str authorization;
    Str token;
    Str keys;      /* jwks_uri; absent without discovery */
    Str userinfo;  /* absent with it */
    bool says_iss; /* answers with `iss` (RFC 9207): one without is refused then */
} Endpoints;

/* The address of the document: the issuer with "/.well-known/openid-configuration" behind it. */
Str discovery_address(Arena *arena, Str issuer);

/* The document's issuer must be the provider's, letter by letter; its addresses https, or on this machine like the issuer; it must
 * offer the code flow, PKCE with S256 where it speaks of PKCE, and an algorithm of ours. *out is the arena's.
 * Errors: INVALID, for the log. */
Err discovery_read(Arena *arena, const Provider *provider, Json document, Endpoints *out);

/* Of a provider without a document. */
Endpoints discovery_none(const Provider *provider);

#endif
