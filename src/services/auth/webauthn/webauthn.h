/* Passkeys as bytes (W3C Web Authentication Level 2): what a browser answers to a challenge, read and checked as sections 7.1 and 7.2 say.
 * The challenge's being ours, single use and age are the caller's to check: it is read first, then looked up.
 *
 *     TRY(webauthn_read_client(arena, client_data, &client));
 *     ... client.challenge is looked up and used up ...
 *     TRY(webauthn_register(arena, site, &client, attestation_object, &credential));
 *
 * Errors: UNAUTHORIZED, with the step that failed in the detail; UNPROCESSABLE for a passkey that isn't of the kind asked for. */
#ifndef NERDX_SERVICES_AUTH_WEBAUTHN_WEBAUTHN_H
#define NERDX_SERVICES_AUTH_WEBAUTHN_WEBAUTHN_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum { WEBAUTHN_HASH_BYTES = 32, WEBAUTHN_CREDENTIAL_ID_MAX = 1023 /* section 7.1, step 25 of Level 3 */ };

/* Whom passkeys are for. */
typedef struct WebauthnSite {
    Str domain;  /* the relying party's id: "nerdx.com" */
    Str origins; /* whose pages may use them, separated by commas; absent: http://localhost on any port, for the domain localhost */
} WebauthnSite;

/* Errors: INVALID when the origins can't be pages of the domain. */
Err webauthn_check_site(const WebauthnSite *site);

/* What the browser says (section 5.8.1): CollectedClientData. */
typedef struct WebauthnClient {
    uint8_t hash[WEBAUTHN_HASH_BYTES]; /* of its bytes as they came: what is signed */
    Str type;
    Str challenge; /* base64url, as it came */
    Str origin;
    bool is_framed; /* a page of another origin was around it */
} WebauthnClient;

Err webauthn_read_client(Str bytes, Arena *arena, WebauthnClient *out);

/* Of a new passkey. */
typedef struct WebauthnCredential {
    Str id;
    int64_t algorithm; /* COSE: -7 ES256, -8 EdDSA, -257 RS256 */
    Str public_key;    /* as libfido2 has it */
    uint32_t counter;
} WebauthnCredential;

/* The texts are the arena's. Which device made it isn't asked: the statement isn't looked at, whatever its format. */
Err webauthn_register(Arena *arena, const WebauthnSite *site, const WebauthnClient *client,
                      Str attestation_object, WebauthnCredential *out);

/* What an authenticator says of a known passkey. counter: what it says now; whether it has gone up is the caller's to check. */
typedef struct WebauthnAssertion {
    Str authenticator_data;
    Str signature;
} WebauthnAssertion;

Err webauthn_verify(const WebauthnSite *site, const WebauthnClient *client, const WebauthnCredential *known,
                    const WebauthnAssertion *assertion, uint32_t *counter);

#endif
