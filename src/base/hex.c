#include "base/hex.h"

#include <string.h>

/* Both digits of each byte. */
#define SIXTEEN(high)                                                                                       \
    high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" high "8" high "9" high "a" high \
         "b" high "c" high "d" high "e" high "f"
static const char DIGITS[] = SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4") SIXTEEN("5")
    SIXTEEN("6") SIXTEEN("7") SIXTEEN("8") SIXTEEN("9") SIXTEEN("a") SIXTEEN("b") SIXTEEN("c") SIXTEEN("d")
        SIXTEEN("e") SIXTEEN("f");

char *hex_print(char *out, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++, out += 2)
        memcpy(out, DIGITS + (size_t)2 * bytes[i], 2);
    *out = '\0';
    return out;
}

Str hex_text(Arena *arena, Str bytes)
{
    char *digits = arena_alloc(arena, 2 * bytes.len + 1);

    (void)hex_print(digits, (const uint8_t *)bytes.data, bytes.len);
    return (Str){digits, 2 * bytes.len};
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(const char *text, uint8_t *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool hex_bytes(Arena *arena, Str digits, Str *out)
{
    uint8_t *bytes = arena_alloc(arena, digits.len / 2 + 1);

    *out = (Str){(const char *)bytes, digits.len / 2};
    return digits.len % 2 == 0 && hex_parse(digits.data, bytes, out->len);
}
