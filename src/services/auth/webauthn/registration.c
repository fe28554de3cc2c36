#include "services/auth/webauthn/keys.h"
#include "services/auth/webauthn/parts.h"

Err webauthn_register(Arena *arena, const WebauthnSite *site, const WebauthnClient *client,
                      Str attestation_object, WebauthnCredential *out)
{
    WebauthnData data;
    Str bytes;

    *out = (WebauthnCredential){0};
    TRY(webauthn_check_client(site, client, STR("webauthn.create")));
    if (!webauthn_read_attestation(attestation_object, &bytes) || !webauthn_read_data(bytes, &data) ||
        !data.has_credential)
        return webauthn_refused("attestation object: no well-formed authenticator data with a credential");
    TRY(webauthn_check_data(site, &data));
    if (!webauthn_read_key(arena, bytes, out))
        return err(UNPROCESSABLE, "The passkey's key is none that is known here: ES256, EdDSA or RS256.");
    out->id = str_copy(arena, data.credential_id);
    out->counter = data.counter;
    return OK;
}
