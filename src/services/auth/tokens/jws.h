/* The envelope of a token: JWS compact serialisation (RFC 7515, section 7.1), read as strictly as it is written. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_JWS_H
#define NERDX_SERVICES_AUTH_TOKENS_JWS_H

#include "base/err.h"
#include "base/json.h"
#include "services/auth/tokens/key.h"

typedef struct Jws {
    KeyAlgorithm algorithm;
    Str key_id;      /* `kid`; absent: none was named */
    Str signed_text; /* the head and the payload, as they came */
    Str payload;     /* decoded; nobody's word until the signature was checked */
    Str signature;   /* decoded */
} Jws;

/* Three parts, each base64url without padding and in its one right form; a head of `alg`, `kid` and `typ` and no more: what
 * tells a reader where to find a key (jku, jwk, x5u, x5c) or to read otherwise (b64, crit, zip, enc) is refused, not
 * ignored. Errors: INVALID, for the log. */
Err jws_read(Arena *arena, Str token, Jws *out);

/* The payload, signed. */
Str jws_write(Arena *arena, const Key *key, Json payload);

#endif
