/* Signing in with somebody else's account, from the first click to who it is. What is done with that person (accounts, sign-ins) is
 * others' business.
 *
 *     TRY(oidc_create(&config, &oidc));
 *     TRY(oidc_start(oidc, call, &start, &sent));       the browser goes to sent.location, and keeps sent.browser in a cookie
 *     TRY(oidc_finish(oidc, call, &answer, &person));   when it comes back
 *
 * What is between the two lies in stores/kv, under the hash of the state, for OIDC_STATE_S; it counts once. */
#ifndef NERDX_SERVICES_AUTH_OIDC_OIDC_H
#define NERDX_SERVICES_AUTH_OIDC_OIDC_H

#include "base/clock.h"
#include "http/call.h"
#include "services/auth/oidc/request.h"
#include "stores/kv/kv.h"

enum { OIDC_SUBJECT_MAX = 255 /* OpenID Connect Core, section 2 */ };

typedef struct Oidc Oidc;

typedef struct OidcConfig {
    Str known;             /* content/auth/providers.yaml */
    const char *operators; /* the operator's file; NULL: nobody is offered */
    const char *site;      /* where browsers reach us: "https://nerdx.com" */
    Kv *kv;                /* must outlive it, as the clock */
    const Clock *clock;
} OidcConfig;

/* Errors: INVALID names the provider and what is wrong, those of the files. */
Err oidc_create(const OidcConfig *config, Oidc **out);
void oidc_destroy(Oidc *oidc); /* accepts NULL */

const Providers *oidc_providers(const Oidc *oidc);

typedef struct OidcStart {
    Str provider;
    Str return_to; /* a local path; absent: "/" */
    Str user_id;   /* who is asking; absent: nobody is known */
} OidcStart;

typedef struct OidcSent {
    Str location; /* at the provider */
    Str browser;  /* what marks the browser until it comes back */
} OidcSent;

/* Errors: NOT_FOUND for a provider that isn't offered, INVALID for a path that leads elsewhere, UNAVAILABLE. */
Err oidc_start(Oidc *oidc, const Call *call, const OidcStart *start, OidcSent *out);

/* What the browser came back with; absent what didn't come. */
typedef struct OidcAnswer {
    Str provider;
    Str state;
    Str code;
    Str iss; /* RFC 9207 */
    Str error;
    Str browser; /* the cookie's */
} OidcAnswer;

typedef struct OidcPerson {
    Str issuer;
    Str subject;
    Str email;   /* absent: none that the provider has verified */
    Str user_id; /* who asked to sign in, as OidcStart had it */
    Str return_to;
} OidcPerson;

/* Errors: INVALID (the state is unknown, used or over), FORBIDDEN (another browser's, another provider's, or the person said no),
 * UNAUTHORIZED and UNAVAILABLE of remote_claims. */
Err oidc_finish(Oidc *oidc, const Call *call, const OidcAnswer *answer, OidcPerson *out);

#endif
