/* How a sign-in reaches who asked for it: tokens in the answer, or cookies that no script can read. */
#ifndef NERDX_SERVICES_AUTH_SIGN_INS_ANSWER_H
#define NERDX_SERVICES_AUTH_SIGN_INS_ANSWER_H

#include "services/auth/sign_ins/sign_ins.h"

/* Makes the access token. Errors: UNPROCESSABLE for cookies where the call didn't come over HTTP. */
Err answer_grant(const Auth *auth, Call *call, const SignInGrant *grant, bool with_cookies, SignedIn *out);

/* An access token anew for the same sign-in, which says that a secret was shown. */
Err answer_proof(const Auth *auth, Call *call, const SignInGrant *grant, bool with_cookies, Proved *out);

/* The refresh token that was given, or the cookie's: then *from_cookie, and the page has shown that it is ours. *out is absent when
 * there is neither. Errors: FORBIDDEN. */
Err answer_refresh_token(const Call *call, Str given, Str *out, bool *from_cookie);

/* Takes the cookies back, where there may be some, and has the browser throw away what it has kept of us (ASVS 5, 14.3.1). */
void answer_forget_cookies(Call *call);

#endif
