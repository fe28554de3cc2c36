/* The second step of a sign-in: whose password was right isn't signed in before a code of their app, or a recovery code, was right, too.
 * Between the two stands a challenge, which tells nobody but the one who has it anything. */
#ifndef NERDX_SERVICES_AUTH_TOTP_SECOND_STEP_H
#define NERDX_SERVICES_AUTH_TOTP_SECOND_STEP_H

#include "services/auth/accounts/proof.h"

enum { SECOND_STEP_S = 300 };

/* Whether this member has an app whose code is asked for. */
Err second_step_is_needed(const Auth *auth, Arena *arena, Str user_id, bool *is_needed);

/* A challenge for who has shown their password just now. Errors: UNAVAILABLE. */
Err second_step_ask(const Auth *auth, Arena *arena, Str user_id, SecondStep *out);

/* Whose challenge it is. Errors: UNAUTHORIZED at /challenge; UNAVAILABLE. */
Err second_step_find(const Auth *auth, Arena *arena, Str challenge, Member *out);

/* Compares a code, which counts once; who has one has not lost the app. Errors: UNAUTHORIZED at /code; LIMITED, UNAVAILABLE. */
Err second_step_show(const Auth *auth, Call *call, Str user_id, Str code);

#endif
