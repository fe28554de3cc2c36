/* Showing a secret: when somebody signs in, and again before what can't be undone (step-up). */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_PROOF_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_PROOF_H

#include "services/auth/accounts_sql.h"
#include "services/auth/core.h"

enum { PROOF_S = 600 }; /* how long a secret that was shown counts for what can't be undone */

/* Errors: UNAUTHORIZED when nobody is known; FORBIDDEN when it was too long ago, saying what to do. */
Err proof_need(const Auth *auth, const Call *call);

/* Whoever has this address and password. Equal answers in equal time whether there is such an address. Errors: UNAUTHORIZED, LIMITED,
 * UNAVAILABLE. */
typedef struct Member {
    Str user_id;
    Str role;
} Member;
Err proof_by_password(const Auth *auth, Call *call, Str email, Str password, Member *out);

#endif
