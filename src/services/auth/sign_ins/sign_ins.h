/* Sign-ins: one for each device, each a family of refresh tokens of which one is good. Each function is one transaction; what
 * has ended is refused at once. */
#ifndef NERDX_SERVICES_AUTH_SIGN_INS_SIGN_INS_H
#define NERDX_SERVICES_AUTH_SIGN_INS_SIGN_INS_H

#include "services/auth/core.h"

/* A sign-in and what shows it. */
typedef struct SignInGrant {
    Str user_id;
    Str role;
    Str sign_in_id;
    Str refresh_token;
    int64_t now_us;
    int64_t proved_us;  /* when a secret was last shown; 0 = never */
    int64_t expires_us; /* of the refresh token */
} SignInGrant;

/* grant: user_id, role and proved_us are given. is_new: the account is made with it. */
Err sign_in_begin(const Auth *auth, Call *call, bool is_new, SignInGrant *grant);

/* Exchanges a refresh token for the next. Errors: UNAUTHORIZED; a token that was used before ends its sign-in. */
Err sign_in_refresh(const Auth *auth, Call *call, Str refresh_token, SignInGrant *grant);

/* Which sign-in a refresh token belongs to, without using it. Errors: UNAUTHORIZED. */
Err sign_in_of_token(const Auth *auth, Arena *arena, Str refresh_token, SignInGrant *out);

typedef struct SignInName {
    Str user_id;
    Str sign_in_id;
} SignInName;

/* reason: a word for the audit. *ended says how many went on until now. */
Err sign_in_end(const Auth *auth, Arena *arena, const SignInName *which, Str reason, int64_t *ended);
Err sign_in_end_all(const Auth *auth, Arena *arena, Str user_id, Str reason, int64_t *ended);

/* All but the one of this identity. */
Err sign_in_end_others(const Auth *auth, Arena *arena, const Identity *kept, Str reason, int64_t *ended);

Err sign_in_list(const Auth *auth, Call *call, SignIns *out);

#endif
