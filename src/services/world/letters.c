#include "services/world/letters.h"

#include <string.h>

#include "base/utf8.h"
#include "services/world/fold.h"

enum { INITIALS = 0x1100, VOWELS = 0x1161, FINALS = 0x11A7, MAX_JAMO = 3 };

/* Finals and initials that look alike are told apart: 막걸리 and 막거리 differ by one letter either way. */
static size_t take_apart(uint32_t code, uint16_t *out)
{
    uint32_t at = code - HANGUL_FIRST;

    if (!is_syllable(code)) {
        out[0] = (uint16_t)code;
        return 1;
    }
    out[0] = (uint16_t)(INITIALS + at / (HANGUL_VOWELS * HANGUL_FINALS));
    out[1] = (uint16_t)(VOWELS + at / HANGUL_FINALS % HANGUL_VOWELS);
    out[2] = (uint16_t)(FINALS + at % HANGUL_FINALS);
    return at % HANGUL_FINALS == 0 ? 2 : 3;
}

bool letters_of(Str folded, Letters *out)
{
    uint32_t code;

    out->count = 0;
    for (size_t at = 0; utf8_next(folded, &at, &code);) {
        if (out->count + MAX_JAMO > LETTERS_MAX)
            return false;
        out->count += take_apart(code, out->items + out->count);
    }
    return true;
}

static bool same(const uint16_t *a, const uint16_t *b, size_t count)
{
    return memcmp(a, b, count * sizeof(*a)) == 0;
}

bool letters_one_slip_apart(const Letters *a, const Letters *b)
{
    size_t i = 0;

    if (a->count < b->count) {
        const Letters *swap = a;

        a = b;
        b = swap;
    }
    if (a->count - b->count > 1)
        return false;
    while (i < b->count && a->items[i] == b->items[i])
        i++;
    if (a->count > b->count)
        return same(a->items + i + 1, b->items + i, b->count - i);
    if (i == a->count)
        return false;
    if (same(a->items + i + 1, b->items + i + 1, a->count - i - 1))
        return true;
    return i + 1 < a->count && a->items[i] == b->items[i + 1] && a->items[i + 1] == b->items[i] &&
           same(a->items + i + 2, b->items + i + 2, a->count - i - 2);
}

Str letters_key(Arena *arena, const Letters *letters, size_t without)
{
    uint16_t *key = arena_alloc(arena, (letters->count + 1) * sizeof(*key));
    size_t count = 0;

    for (size_t i = 0; i < letters->count; i++)
        if (i != without)
            key[count++] = letters->items[i];
    return (Str){(const char *)key, count * sizeof(*key)};
}
