#include <fido.h>

#include "services/auth/webauthn/keys.h"
#include "services/auth/webauthn/parts.h"

static void release_assertion(fido_assert_t **assertion)
{
    fido_assert_free(assertion);
}
#define AUTO_ASSERTION __attribute__((cleanup(release_assertion)))

static const unsigned char *bytes_of(Str text)
{
    return (const unsigned char *)text.data;
}

static bool fill(fido_assert_t *assertion, const char *domain, const WebauthnClient *client,
                 const WebauthnAssertion *from)
{
    return assertion != NULL && fido_assert_set_rp(assertion, domain) == FIDO_OK &&
           fido_assert_set_clientdata_hash(assertion, client->hash, sizeof client->hash) == FIDO_OK &&
           fido_assert_set_count(assertion, 1) == FIDO_OK &&
           fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
           fido_assert_set_uv(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
           fido_assert_set_authdata_raw(assertion, 0, bytes_of(from->authenticator_data),
                                        from->authenticator_data.len) == FIDO_OK &&
           fido_assert_set_sig(assertion, 0, bytes_of(from->signature), from->signature.len) == FIDO_OK;
}

Err webauthn_verify(const WebauthnSite *site, const WebauthnClient *client, const WebauthnCredential *known,
                    const WebauthnAssertion *assertion, uint32_t *counter)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_ASSERTION fido_assert_t *filled = fido_assert_new();
    WebauthnData data;

    TRY(webauthn_check_client(site, client, STR("webauthn.get")));
    if (!webauthn_read_data(assertion->authenticator_data, &data))
        return webauthn_refused("authenticator data: not well formed");
    TRY(webauthn_check_data(site, &data));
    if (!fill(filled, str_c(&scratch, site->domain), client, assertion) ||
        !webauthn_key_signed(known, filled))
        return webauthn_refused("the signature isn't the passkey's");
    *counter = data.counter;
    return OK;
}
