#include "base/base64url.h"

/* Without a look into memory or a jump that depends on what is written: keys are written so, too. A mask has all bits
 * where the value is in the row, else none. */
static unsigned mask_within(unsigned value, unsigned from, unsigned to)
{
    return ((value - from) >> 31 | (to - value) >> 31) - 1U;
}

static char digit_of(unsigned value)
{
    return (char)((mask_within(value, 0, 25) & (value + 'A')) |
                  (mask_within(value, 26, 51) & (value - 26 + 'a')) |
                  (mask_within(value, 52, 61) & (value - 52 + '0')) | (mask_within(value, 62, 62) & '-') |
                  (mask_within(value, 63, 63) & '_'));
}

/* 64 for what is no digit. */
static unsigned value_of(char digit)
{
    unsigned c = (unsigned char)digit;
    unsigned value = (mask_within(c, 'A', 'Z') & (c - 'A' + 1)) |
                     (mask_within(c, 'a', 'z') & (c - 'a' + 27)) |
                     (mask_within(c, '0', '9') & (c - '0' + 53)) | (mask_within(c, '-', '-') & 63) |
                     (mask_within(c, '_', '_') & 64);

    return value - 1 < 64 ? value - 1 : 64;
}

Str base64url_write(Arena *arena, Str bytes)
{
    char *text = arena_alloc(arena, bytes.len / 3 * 4 + 4);
    size_t len = 0;
    unsigned held = 0, bits = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        held = (held << 8 | (unsigned char)bytes.data[i]) & 0xFFFF;
        for (bits += 8; bits >= 6; bits -= 6)
            text[len++] = digit_of(held >> (bits - 6) & 63);
    }
    if (bits > 0)
        text[len++] = digit_of(held << (6 - bits) & 63);
    text[len] = '\0';
    return (Str){text, len};
}

bool base64url_read(Arena *arena, Str text, Str *bytes)
{
    uint8_t *room = arena_alloc(arena, text.len + 1);
    unsigned held = 0, bits = 0, wrong = 0;

    *bytes = (Str){(const char *)room, 0};
    for (size_t i = 0; i < text.len; i++) {
        unsigned value = value_of(text.data[i]);
        wrong |= value & 64;
        held = (held << 6 | (value & 63)) & 0xFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            room[bytes->len++] = (uint8_t)(held >> bits);
        }
    }
    return wrong == 0 && bits < 6 && (held & ((1U << bits) - 1)) == 0;
}
