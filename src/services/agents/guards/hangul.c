#include "base/buf.h"
#include "base/utf8.h"
#include "services/agents/guards/plain.h"

enum {
    LETTER_FIRST = 0x3131, /* ㄱ */
    VOWEL_FIRST = 0x314F,  /* ㅏ */
    VOWEL_LAST = 0x3163,   /* ㅣ */
    LEADS = 0x1100,
    VOWELS = 21,
    TAILS = 28,
    SYLLABLES = 0xAC00,
    SYLLABLE_LAST = 0xD7A3,
    LAUGHING_K = 24, /* ㅋ as a final consonant */
    LAUGHING_H = 27, /* ㅎ */
};

/* For each compatibility consonant, ㄱ to ㅎ: its place among leading consonants and among final ones, 0 = none there.
 * Both count from 1. */
static const struct {
    unsigned char lead;
    unsigned char tail;
} CONSONANTS[] = {
    {1, 1},   {2, 2},   {0, 3},   {3, 4},   {0, 5},  {0, 6},   {4, 7},   {5, 0},   {6, 8},   {0, 9},
    {0, 10},  {0, 11},  {0, 12},  {0, 13},  {0, 14}, {0, 15},  {7, 16},  {8, 17},  {9, 0},   {0, 18},
    {10, 19}, {11, 20}, {12, 21}, {13, 22}, {14, 0}, {15, 23}, {16, 24}, {17, 25}, {18, 26}, {19, 27},
};

static bool is_consonant(uint32_t c)
{
    return c >= LETTER_FIRST && c < VOWEL_FIRST;
}

static bool is_vowel(uint32_t c)
{
    return c >= VOWEL_FIRST && c <= VOWEL_LAST;
}

static uint32_t peek(Str text, size_t at)
{
    uint32_t c = 0;

    return utf8_next(text, &at, &c) ? c : 0;
}

/* A consonant ends a syllable when it can, and no vowel follows that it would lead. */
static uint32_t take_tail(Str text, size_t *at)
{
    size_t behind = *at;
    uint32_t c = 0;

    if (!utf8_next(text, &behind, &c) || !is_consonant(c) || CONSONANTS[c - LETTER_FIRST].tail == 0 ||
        (is_vowel(peek(text, behind)) && CONSONANTS[c - LETTER_FIRST].lead > 0))
        return 0;
    *at = behind;
    return CONSONANTS[c - LETTER_FIRST].tail;
}

/* The letters from a first one on: a syllable, or a space for letters that make none. */
static uint32_t take_syllable(Str text, uint32_t first, size_t *at)
{
    uint32_t lead = is_consonant(first) ? CONSONANTS[first - LETTER_FIRST].lead : 0, vowel = peek(text, *at);
    uint32_t c;

    if (lead == 0 || !is_vowel(vowel))
        return ' ';
    (void)utf8_next(text, at, &c);
    return SYLLABLES + ((lead - 1) * VOWELS + (vowel - VOWEL_FIRST)) * TAILS + take_tail(text, at);
}

/* A syllable without a final consonant takes one that stands alone behind it: "시스테ㅁ". Laughter ends none. */
static uint32_t close_syllable(Str text, uint32_t syllable, size_t *at)
{
    size_t behind = *at;
    uint32_t tail = (syllable - SYLLABLES) % TAILS == 0 ? take_tail(text, &behind) : 0;

    if (tail == 0 || tail == LAUGHING_K || tail == LAUGHING_H || is_consonant(peek(text, behind)))
        return syllable;
    *at = behind;
    return syllable + tail;
}

Str hangul_assemble(Arena *arena, Str text)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    buf_init(&out, arena, text.len + 4);
    while (utf8_next(text, &at, &c)) {
        if (is_consonant(c) || is_vowel(c))
            c = take_syllable(text, c, &at);
        else if (c >= SYLLABLES && c <= SYLLABLE_LAST)
            c = close_syllable(text, c, &at);
        out.len += utf8_encode(c, buf_reserve(&out, 4));
    }
    return buf_str(&out);
}
