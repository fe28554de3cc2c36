/* A provider's public keys (JWK sets, RFC 7517) and the signatures made with them: RS256, ES256 and EdDSA with Ed25519 (RFC 7518,
 * RFC 8037), checked by GnuTLS. Nothing symmetric and nothing unsigned has a place here. */
#ifndef NERDX_SERVICES_AUTH_OIDC_KEYS_H
#define NERDX_SERVICES_AUTH_OIDC_KEYS_H

#include "base/err.h"
#include "base/json.h"

enum { JWKS_MAX = 32, JWKS_BYTES_MAX = 128 * 1024, RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192 };

typedef enum SignatureAlgorithm {
    SIGNED_RS256,
    SIGNED_ES256,
    SIGNED_EDDSA,
    SIGNATURE_ALGORITHM_COUNT
} SignatureAlgorithm;

/* Exactly as written (RFC 7515, section 4.1.1). */
bool signature_algorithm_from(Str name, SignatureAlgorithm *out);

typedef struct Jwks Jwks;
typedef struct Jwk Jwk;

/* Keys that are not for signatures, or of a kind that isn't ours, are left out; what remains may be nothing.
 * Errors: INVALID for what is no set, or has too many; TOO_LARGE. */
Err jwks_read(Json text, Jwks **out);
void jwks_destroy(Jwks *set); /* accepts NULL */

/* The key of this name and algorithm; without a name (absent) the only one of the algorithm. NULL: none, or not the only one. */
const Jwk *jwks_find(const Jwks *set, Str id, SignatureAlgorithm algorithm);

bool jwk_has_signed(const Jwk *key, Str text, Str signature);

#endif
