/* A client's secret that is signed anew each time, as Apple wants it: a JWT by ES256 whose `iss` is the team, `sub` the client and
 * `aud` the provider (Apple: "Creating a client secret"). */
#ifndef NERDX_SERVICES_AUTH_OIDC_CLIENT_SECRET_H
#define NERDX_SERVICES_AUTH_OIDC_CLIENT_SECRET_H

#include "base/clock.h"
#include "services/auth/oidc/provider.h"

enum { CLIENT_SECRET_LIFE_S = 300 };

/* Errors: INVALID when client_key is no private key of P-256. */
Err client_secret_sign(Arena *arena, const Provider *provider, const Clock *clock, Str *out);

#endif
