/* What signs tokens and checks signatures. The primitives are libsodium's: constant in time where a secret is involved. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_KEY_H
#define NERDX_SERVICES_AUTH_TOKENS_KEY_H

#include <sodium.h>

#include "base/err.h"
#include "base/str.h"

/* A key is of one algorithm, and never used with another (RFC 8725, section 3.1). */
typedef enum KeyAlgorithm {
    KEY_HS256, /* HMAC with SHA-256 (RFC 7518, section 3.2): who checks can sign */
    KEY_EDDSA, /* Ed25519 (RFC 8037, RFC 8032): anybody may check */
    KEY_ALGORITHM_COUNT
} KeyAlgorithm;

enum { KEY_SIGNATURE_BYTES_MAX = 64, KEY_ID_TEXT = 44 };

typedef struct Key {
    KeyAlgorithm algorithm;
    char id[KEY_ID_TEXT]; /* `kid`; says nothing of the secret that a signature doesn't */
    union {
        crypto_auth_hmacsha256_state mac; /* KEY_HS256: the secret, taken in */
        struct {
            uint8_t public_half[crypto_sign_PUBLICKEYBYTES];
            uint8_t secret_half[crypto_sign_SECRETKEYBYTES];
        } pair; /* KEY_EDDSA */
    };
} Key;

/* `alg` as it is written; absent for none of ours. */
Str key_algorithm_name(KeyAlgorithm algorithm);
bool key_algorithm_from(Str name, KeyAlgorithm *out); /* exactly as written: "hs256" isn't one */

/* Errors: INVALID for a secret that is too short or too long; `what` names it in the message. */
Err key_from_secret(const char *what, Str secret, Key *out);

/* An Ed25519 pair; its name is the thumbprint of RFC 7638. */
void key_from_seed(const uint8_t seed[crypto_sign_SEEDBYTES], Key *out);

/* Of an Ed25519 pair: the public half in base64url, and as a JWK (RFC 8037, section 2) with `kid`, `alg` and `use`. */
Str key_public_text(const Key *key, Arena *arena);
Str key_public_jwk(const Key *key, Arena *arena);

/* Returns the signature's length. */
size_t key_sign(const Key *key, Str text, uint8_t out[KEY_SIGNATURE_BYTES_MAX]);

/* Whether the key has signed this text, in a time that doesn't depend on where two signatures differ. */
bool key_signed(const Key *key, Str text, Str signature);

#endif
