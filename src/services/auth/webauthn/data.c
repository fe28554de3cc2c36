#include <sodium.h>

#include "services/auth/webauthn/cbor.h"
#include "services/auth/webauthn/parts.h"

/* Section 6.1 */
enum {
    FLAG_PRESENT = 1 << 0,
    FLAG_VERIFIED = 1 << 2,
    FLAG_CREDENTIAL = 1 << 6,
    FLAG_EXTENSIONS = 1 << 7,
    COUNTER_BYTES = 4,
    AAGUID_BYTES = 16,
    LENGTH_BYTES = 2,
    BYTE_BITS = 8,
};

static bool take(Str *rest, size_t bytes, Str *out)
{
    if (rest->len < bytes)
        return false;
    *out = (Str){rest->data, bytes};
    *rest = (Str){rest->data + bytes, rest->len - bytes};
    return true;
}

static bool take_number(Str *rest, size_t bytes, uint32_t *out)
{
    Str text;

    if (!take(rest, bytes, &text))
        return false;
    *out = 0;
    for (size_t i = 0; i < bytes; i++)
        *out = *out << BYTE_BITS | (uint8_t)text.data[i];
    return true;
}

static bool take_credential(Str *rest, WebauthnData *out)
{
    uint32_t length = 0;
    Str aaguid;

    return take(rest, AAGUID_BYTES, &aaguid) && take_number(rest, LENGTH_BYTES, &length) && length > 0 &&
           length <= WEBAUTHN_CREDENTIAL_ID_MAX && take(rest, length, &out->credential_id);
}

bool webauthn_read_data(Str bytes, WebauthnData *out)
{
    Str rest = bytes;
    uint32_t flags = 0;

    *out = (WebauthnData){0};
    if (!take(&rest, WEBAUTHN_HASH_BYTES, &out->rp_id_hash) || !take_number(&rest, 1, &flags) ||
        !take_number(&rest, COUNTER_BYTES, &out->counter))
        return false;
    out->flags = (uint8_t)flags;
    out->has_credential = (flags & FLAG_CREDENTIAL) != 0;
    if (out->has_credential && (!take_credential(&rest, out) || !cbor_skip(&rest)))
        return false;
    return ((flags & FLAG_EXTENSIONS) == 0 || cbor_skip(&rest)) && rest.len == 0;
}

Err webauthn_check_data(const WebauthnSite *site, const WebauthnData *data)
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    (void)crypto_hash_sha256(hash, (const uint8_t *)site->domain.data, site->domain.len);
    if (!str_equal(data->rp_id_hash, (Str){(const char *)hash, sizeof hash}))
        return webauthn_refused("authenticator data: for another domain");
    if ((data->flags & FLAG_PRESENT) == 0)
        return webauthn_refused("authenticator data: nobody was there");
    return (data->flags & FLAG_VERIFIED) != 0
               ? OK
               : webauthn_refused("authenticator data: the device hasn't asked who it is");
}

bool webauthn_read_attestation(Str bytes, Str *authenticator_data)
{
    Str rest = bytes, whole = bytes, key;
    CborHead head;

    *authenticator_data = (Str){0};
    if (!cbor_skip(&whole) || whole.len > 0 || !cbor_take_head(&rest, &head) || head.major != CBOR_MAP)
        return false;
    for (uint64_t i = head.value; i > 0; i--) {
        if (!cbor_take_head(&rest, &head) || head.major != CBOR_TEXT || !cbor_take_string(&rest, &head, &key))
            return false;
        if (!str_equal(key, STR("authData"))) {
            if (!cbor_skip(&rest))
                return false;
            continue;
        }
        if (authenticator_data->data != NULL || !cbor_take_head(&rest, &head) || head.major != CBOR_BYTES ||
            !cbor_take_string(&rest, &head, authenticator_data))
            return false;
    }
    return authenticator_data->data != NULL;
}
