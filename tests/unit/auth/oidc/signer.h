/* A provider's private key, made for a test: what it publishes of it, and ID tokens signed with it. */
#ifndef NERDX_TESTS_OIDC_SIGNER_H
#define NERDX_TESTS_OIDC_SIGNER_H

#include <gnutls/abstract.h>

#include "base/str.h"
#include "services/auth/oidc/keys.h"

typedef struct Signer {
    SignatureAlgorithm algorithm;
    const char *id; /* NULL: its tokens and its JWK name none */
    gnutls_privkey_t key;
} Signer;

void signer_init(Signer *signer, SignatureAlgorithm algorithm, const char *id);
void signer_finish(Signer *signer);

Str signer_jwk(const Signer *signer, Arena *arena);

/* The private key itself, as PKCS#8 in PEM. */
Str signer_pem(const Signer *signer, Arena *arena);

/* {"keys": […]} of one signer, read. The caller destroys it. */
Jwks *signer_set(const Signer *signer);

/* head: JSON, NULL = what is right for the signer. */
Str signer_token(const Signer *signer, Arena *arena, const char *head, Str claims);

#endif
