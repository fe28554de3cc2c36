#include "services/auth/tokens/key.h"

#include <assert.h>
#include <string.h>

#include "base/hex.h"
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

/* ---- by algorithm */

typedef struct Algorithm {
    Str name;
    size_t (*sign)(const Key *key, Str text, uint8_t *out);
    bool (*has_signed)(const Key *key, Str text, Str signature);
} Algorithm;

static const Algorithm ALGORITHMS[KEY_ALGORITHM_COUNT] = {
    [KEY_HS256] = {{"HS256", 5}, mac_sign, mac_signed},
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
