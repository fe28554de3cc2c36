/* JSON Web Tokens (RFC 7519) as NERDX makes and accepts them; what can go wrong with them is met as RFC 8725 asks.
 *
 *     tokens_create(&(TokensConfig){.secret = secret, .clock = clock}, &tokens);
 *     tokens_issue(tokens, arena, &(Claims){.subject = user, .session = session, .permissions = may}, &token);
 *     tokens_verify(tokens, arena, token, &claims);         UNAUTHORIZED, or who it is
 *
 * Whether a session was revoked since is for the caller to know. Thread-safe; nothing here waits: keys are read by a thread of
 * their own. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_TOKENS_H
#define NERDX_SERVICES_AUTH_TOKENS_TOKENS_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "services/auth/tokens/claims.h"

typedef struct Tokens Tokens;

/* Texts are copied. */
typedef struct TokensConfig {
    Str secret;              /* JWT_SECRET; absent: the secret file's */
    Str previous_secret;     /* the one before it: still accepted, signs nothing; absent: none */
    const char *secret_file; /* made at the first start, 0600, with a secret of its own; NULL: none */
    const char
        *keys_folder;     /* Ed25519 keys of a fleet: they sign, a secret only checks, the secret file is not
                              * looked at; made with a first key when it isn't there; NULL: none */
    Str issuer;           /* `iss`; absent: "nerdx" */
    Str audience;         /* `aud`; absent: "nerdx" */
    int64_t lifetime_s;   /* the longest a token may live; 0: TOKEN_LIFETIME_S */
    size_t cache_entries; /* how many verified tokens are remembered; 0: TOKEN_CACHE_ENTRIES */
    const Clock *clock;
} TokensConfig;

/* Errors: INVALID when a secret is too short, a key damaged, or there is none at all; FORBIDDEN, UNAVAILABLE of their files. */
Err tokens_create(const TokensConfig *config, Tokens **out);
void tokens_destroy(Tokens *tokens); /* accepts NULL; wipes the keys */

/* What is left at zero or absent is filled in: issued now, expiring after the longest life, an id of its own.
 * Errors: INTERNAL for claims that tokens_verify would refuse. */
Err tokens_issue(Tokens *tokens, Arena *arena, const Claims *claims, Str *out);

/* The token is whatever came; *out is the arena's. Errors: UNAUTHORIZED. The message tells the owner of a token of ours that it
 * is over, and everybody else nothing; the detail, for the log, says what was wrong, and holds nothing of the token. */
Err tokens_verify(Tokens *tokens, Arena *arena, Str token, Claims *out);

/* Those of a session needn't be remembered any longer. Whether it was revoked is still for the caller to ask after every
 * tokens_verify: one that goes on meanwhile may remember its token once more. */
void tokens_forget(Tokens *tokens, Str session);

/* The public halves of our keys, a JSON list: the `keys` of a JWK Set (RFC 7517, section 5); empty with a secret alone. */
Json tokens_public_keys(Tokens *tokens, Arena *arena);

#endif
