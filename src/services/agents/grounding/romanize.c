#include "services/agents/grounding/romanize.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "services/agents/grounding/lexicon.h"

enum {
    SYLLABLE_FIRST = 0xAC00,
    SYLLABLE_LAST = 0xD7A3,
    VOWELS = 21,
    FINALS = 28,
    WORD_SYLLABLES = 8,
    LONGEST = 64
};

static const char *const INITIAL[] = {"g",  "kk", "n", "d",  "tt", "r", "m", "b", "pp", "s",
                                      "ss", "",   "j", "jj", "ch", "k", "t", "p", "h"};
static const char *const VOWEL[VOWELS] = {"a",  "ae", "ya", "yae", "eo", "e",  "yeo", "ye", "o",  "wa", "wae",
                                          "oe", "yo", "u",  "wo",  "we", "wi", "yu",  "eu", "ui", "i"};
static const char *const FINAL[FINALS] = {"",  "k",  "k", "k", "n", "n", "n", "t", "l", "k",
                                          "m", "l",  "l", "l", "p", "l", "m", "p", "p", "t",
                                          "t", "ng", "t", "t", "k", "t", "p", "t"};

/* Sounds that spellings tell apart in different ways. */
static char loosen(char c)
{
    static const char PAIRS[][2] = {{'k', 'g'}, {'t', 'd'}, {'p', 'b'}, {'r', 'l'}};

    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        if (c == PAIRS[i][0])
            return PAIRS[i][1];
    return c;
}

/* A letter after the others: doubled ones are one, "ch" is "j". */
static void put_letter(Buf *out, char c)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '\0';

    c = loosen(c);
    if (c == 'h' && last == 'c')
        out->data[out->len - 1] = 'j';
    else if (c != last)
        buf_put_char(out, c);
}

static void put_letters(Buf *out, const char *letters)
{
    for (; *letters != '\0'; letters++)
        put_letter(out, *letters);
}

/* ㄹ after another consonant than ㄴ and ㄹ is said, and by the rules written, as ㄴ: 감홍로 is Gamhongno. Many don't. */
static bool is_assimilated(const Buf *out, uint32_t initial)
{
    enum { INITIAL_RIEUL = 5 };
    char last = out->len > 0 ? out->data[out->len - 1] : '\0';

    return initial == INITIAL_RIEUL && (last == 'm' || last == 'g' || last == 'b');
}

static void put_syllable(Buf *out, uint32_t c, bool as_said)
{
    uint32_t at = c - SYLLABLE_FIRST, initial = at / (VOWELS * FINALS);

    put_letters(out, as_said && is_assimilated(out, initial) ? "n" : INITIAL[initial]);
    put_letters(out, VOWEL[at / FINALS % VOWELS]);
    put_letters(out, FINAL[at % FINALS]);
}

static void put_character(Buf *out, uint32_t c)
{
    if (c >= SYLLABLE_FIRST && c <= SYLLABLE_LAST)
        put_syllable(out, c, false);
    else if (c >= 'A' && c <= 'Z')
        put_letter(out, (char)(c - 'A' + 'a'));
    else if (c >= 'a' && c <= 'z')
        put_letter(out, (char)c);
}

Str romanize(Arena *arena, Str text)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    buf_init(&out, arena, text.len + 1);
    while (utf8_next(text, &at, &c))
        put_character(&out, c);
    return buf_str(&out);
}

/* A start of the run of two syllables or more that sounds so. */
static bool run_begins(Buf *scratch, Str run, Str romanized, bool as_said)
{
    size_t at = 0;
    uint32_t c;

    scratch->len = 0;
    for (size_t syllables = 1; utf8_next(run, &at, &c) && syllables <= WORD_SYLLABLES; syllables++) {
        put_syllable(scratch, c, as_said);
        if (syllables >= 2 && scratch->len == romanized.len && str_equal(buf_str(scratch), romanized))
            return true;
        if (scratch->len > romanized.len)
            return false;
    }
    return false;
}

bool romanized_occurs(Arena *arena, Str text, Str romanized)
{
    Buf scratch;

    buf_init(&scratch, arena, LONGEST);
    for (size_t at = 0; at < text.len;) {
        Str run = hangul_run(str_slice(text, at, text.len));
        if (run.len > 0 &&
            (run_begins(&scratch, run, romanized, false) || run_begins(&scratch, run, romanized, true)))
            return true;
        at += run.len > 0 ? run.len : utf8_cut(str_slice(text, at, text.len), 1).len;
    }
    return false;
}
