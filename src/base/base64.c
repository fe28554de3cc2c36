#include "base/base64.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { GROUP_BYTES = 3, GROUP_DIGITS = 4, DIGIT_BITS = 6, DIGIT_MASK = 63, BYTE_BITS = 8 };

/* The digits of up to three bytes; what is missing is '='. */
static void put_group(char *out, Str bytes)
{
    uint32_t group = 0;

    for (size_t i = 0; i < GROUP_BYTES; i++)
        group = (group << BYTE_BITS) | (i < bytes.len ? (unsigned char)bytes.data[i] : 0U);
    for (size_t i = 0; i < GROUP_DIGITS; i++)
        out[i] = i > bytes.len ? '=' : DIGITS[(group >> (DIGIT_BITS * (GROUP_DIGITS - 1 - i))) & DIGIT_MASK];
}

Str base64_encode(Arena *arena, Str bytes)
{
    size_t groups = (bytes.len + GROUP_BYTES - 1) / GROUP_BYTES;
    char *text = arena_alloc(arena, groups * GROUP_DIGITS + 1);

    for (size_t i = 0; i < groups; i++)
        put_group(text + i * GROUP_DIGITS, str_slice(bytes, i * GROUP_BYTES, (i + 1) * GROUP_BYTES));
    text[groups * GROUP_DIGITS] = '\0';
    return (Str){text, groups * GROUP_DIGITS};
}
