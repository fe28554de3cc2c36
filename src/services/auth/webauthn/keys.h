/* Within the room: public keys, by libfido2. */
#ifndef NERDX_SERVICES_AUTH_WEBAUTHN_KEYS_H
#define NERDX_SERVICES_AUTH_WEBAUTHN_KEYS_H

#include <fido.h>

#include "services/auth/webauthn/webauthn.h"

/* Fills in algorithm and public_key of the credential in this authenticator data, which is well formed. False for a kind that isn't
 * known here, and for what is no key. */
bool webauthn_read_key(Arena *arena, Str data, WebauthnCredential *out);

/* Whether the passkey's key has signed it. */
bool webauthn_key_signed(const WebauthnCredential *known, const fido_assert_t *assertion);

#endif
