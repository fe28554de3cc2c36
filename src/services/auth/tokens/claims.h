/* What is inside a token: claims as JSON, and the rules they must keep. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_CLAIMS_H
#define NERDX_SERVICES_AUTH_TOKENS_CLAIMS_H

#include "base/json.h"
#include "base/texts.h"

/* What a token says. Times are Unix seconds (RFC 7519's NumericDate, whole). */
typedef struct Claims {
    Str subject;          /* `sub`: the user's id */
    Str session;          /* `sid`: the sign-in it belongs to; absent: none */
    Str id;               /* `jti` */
    Texts permissions;    /* `permissions`: names */
    int64_t issued_at_s;  /* `iat` */
    int64_t expires_at_s; /* `exp` */
    int64_t proved_at_s;  /* `auth_time`: when a secret was last shown; 0 = never */
} Claims;

/* What claims are measured by. */
typedef struct ClaimRules {
    Str issuer;
    Str audience;
    int64_t lifetime_s;
    int64_t now_s;
} ClaimRules;

Json claims_write(Arena *arena, const ClaimRules *rules, const Claims *claims);

/* Types, lengths and ranges of all that we read; `iss` and `aud` are ours; `nbf` and `iat` have come. Other claims are
 * left alone (RFC 7519, section 4). `exp` isn't compared with the time. Errors: INVALID, for the log. */
Err claims_read(Arena *arena, const ClaimRules *rules, Json text, Claims *out);

/* RFC 7519, section 4.1.4: no longer on, or after, the moment it names. */
static inline bool claims_are_over(const Claims *claims, int64_t now_s)
{
    return now_s >= claims->expires_at_s;
}

#endif
