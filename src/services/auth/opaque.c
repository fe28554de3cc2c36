#include "services/auth/opaque.h"

#include <sodium.h>

#include "base/hex.h"
#include "base/random.h"

enum { SECRET_BYTES = 32 };

Str opaque_new(Arena *arena, const char *prefix)
{
    uint8_t bytes[SECRET_BYTES];
    char digits[2 * SECRET_BYTES + 1];

    random_bytes(bytes, sizeof bytes);
    (void)hex_print(digits, bytes, sizeof bytes);
    return str_format(arena, "%s%s", prefix, digits);
}

Str opaque_hash(Arena *arena, Str secret)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    char *digits = arena_alloc(arena, 2 * sizeof hash + 1);

    (void)crypto_hash_sha256(hash, (const unsigned char *)secret.data, secret.len);
    (void)hex_print(digits, hash, sizeof hash);
    return (Str){digits, 2 * sizeof hash};
}
