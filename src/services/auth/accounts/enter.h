/* Whoever has shown all that is asked of them is signed in. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_ENTER_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_ENTER_H

#include "services/auth/accounts/proof.h"

Err member_enter(const Auth *auth, Call *call, const Member *member, bool with_cookies, SignedIn *out);

/* A secret was shown again: an access token of this sign-in says so. */
Err member_prove(const Auth *auth, Call *call, bool with_cookies, Proved *out);

#endif
