/* Codes by time (RFC 6238 over RFC 4226's HOTP), as apps make them unless told otherwise: HMAC-SHA-1, steps of 30 seconds, six digits. */
#ifndef NERDX_SERVICES_AUTH_TOTP_CODE_H
#define NERDX_SERVICES_AUTH_TOTP_CODE_H

#include "base/err.h"
#include "base/str.h"

enum {
    TOTP_SECRET_BYTES = 20, /* as many as SHA-1 gives (RFC 4226, section 4, R6) */
    TOTP_DIGITS = 6,
    TOTP_STEP_S = 30,
    TOTP_DRIFT_STEPS = 1, /* clocks may differ by this in either direction (RFC 6238, section 5.2) */
};

/* The code of a step as digits. digits: 6 to 8 (the RFC's vectors have 8). */
Err totp_code(Arena *arena, Str secret, int64_t step, int digits, Str *out);

/* The step whose code this is, within TOTP_DRIFT_STEPS of now; -1 for none. It takes as long whichever it is. */
Err totp_find(Arena *arena, Str secret, int64_t now_s, Str code, int64_t *step);

/* otpauth://totp/NERDX:name?… (Google Authenticator's Key Uri Format). */
Str totp_uri(Arena *arena, Str secret_base32, Str name);

#endif
