/* ID tokens: who a provider says somebody is, checked as OpenID Connect Core 1.0, section 3.1.3.7, and RFC 8725 ask.
 *
 *     TRY(id_token_read(arena, text, &token));
 *     TRY(id_token_check(arena, &token, jwks_find(keys, token.key_id, token.algorithm), &rules, &claims));
 */
#ifndef NERDX_SERVICES_AUTH_OIDC_ID_TOKEN_H
#define NERDX_SERVICES_AUTH_OIDC_ID_TOKEN_H

#include "base/json.h"
#include "services/auth/oidc/keys.h"

enum {
    ID_TOKEN_BYTES_MAX = 16 * 1024,
    ID_TOKEN_AGE_S = 600, /* one that was issued longer ago isn't the answer to what was asked just now */
    ID_TOKEN_CLOCKS_DIFFER_S = 60
};

/* What came, decoded; nobody's word until it was checked. */
typedef struct IdToken {
    SignatureAlgorithm algorithm;
    Str key_id; /* absent: it names none */
    Str signed_text;
    Str payload;
    Str signature;
} IdToken;

typedef struct IdTokenRules {
    Str issuer;
    Str client_id;
    Str nonce;
    Str access_token; /* that came with it; absent: none */
    int64_t now_s;
} IdTokenRules;

/* Three parts of strict base64url; `alg` is one of ours, `typ` is JWT where there is one, and there is no `crit`. Keys and addresses
 * of keys in the head (jwk, jku, x5c, x5u) are never looked at. Errors: INVALID, for the log. */
Err id_token_read(Arena *arena, Str text, IdToken *out);

/* The signature, by a key of the provider's (NULL: it has none of that name); then `iss`, `aud` and `azp`, `exp`, `iat`, `nbf`,
 * `nonce`, and `at_hash` where there is one. *claims is the arena's, and an object. Errors: INVALID, for the log. */
Err id_token_check(Arena *arena, const IdToken *token, const Jwk *key, const IdTokenRules *rules,
                   const json_t **claims);

/* What stands at "a.b" in claims: a text (or, of a subject, a whole number as text), absent when there is none. */
Str claim_text(Arena *arena, const json_t *claims, Str path);

/* true, or "true" as Apple writes it. */
bool claim_is_true(const json_t *claims, Str path);

#endif
