#include "services/world/fold.h"

#include <assert.h>

#include "base/utf8.h"

enum { JAMO_L = 0x1100, JAMO_V = 0x1161, JAMO_T = 0x11A7, JAMO_L_COUNT = 19 };

/* The letters of U+00C0..U+017F without their accents; '-' where there is no letter. */
static const char PLAIN[] = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnn"
                            "oooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
_Static_assert(sizeof(PLAIN) - 1 == 0x180 - 0xC0, "one letter a code point");

static uint32_t plain(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        code -= 0xFF01 - '!';
    if (code >= 'A' && code <= 'Z')
        return code + ('a' - 'A');
    if (code >= 0xC0 && code < 0x180)
        return (uint32_t)PLAIN[code - 0xC0];
    if (code == 0x2019)
        return '\'';
    return code;
}

static Script script_of(uint32_t code)
{
    if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9'))
        return SCRIPT_LATIN;
    if (is_syllable(code) || (code >= 0x3131 && code <= 0x318E))
        return SCRIPT_HANGUL;
    if ((code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
        (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x3041 && code <= 0x30FF))
        return SCRIPT_HAN;
    if (code >= 0x180 && code < 0x2000 && !(code >= JAMO_L && code <= 0x11FF))
        return SCRIPT_LATIN;
    return SCRIPT_NONE;
}

static bool is_combining_mark(uint32_t code)
{
    return code >= 0x300 && code <= 0x36F;
}

/* Joins a jamo to the character before it; false when the two don't make a syllable. */
static bool compose(Folded *before, uint32_t code)
{
    if (before->code >= JAMO_L && before->code < JAMO_L + JAMO_L_COUNT && code >= JAMO_V &&
        code < JAMO_V + HANGUL_VOWELS) {
        before->code =
            HANGUL_FIRST + ((before->code - JAMO_L) * HANGUL_VOWELS + (code - JAMO_V)) * HANGUL_FINALS;
        before->script = SCRIPT_HANGUL;
        return true;
    }
    if (is_syllable(before->code) && hangul_final(before->code) == 0 && code > JAMO_T &&
        code < JAMO_T + HANGUL_FINALS) {
        before->code += code - JAMO_T;
        return true;
    }
    return false;
}

Folded *fold_text(Arena *arena, Str text, size_t *count)
{
    Folded *folded = arena_alloc(arena, (text.len + 1) * sizeof(*folded));
    size_t n = 0;

    assert(text.len < UINT32_MAX);
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t code;

        utf8_next(text, &at, &code);
        if (n > 0 && (is_combining_mark(code) || compose(&folded[n - 1], code))) {
            folded[n - 1].end = (uint32_t)at;
            continue;
        }
        code = plain(code);
        folded[n++] = (Folded){code, script_of(code), (uint32_t)start, (uint32_t)at};
    }
    *count = n;
    return folded;
}

Str folded_text(Arena *arena, const Folded *from, size_t count)
{
    char *text = arena_alloc(arena, count * 4);
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += utf8_encode(from[i].code, text + len);
    return (Str){text, len};
}

bool is_digit(const Folded *f)
{
    return f->code >= '0' && f->code <= '9';
}
