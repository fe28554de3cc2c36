#include "services/auth/oidc/keys.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "base/memory.h"
#include "base/base64url.h"

struct Jwk {
    SignatureAlgorithm algorithm;
    Str id; /* absent: it has none */
    gnutls_pubkey_t key;
};

struct Jwks {
    Arena arena;
    Jwk items[JWKS_MAX];
    size_t count;
};

/* ---- kinds of keys */

static gnutls_datum_t datum(Str bytes)
{
    return (gnutls_datum_t){(unsigned char *)bytes.data, (unsigned)bytes.len};
}

static bool read_bytes(Arena *arena, const json_t *jwk, const char *name, Str *out)
{
    Str text = json_str_or_empty(jwk, name);

    return text.len > 0 && base64url_read(arena, text, out);
}

static bool import_rsa(Arena *arena, const json_t *jwk, gnutls_pubkey_t key)
{
    Str modulus, exponent;
    unsigned bits = 0;

    if (!read_bytes(arena, jwk, "n", &modulus) || !read_bytes(arena, jwk, "e", &exponent))
        return false;
    gnutls_datum_t n = datum(modulus), e = datum(exponent);
    return gnutls_pubkey_import_rsa_raw(key, &n, &e) == 0 &&
           gnutls_pubkey_get_pk_algorithm(key, &bits) == GNUTLS_PK_RSA && bits >= RSA_BITS_MIN &&
           bits <= RSA_BITS_MAX;
}

static bool import_p256(Arena *arena, const json_t *jwk, gnutls_pubkey_t key)
{
    enum { COORDINATE = 32 };
    Str x_bytes, y_bytes;

    if (!read_bytes(arena, jwk, "x", &x_bytes) || !read_bytes(arena, jwk, "y", &y_bytes) ||
        x_bytes.len != COORDINATE || y_bytes.len != COORDINATE)
        return false;
    gnutls_datum_t x = datum(x_bytes), y = datum(y_bytes);
    return gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_SECP256R1, &x, &y) == 0;
}

static bool import_ed25519(Arena *arena, const json_t *jwk, gnutls_pubkey_t key)
{
    enum { POINT = 32 };
    Str x_bytes;

    if (!read_bytes(arena, jwk, "x", &x_bytes) || x_bytes.len != POINT)
        return false;
    gnutls_datum_t x = datum(x_bytes);
    return gnutls_pubkey_import_ecc_raw(key, GNUTLS_ECC_CURVE_ED25519, &x, NULL) == 0;
}

/* ---- kinds of signatures */

static bool verify(gnutls_pubkey_t key, gnutls_sign_algorithm_t algorithm, Str text,
                   const gnutls_datum_t *signature)
{
    gnutls_datum_t data = datum(text);

    return gnutls_pubkey_verify_data2(key, algorithm, 0, &data, signature) >= 0;
}

static bool rs256_signed(const Jwk *key, Str text, Str signature)
{
    gnutls_datum_t plain = datum(signature);

    return verify(key->key, GNUTLS_SIGN_RSA_SHA256, text, &plain);
}

/* RFC 7518, section 3.4: r and s, 32 bytes each; GnuTLS wants them as X.509 has them. */
static bool es256_signed(const Jwk *key, Str text, Str signature)
{
    enum { HALF = 32 };
    gnutls_datum_t r = datum(str_slice(signature, 0, HALF)), s = datum(str_slice(signature, HALF, 2 * HALF));
    gnutls_datum_t der = {0};

    if (signature.len != 2 * (size_t)HALF || gnutls_encode_rs_value(&der, &r, &s) != 0)
        return false;
    bool has_signed = verify(key->key, GNUTLS_SIGN_ECDSA_SHA256, text, &der);
    gnutls_free(der.data);
    return has_signed;
}

static bool eddsa_signed(const Jwk *key, Str text, Str signature)
{
    gnutls_datum_t plain = datum(signature);

    return verify(key->key, GNUTLS_SIGN_EDDSA_ED25519, text, &plain);
}

static const struct Algorithm {
    Str name;
    Str kty;
    Str crv; /* absent: keys of this kind have none */
    bool (*import)(Arena *arena, const json_t *jwk, gnutls_pubkey_t key);
    bool (*has_signed)(const Jwk *key, Str text, Str signature);
} ALGORITHMS[SIGNATURE_ALGORITHM_COUNT] = {
    [SIGNED_RS256] = {{"RS256", 5}, {"RSA", 3}, {NULL, 0}, import_rsa, rs256_signed},
    [SIGNED_ES256] = {{"ES256", 5}, {"EC", 2}, {"P-256", 5}, import_p256, es256_signed},
    [SIGNED_EDDSA] = {{"EdDSA", 5}, {"OKP", 3}, {"Ed25519", 7}, import_ed25519, eddsa_signed},
};

bool signature_algorithm_from(Str name, SignatureAlgorithm *out)
{
    for (SignatureAlgorithm i = 0; i < SIGNATURE_ALGORITHM_COUNT; i++) {
        *out = i;
        if (str_equal(ALGORITHMS[i].name, name))
            return true;
    }
    return false;
}

bool jwk_has_signed(const Jwk *key, Str text, Str signature)
{
    return ALGORITHMS[key->algorithm].has_signed(key, text, signature);
}

/* ---- sets */

/* Absent, or this one. */
static bool may_be(const json_t *jwk, const char *name, Str wanted)
{
    const json_t *value = json_object_get(jwk, name);

    return value == NULL || str_equal(json_str(value), wanted);
}

static bool kind_of(const json_t *jwk, SignatureAlgorithm *out)
{
    for (SignatureAlgorithm i = 0; i < SIGNATURE_ALGORITHM_COUNT; i++) {
        *out = i;
        if (str_equal(json_str_or_empty(jwk, "kty"), ALGORITHMS[i].kty) &&
            (ALGORITHMS[i].crv.data == NULL || str_equal(json_str_or_empty(jwk, "crv"), ALGORITHMS[i].crv)))
            return may_be(jwk, "alg", ALGORITHMS[i].name) && may_be(jwk, "use", STR("sig"));
    }
    return false;
}

static void add(Jwks *set, const json_t *jwk)
{
    Jwk *key = &set->items[set->count];
    AUTO_ARENA Arena scratch = {0};

    if (!kind_of(jwk, &key->algorithm) || gnutls_pubkey_init(&key->key) != 0)
        return;
    if (!ALGORITHMS[key->algorithm].import(&scratch, jwk, key->key)) {
        gnutls_pubkey_deinit(key->key);
        return;
    }
    key->id = str_copy(&set->arena, json_str_at(jwk, "kid"));
    set->count++;
}

Err jwks_read(Json text, Jwks **out)
{
    AUTO_JSON json_t *all = NULL;

    *out = NULL;
    if (text.len > JWKS_BYTES_MAX)
        return err(TOO_LARGE, "%zu bytes of keys are more than %d", text.len, JWKS_BYTES_MAX);
    TRY(json_read(text, &all));
    const json_t *keys = json_object_get(all, "keys");
    if (!json_is_array(keys) || json_array_size(keys) > JWKS_MAX)
        return err(INVALID, "keys: no list of at most %d", JWKS_MAX);
    *out = memory_new(Jwks);
    arena_init(&(*out)->arena);
    for (size_t i = 0; i < json_array_size(keys); i++)
        add(*out, json_array_get(keys, i));
    return OK;
}

void jwks_destroy(Jwks *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->count; i++)
        gnutls_pubkey_deinit(set->items[i].key);
    arena_finish(&set->arena);
    memory_free(set);
}

const Jwk *jwks_find(const Jwks *set, Str id, SignatureAlgorithm algorithm)
{
    const Jwk *found = NULL;

    for (size_t i = 0; i < set->count; i++) {
        const Jwk *key = &set->items[i];

        if (key->algorithm != algorithm || (id.data != NULL && !str_equal(key->id, id)))
            continue;
        if (found != NULL)
            return NULL;
        found = key;
    }
    return found;
}
