#include "services/auth/seal.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "services/auth/tokens/secret.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    MAC = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

_Static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "the cipher's key");

static Err take_secret(uint8_t key[static SEAL_KEY_BYTES], const char *what, Str secret)
{
    if (secret.len < SEAL_KEY_BYTES)
        return err(INVALID, "%s: %zu bytes, must be %d or more", what, secret.len, SEAL_KEY_BYTES);
    (void)crypto_generichash(key, SEAL_KEY_BYTES, (const uint8_t *)secret.data, secret.len,
                             (const uint8_t *)"nerdx seal", sizeof "nerdx seal" - 1);
    return OK;
}

Err seal_init(Seal *seal, Str secret, const char *file)
{
    AUTO_ARENA Arena scratch = {0};

    if (secret.data != NULL)
        return take_secret(seal->key, "auth_key", secret);
    if (file == NULL)
        return err(INVALID, "auth_key: there is none, and no folder where one could be kept");
    TRY(secret_from_file(&scratch, file, &secret));
    Err e = take_secret(seal->key, file, secret);
    explicit_bzero((char *)secret.data, secret.len); /* the scratch arena's */
    return e;
}

Err seal_read_previous(Seal *seal, Str secret)
{
    seal->has_previous = secret.data != NULL;
    return seal->has_previous ? take_secret(seal->previous, "auth_previous_key", secret) : OK;
}

void seal_finish(Seal *seal)
{
    explicit_bzero(seal, sizeof *seal);
}

Str seal_close(const Seal *seal, Arena *arena, Str plain, Str owner)
{
    size_t size = NONCE + plain.len + MAC;
    uint8_t *bytes = arena_alloc(arena, size);

    random_bytes(bytes, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, NULL, (const uint8_t *)plain.data,
                                                     plain.len, (const uint8_t *)owner.data, owner.len, NULL,
                                                     bytes, seal->key);
    return hex_text(arena, (Str){(const char *)bytes, size});
}

static Err foreign(void)
{
    return err_detail(err(UNAVAILABLE, "What is kept of this can't be read here."),
                      "a sealed secret doesn't open: auth_key isn't the one of when it was made");
}

static bool open_by(const uint8_t key[static SEAL_KEY_BYTES], Arena *arena, Str bytes, Str owner, Str *plain)
{
    const uint8_t *data = (const uint8_t *)bytes.data;
    uint8_t *out = arena_alloc(arena, bytes.len);
    unsigned long long len;

    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &len, NULL, data + NONCE, bytes.len - NONCE,
                                                   (const uint8_t *)owner.data, owner.len, data, key) != 0)
        return false;
    *plain = (Str){(const char *)out, (size_t)len};
    return true;
}

static Err open_any(const Seal *seal, Arena *arena, Str sealed, Str owner, Str *plain, bool *is_current)
{
    Str bytes;

    if (!hex_bytes(arena, sealed, &bytes) || bytes.len < NONCE + MAC)
        return foreign();
    *is_current = open_by(seal->key, arena, bytes, owner, plain);
    if (*is_current || (seal->has_previous && open_by(seal->previous, arena, bytes, owner, plain)))
        return OK;
    return foreign();
}

Err seal_open(const Seal *seal, Arena *arena, Str sealed, Str owner, Str *plain)
{
    bool is_current = false;

    return open_any(seal, arena, sealed, owner, plain, &is_current);
}

Err seal_renew(const Seal *seal, Arena *arena, Str sealed, Str owner, Str *renewed)
{
    bool is_current = false;
    Str plain = {0};

    *renewed = (Str){0};
    TRY(open_any(seal, arena, sealed, owner, &plain, &is_current));
    if (!is_current)
        *renewed = seal_close(seal, arena, plain, owner);
    return OK;
}
