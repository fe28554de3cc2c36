#include "services/auth/opaque.h"

#include <sodium.h>

#include "base/hex.h"
#include "base/random.h"

enum { SECRET_BYTES = 32 };

Str opaque_new(Arena *arena, const char *prefix)
{
    uint8_t bytes[SECRET_BYTES];

    random_bytes(bytes, sizeof bytes);
    Str digits = hex_text(arena, (Str){(const char *)bytes, sizeof bytes});
    return str_format(arena, "%s%.*s", prefix, STR_ARG(digits));
}

Str opaque_hash(Arena *arena, Str secret)
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    (void)crypto_hash_sha256(hash, (const unsigned char *)secret.data, secret.len);
    return hex_text(arena, (Str){(const char *)hash, sizeof hash});
}
