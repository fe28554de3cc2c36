#include "services/auth/tokens/key.h"

#include <assert.h>
#include <string.h>

#include "base/hex.h"
#include "base/base64url.h"
#include "services/auth/tokens/limits.h"

/* ---- HS256 */

static size_t mac_sign(const Key *key, Str text, uint8_t *out)
{
    crypto_auth_hmacsha256_state state = key->mac;

    crypto_auth_hmacsha256_update(&state, (const uint8_t *)text.data, text.len);
    crypto_auth_hmacsha256_final(&state, out);
    return crypto_auth_hmacsha256_BYTES;
}

static bool mac_signed(const Key *key, Str text, Str signature)
{
    uint8_t right[crypto_auth_hmacsha256_BYTES];

    mac_sign(key, text, right);
    return signature.len == sizeof right && sodium_memcmp(right, signature.data, sizeof right) == 0;
}

/* ---- EdDSA */

static size_t pair_sign(const Key *key, Str text, uint8_t *out)
{
    (void)crypto_sign_detached(out, NULL, (const uint8_t *)text.data, text.len, key->pair.secret_half);
    return crypto_sign_BYTES;
}

/* libsodium refuses what RFC 8032 leaves open: a scalar that isn't reduced, and points of small order. */
static bool pair_signed(const Key *key, Str text, Str signature)
{
    return signature.len == crypto_sign_BYTES &&
           crypto_sign_verify_detached((const uint8_t *)signature.data, (const uint8_t *)text.data, text.len,
                                       key->pair.public_half) == 0;
}

/* ---- by algorithm */

typedef struct Algorithm {
    Str name;
    size_t (*sign)(const Key *key, Str text, uint8_t *out);
    bool (*has_signed)(const Key *key, Str text, Str signature);
} Algorithm;

static const Algorithm ALGORITHMS[KEY_ALGORITHM_COUNT] = {
    [KEY_HS256] = {{"HS256", 5}, mac_sign, mac_signed},
    [KEY_EDDSA] = {{"EdDSA", 5}, pair_sign, pair_signed},
};

Str key_algorithm_name(KeyAlgorithm algorithm)
{
    assert(algorithm < KEY_ALGORITHM_COUNT);
    return ALGORITHMS[algorithm].name;
}

bool key_algorithm_from(Str name, KeyAlgorithm *out)
{
    for (KeyAlgorithm i = 0; i < KEY_ALGORITHM_COUNT; i++) {
        *out = i;
        if (str_equal(ALGORITHMS[i].name, name))
            return true;
    }
    return false;
}

size_t key_sign(const Key *key, Str text, uint8_t out[KEY_SIGNATURE_BYTES_MAX])
{
    return ALGORITHMS[key->algorithm].sign(key, text, out);
}

bool key_signed(const Key *key, Str text, Str signature)
{
    return ALGORITHMS[key->algorithm].has_signed(key, text, signature);
}

/* ---- made */

/* A secret's name: half of what it makes of a text that no token's head begins with. */
static void name_by_secret(Key *key)
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];

    mac_sign(key, STR("nerdx: the name of this secret"), mac);
    char *end = stpcpy(key->id, "hs-");
    hex_print(end, mac, sizeof mac / 2);
}

Err key_from_secret(const char *what, Str secret, Key *out)
{
    if (secret.len < TOKEN_SECRET_BYTES_MIN || secret.len > TOKEN_SECRET_BYTES_MAX)
        return err(INVALID, "%s: %zu bytes, must be %d to %d; for example what `openssl rand -hex 32` prints",
                   what, secret.len, TOKEN_SECRET_BYTES_MIN, TOKEN_SECRET_BYTES_MAX);
    *out = (Key){.algorithm = KEY_HS256};
    crypto_auth_hmacsha256_init(&out->mac, (const uint8_t *)secret.data, secret.len);
    name_by_secret(out);
    return OK;
}

Str key_public_text(const Key *key, Arena *arena)
{
    return base64url_write(arena, (Str){(const char *)key->pair.public_half, sizeof key->pair.public_half});
}

Str key_public_jwk(const Key *key, Arena *arena)
{
    return str_format(arena,
                      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"EdDSA\","
                      "\"x\":\"%.*s\"}",
                      key->id, STR_ARG(key_public_text(key, arena)));
}

/* RFC 7638 with the members that RFC 8037, section 2, names: in this order, and nothing else. */
static void name_by_thumbprint(Key *key)
{
    AUTO_ARENA Arena scratch = {0};
    uint8_t hash[crypto_hash_sha256_BYTES];
    Str members = str_format(&scratch, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%.*s\"}",
                             STR_ARG(key_public_text(key, &scratch)));

    crypto_hash_sha256(hash, (const uint8_t *)members.data, members.len);
    Str name = base64url_write(&scratch, (Str){(const char *)hash, sizeof hash});
    assert(name.len < sizeof key->id);
    memcpy(key->id, name.data, name.len + 1);
}

void key_from_seed(const uint8_t seed[crypto_sign_SEEDBYTES], Key *out)
{
    *out = (Key){.algorithm = KEY_EDDSA};
    (void)crypto_sign_seed_keypair(out->pair.public_half, out->pair.secret_half, seed);
    name_by_thumbprint(out);
}
