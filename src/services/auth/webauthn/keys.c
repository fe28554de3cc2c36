#include "services/auth/webauthn/keys.h"

#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

/* libfido2 has a type a kind of key. assertion NULL: whether the bytes are a key at all. */

static bool check_es256(const fido_assert_t *assertion, Str bytes)
{
    es256_pk_t *key = es256_pk_new();
    bool is_right = key != NULL && es256_pk_from_ptr(key, bytes.data, bytes.len) == FIDO_OK &&
                    (assertion == NULL || fido_assert_verify(assertion, 0, COSE_ES256, key) == FIDO_OK);

    es256_pk_free(&key);
    return is_right;
}

static bool check_eddsa(const fido_assert_t *assertion, Str bytes)
{
    eddsa_pk_t *key = eddsa_pk_new();
    bool is_right = key != NULL && eddsa_pk_from_ptr(key, bytes.data, bytes.len) == FIDO_OK &&
                    (assertion == NULL || fido_assert_verify(assertion, 0, COSE_EDDSA, key) == FIDO_OK);

    eddsa_pk_free(&key);
    return is_right;
}

static bool check_rs256(const fido_assert_t *assertion, Str bytes)
{
    rs256_pk_t *key = rs256_pk_new();
    bool is_right = key != NULL && rs256_pk_from_ptr(key, bytes.data, bytes.len) == FIDO_OK &&
                    (assertion == NULL || fido_assert_verify(assertion, 0, COSE_RS256, key) == FIDO_OK);

    rs256_pk_free(&key);
    return is_right;
}

static const struct Check {
    int algorithm;
    bool (*check)(const fido_assert_t *assertion, Str key);
} CHECKS[] = {{COSE_ES256, check_es256}, {COSE_EDDSA, check_eddsa}, {COSE_RS256, check_rs256}};

bool webauthn_key_signed(const WebauthnCredential *known, const fido_assert_t *assertion)
{
    for (size_t i = 0; i < sizeof CHECKS / sizeof *CHECKS; i++)
        if (CHECKS[i].algorithm == known->algorithm)
            return CHECKS[i].check(assertion, known->public_key);
    return false;
}

static void release_credential(fido_cred_t **credential)
{
    fido_cred_free(credential);
}
#define AUTO_CREDENTIAL __attribute__((cleanup(release_credential)))

/* Which algorithm the key is of says the key; libfido2 wants to be told, and refuses another. */
static bool read_key(Arena *arena, Str data, int algorithm, WebauthnCredential *out)
{
    AUTO_CREDENTIAL fido_cred_t *credential = fido_cred_new();

    if (credential == NULL || fido_cred_set_type(credential, algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(credential, (const unsigned char *)data.data, data.len) != FIDO_OK ||
        fido_cred_pubkey_ptr(credential) == NULL)
        return false;
    out->algorithm = algorithm;
    out->public_key = str_copy(
        arena, (Str){(const char *)fido_cred_pubkey_ptr(credential), fido_cred_pubkey_len(credential)});
    return true;
}

/* What libfido2 reads of a registration it hasn't looked at yet: a point may lie on no curve. */
bool webauthn_read_key(Arena *arena, Str data, WebauthnCredential *out)
{
    for (size_t i = 0; i < sizeof CHECKS / sizeof *CHECKS; i++)
        if (read_key(arena, data, CHECKS[i].algorithm, out))
            return CHECKS[i].check(NULL, out->public_key);
    return false;
}
