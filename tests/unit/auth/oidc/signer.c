#include "signer.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "check.h"
#include "base/base64url.h"

enum { HALF = 32, RSA_BITS = 2048 };

static const struct Kind {
    const char *name;
    gnutls_pk_algorithm_t made_as;
    unsigned bits;
    gnutls_sign_algorithm_t signs_by;
} KINDS[] = {
    [SIGNED_RS256] = {"RS256", GNUTLS_PK_RSA, RSA_BITS, GNUTLS_SIGN_RSA_SHA256},
    [SIGNED_ES256] = {"ES256", GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
                      GNUTLS_SIGN_ECDSA_SHA256},
    [SIGNED_EDDSA] = {"EdDSA", GNUTLS_PK_EDDSA_ED25519, 0, GNUTLS_SIGN_EDDSA_ED25519},
};

void signer_init(Signer *signer, SignatureAlgorithm algorithm, const char *id)
{
    *signer = (Signer){.algorithm = algorithm, .id = id};
    assert_int_equal(gnutls_privkey_init(&signer->key), 0);
    assert_int_equal(gnutls_privkey_generate(signer->key, KINDS[algorithm].made_as, KINDS[algorithm].bits, 0),
                     0);
}

void signer_finish(Signer *signer)
{
    gnutls_privkey_deinit(signer->key);
}

static Str base64url_of(Arena *arena, gnutls_datum_t *bytes)
{
    Str text = base64url_write(arena, (Str){(const char *)bytes->data, bytes->size});

    gnutls_free(bytes->data);
    return text;
}

/* HALF bytes, as a JWK has them (RFC 7518, section 6.2.1.2). GnuTLS gives a zero more in front, or leaves zeros out. */
static Str coordinate(Arena *arena, const gnutls_datum_t *bytes)
{
    char half[HALF] = {0};
    size_t kept = bytes->size < HALF ? bytes->size : HALF;

    memcpy(half + (HALF - kept), bytes->data + (bytes->size - kept), kept);
    return base64url_write(arena, (Str){half, HALF});
}

static Str key_members(const Signer *signer, Arena *arena, gnutls_pubkey_t key)
{
    gnutls_ecc_curve_t curve;
    gnutls_datum_t first = {0}, second = {0};

    if (signer->algorithm == SIGNED_RS256) {
        assert_int_equal(gnutls_pubkey_export_rsa_raw2(key, &first, &second, GNUTLS_EXPORT_FLAG_NO_LZ), 0);
        return str_format(arena, "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"",
                          base64url_of(arena, &first).data, base64url_of(arena, &second).data);
    }
    assert_int_equal(gnutls_pubkey_export_ecc_raw2(key, &curve, &first, &second, 0), 0);
    if (signer->algorithm == SIGNED_EDDSA)
        return str_format(arena, "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"",
                          base64url_of(arena, &first).data);
    Str members = str_format(arena, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"",
                             coordinate(arena, &first).data, coordinate(arena, &second).data);
    gnutls_free(first.data);
    gnutls_free(second.data);
    return members;
}

Str signer_jwk(const Signer *signer, Arena *arena)
{
    gnutls_pubkey_t key;

    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(key, signer->key, 0, 0), 0);
    Str members = key_members(signer, arena, key);
    gnutls_pubkey_deinit(key);
    return signer->id == NULL ? str_format(arena, "{%s}", members.data)
                              : str_format(arena, "{\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"%s\",%s}",
                                           signer->id, KINDS[signer->algorithm].name, members.data);
}

Str signer_pem(const Signer *signer, Arena *arena)
{
    gnutls_x509_privkey_t key;
    gnutls_datum_t pem = {0};

    assert_int_equal(gnutls_privkey_export_x509(signer->key, &key), 0);
    assert_int_equal(
        gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem), 0);
    Str text = str_copy(arena, (Str){(const char *)pem.data, pem.size});
    gnutls_free(pem.data);
    gnutls_x509_privkey_deinit(key);
    return text;
}

Jwks *signer_set(const Signer *signer)
{
    AUTO_ARENA Arena arena = {0};
    Jwks *set;

    check_ok(jwks_read(str_format(&arena, "{\"keys\":[%s]}", signer_jwk(signer, &arena).data), &set));
    return set;
}

/* r and s as JWS has them. */
static Str to_halves(Arena *arena, gnutls_datum_t *der)
{
    gnutls_datum_t r = {0}, s = {0};
    char *halves = arena_zalloc(arena, 2 * (size_t)HALF);

    assert_int_equal(gnutls_decode_rs_value(der, &r, &s), 0);
    for (size_t i = 0; i < HALF && i < r.size; i++)
        halves[HALF - 1 - i] = (char)r.data[r.size - 1 - i];
    for (size_t i = 0; i < HALF && i < s.size; i++)
        halves[2 * HALF - 1 - i] = (char)s.data[s.size - 1 - i];
    gnutls_free(r.data);
    gnutls_free(s.data);
    return (Str){halves, 2 * (size_t)HALF};
}

static Str sign(const Signer *signer, Arena *arena, Str text)
{
    gnutls_datum_t data = {(unsigned char *)text.data, (unsigned)text.len}, signature = {0};

    assert_int_equal(
        gnutls_privkey_sign_data2(signer->key, KINDS[signer->algorithm].signs_by, 0, &data, &signature), 0);
    Str plain = {(const char *)signature.data, signature.size};
    Str kept = signer->algorithm == SIGNED_ES256 ? to_halves(arena, &signature) : str_copy(arena, plain);
    gnutls_free(signature.data);
    return kept;
}

Str signer_token(const Signer *signer, Arena *arena, const char *head, Str claims)
{
    Str kid = signer->id == NULL ? STR("") : str_format(arena, ",\"kid\":\"%s\"", signer->id);
    Str usual = str_format(arena, "{\"alg\":\"%s\"%s}", KINDS[signer->algorithm].name, kid.data);
    Str text = str_format(arena, "%s.%s", base64url_write(arena, head != NULL ? str_from(head) : usual).data,
                          base64url_write(arena, claims).data);

    return str_format(arena, "%s.%s", text.data, base64url_write(arena, sign(signer, arena, text)).data);
}
