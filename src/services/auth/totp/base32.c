#include "services/auth/totp/base32.h"

#include "base/buf.h"

enum { DIGIT_BITS = 5, BYTE_BITS = 8, DIGIT_MASK = 31 };

Str base32_write(Arena *arena, Str bytes)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    Buf text = {.arena = arena};
    unsigned held = 0;
    int bits = 0; /* of held that aren't written yet */

    for (size_t i = 0; i < bytes.len; i++) {
        held = held << BYTE_BITS | (uint8_t)bytes.data[i];
        for (bits += BYTE_BITS; bits >= DIGIT_BITS; bits -= DIGIT_BITS)
            buf_put_char(&text, DIGITS[held >> (bits - DIGIT_BITS) & DIGIT_MASK]);
    }
    if (bits > 0)
        buf_put_char(&text, DIGITS[held << (DIGIT_BITS - bits) & DIGIT_MASK]);
    return buf_str(&text);
}
