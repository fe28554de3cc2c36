#include "services/auth/tokens/base64url.h"

#include <sodium.h>

Str base64url_write(Arena *arena, Str bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = arena_alloc(arena, size);

    sodium_bin2base64(text, size, (const uint8_t *)bytes.data, bytes.len,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (Str){text, size - 1};
}

bool base64url_read(Arena *arena, Str text, Str *bytes)
{
    uint8_t *room = arena_alloc(arena, text.len + 1);

    bytes->data = (const char *)room;
    return sodium_base642bin(room, text.len, text.data, text.len, NULL, &bytes->len, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}
