/* One provider as it is reached: its discovery document and keys are fetched, checked and kept; codes are exchanged. Everything here
 * may wait for another machine, a bounded time: never on a loop thread. Thread-safe. */
#ifndef NERDX_SERVICES_AUTH_OIDC_REMOTE_H
#define NERDX_SERVICES_AUTH_OIDC_REMOTE_H

#include "http/call.h"
#include "services/auth/oidc/request.h"

enum {
    REMOTE_KEEP_S = 3600, /* a document and a key set are fetched anew after this */
    REMOTE_KEYS_AGAIN_S =
        10, /* a key that nobody knows has the set fetched anew, but not more often than this */
    REMOTE_UNDER_WAY_MAX = 16 /* requests to one provider at once; more are turned away */
};

typedef struct Remote Remote;

/* provider and clock must outlive it. */
Remote *remote_create(const Provider *provider, const Clock *clock);
void remote_destroy(Remote *remote); /* accepts NULL */

/* Errors: UNAVAILABLE when the provider can't be reached, or what it says can't be used; the detail says why. */
Err remote_endpoints(Remote *remote, const Call *call, Endpoints *out);

/* Exchanges the code and finds out who it is about: the claims of the ID token, checked, or of plain OAuth 2.0 the profile.
 * *claims is the call's arena's. Errors: UNAVAILABLE; UNAUTHORIZED when the provider refuses the code, or its answer isn't to be
 * believed; INVALID of oidc_exchange_form. */
Err remote_claims(Remote *remote, const Call *call, const Asking *asking, Str code, const json_t **claims);

#endif
