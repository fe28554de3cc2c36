#include "services/auth/oidc/client_secret.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "base/json.h"
#include "base/base64url.h"

enum { HALF = 32, SECOND_US = 1000000 };

static Str part(Arena *arena, Buf *json)
{
    return base64url_write(arena, buf_str(json));
}

static Str text_to_sign(Arena *arena, const Provider *provider, int64_t now_s)
{
    Buf head = {.arena = arena}, claims = {.arena = arena};

    buf_put_char(&head, '{');
    json_put_member(&head, "alg", STR("ES256"));
    json_put_member(&head, "kid", provider->key_id);
    buf_put_char(&head, '}');
    buf_put_char(&claims, '{');
    json_put_member(&claims, "iss", provider->team_id);
    json_put_member(&claims, "sub", provider->client_id);
    json_put_member(&claims, "aud", provider->issuer);
    buf_format(&claims, ",\"iat\":%lld,\"exp\":%lld}", (long long)now_s,
               (long long)now_s + CLIENT_SECRET_LIFE_S);
    return str_format(arena, "%.*s.%.*s", STR_ARG(part(arena, &head)), STR_ARG(part(arena, &claims)));
}

/* An integer as X.509 has it, signed and as short as may be, into 32 bytes. */
static bool put_integer(const gnutls_datum_t *integer, uint8_t out[HALF])
{
    const unsigned char *from = integer->data;
    size_t size = integer->size;

    for (; size > HALF && *from == 0; size--)
        from++;
    if (size > HALF)
        return false;
    memset(out, 0, HALF);
    memcpy(out + HALF - size, from, size);
    return true;
}

static bool to_halves(const gnutls_datum_t *der, uint8_t out[2 * HALF])
{
    gnutls_datum_t r = {0}, s = {0};
    bool is_good =
        gnutls_decode_rs_value(der, &r, &s) == 0 && put_integer(&r, out) && put_integer(&s, out + HALF);

    gnutls_free(r.data);
    gnutls_free(s.data);
    return is_good;
}

static bool is_p256(gnutls_privkey_t key)
{
    gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

    return gnutls_privkey_export_ecc_raw(key, &curve, NULL, NULL, NULL) == 0 &&
           curve == GNUTLS_ECC_CURVE_SECP256R1;
}

static bool sign(gnutls_privkey_t key, Str pem, Str text, uint8_t out[2 * HALF])
{
    gnutls_datum_t key_text = {(unsigned char *)pem.data, (unsigned)pem.len};
    gnutls_datum_t data = {(unsigned char *)text.data, (unsigned)text.len};
    gnutls_datum_t der = {0};
    bool is_signed =
        gnutls_privkey_import_x509_raw(key, &key_text, GNUTLS_X509_FMT_PEM, NULL, 0) == 0 && is_p256(key) &&
        gnutls_privkey_sign_data2(key, GNUTLS_SIGN_ECDSA_SHA256, 0, &data, &der) == 0 && to_halves(&der, out);

    gnutls_free(der.data);
    return is_signed;
}

Err client_secret_sign(Arena *arena, const Provider *provider, const Clock *clock, Str *out)
{
    Str text = text_to_sign(arena, provider, clock_wall_us(clock) / SECOND_US);
    uint8_t signature[2 * HALF];
    gnutls_privkey_t key;

    if (gnutls_privkey_init(&key) != 0)
        return err(INTERNAL, "no memory for a key");
    bool is_signed = sign(key, provider->client_key, text, signature);
    gnutls_privkey_deinit(key);
    if (!is_signed)
        return err(INVALID, "client_key_file of %.*s: no private EC key of P-256 (PEM)",
                   STR_ARG(provider->name));
    *out = str_format(arena, "%.*s.%.*s", STR_ARG(text),
                      STR_ARG(base64url_write(arena, (Str){(const char *)signature, sizeof signature})));
    return OK;
}
