#include "base/particle.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

enum { SYLLABLE_FIRST = 0xAC00, SYLLABLE_LAST = 0xD7A3, FINALS = 28, FINAL_RIEUL = 8, ACRONYM_MAX = 3 };

static Ending syllable_ending(uint32_t c)
{
    uint32_t final = (c - SYLLABLE_FIRST) % FINALS; /* Unicode, section 3.12: L, V, T in arithmetic order */

    return final == 0 ? OPEN_ENDING : final == FINAL_RIEUL ? RIEUL_ENDING : CLOSED_ENDING;
}

/* 영 일 이 삼 사 오 육 칠 팔 구; a number in zeros ends in 십 백 천 만 억, none of them open. */
static Ending number_ending(Str digits)
{
    static const Ending ENDINGS[] = {CLOSED_ENDING, RIEUL_ENDING,  OPEN_ENDING,  CLOSED_ENDING, OPEN_ENDING,
                                     OPEN_ENDING,   CLOSED_ENDING, RIEUL_ENDING, RIEUL_ENDING,  OPEN_ENDING};
    enum { ZEROS_OF_JO = 12, ZEROS_OF_GYEONG = 16 };
    size_t zeros = 0;

    while (zeros < digits.len && digits.data[digits.len - 1 - zeros] == '0')
        zeros++;
    if (zeros >= ZEROS_OF_JO && zeros < ZEROS_OF_GYEONG && zeros < digits.len)
        return OPEN_ENDING; /* 조 */
    return ENDINGS[digits.data[digits.len - 1] - '0'];
}

/* Letters said one by one: 엘 and 알 end in ㄹ, 엠 and 엔 are closed, all others open. */
static Ending letter_ending(char letter)
{
    switch (toupper((unsigned char)letter)) {
    case 'L':
    case 'R':
        return RIEUL_ENDING;
    case 'M':
    case 'N':
        return CLOSED_ENDING;
    default:
        return OPEN_ENDING;
    }
}

static bool is_vowel(char c)
{
    return c != '\0' && strchr("aeiou", tolower((unsigned char)c)) != NULL;
}

static bool is_acronym(Str word)
{
    bool vowel = false;

    for (size_t i = 0; i < word.len; i++) {
        if (!isupper((unsigned char)word.data[i]))
            return word.len == 1;
        vowel |= is_vowel(word.data[i]);
    }
    return word.len <= ACRONYM_MAX || !vowel;
}

/* By the last written sound; `before` is the letter before it. */
static Ending sound_ending(char last, char before)
{
    switch (last) {
    case 'l':
        return RIEUL_ENDING;
    case 'm':
    case 'n':
        return CLOSED_ENDING;
    case 'g':
        return before == 'n' ? CLOSED_ENDING : OPEN_ENDING;
    default:
        return OPEN_ENDING;
    }
}

/* book, cup, cat, tic: k, p, t, c after one short vowel close the syllable; heart, milk, sheep do not. */
static bool stops_short(Str word)
{
    size_t n = word.len;

    if (n < 2 || strchr("kptc", tolower((unsigned char)word.data[n - 1])) == NULL)
        return false;
    if (word.data[n - 1] == 'k' && word.data[n - 2] == 'c')
        return true;
    if (!is_vowel(word.data[n - 2]))
        return false;
    return n < 3 || !is_vowel(word.data[n - 3]) || str_ends(word, STR("ook"));
}

/* Words as they sound in Korean spelling: wine 와인, apple 애플, signature 시그니처. Rules of thumb from the
 * loanword orthography (외래어 표기법); a name they get wrong can carry its Korean name in the world. */
static Ending word_sound(Str word)
{
    char last = (char)tolower((unsigned char)word.data[word.len - 1]);
    char before = word.len > 1 ? (char)tolower((unsigned char)word.data[word.len - 2]) : '\0';
    char third = word.len > 2 ? (char)tolower((unsigned char)word.data[word.len - 3]) : '\0';

    if (is_acronym(word))
        return letter_ending(word.data[word.len - 1]);
    if (last == 'e' && word.len > 2 && !is_vowel(before))
        return before == 'r' ? OPEN_ENDING : sound_ending(before, third);
    if (stops_short(word))
        return CLOSED_ENDING;
    return sound_ending(last, before);
}

/* The run of characters of one kind that the text ends with. */
static Str last_run(Str text, int (*is_kind)(int))
{
    size_t start = text.len;

    while (start > 0 && is_kind((unsigned char)text.data[start - 1]))
        start--;
    return str_slice(text, start, text.len);
}

static Str without_remark(Str word)
{
    size_t open = word.len;

    if (!str_ends(word, STR(")")))
        return word;
    while (open > 0 && word.data[open - 1] != '(')
        open--;
    return open > 1 ? str_trim(str_slice(word, 0, open - 1)) : str_slice(word, 0, word.len - 1);
}

static Str without_quotes(Str word)
{
    static const char *const MARKS[] = {"\"", "'", "”", "’", "」", "』", "》", "〉", "]", ".", "!", "?", " "};

    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        Str mark = str_from(MARKS[i]);
        if (word.len > mark.len && str_ends(word, mark))
            return without_quotes(str_slice(word, 0, word.len - mark.len));
    }
    return word;
}

/* Unit signs are read as words: kg 킬로그램, % 퍼센트, ℃ 도. */
static bool unit_ending(Str word, Ending *out)
{
    static const struct {
        const char *sign;
        Ending ending;
    } UNITS[] = {{"kg", CLOSED_ENDING}, {"g", CLOSED_ENDING}, {"ml", OPEN_ENDING}, {"mL", OPEN_ENDING},
                 {"L", OPEN_ENDING},    {"cm", OPEN_ENDING},  {"m", OPEN_ENDING}};
    Str unit = last_run(word, isalpha);
    size_t at = word.len - unit.len;

    if (unit.len == 0 || at == 0 ||
        !isdigit(
            (unsigned char)word.data[str_ends(str_slice(word, 0, at), STR(" ")) && at > 1 ? at - 2 : at - 1]))
        return false;
    for (size_t i = 0; i < sizeof UNITS / sizeof *UNITS; i++)
        if (str_equal(unit, str_from(UNITS[i].sign))) {
            *out = UNITS[i].ending;
            return true;
        }
    return false;
}

static uint32_t last_character(Str word)
{
    uint32_t c = 0;
    size_t at = 0;

    while (utf8_next(word, &at, &c))
        continue;
    return c;
}

Ending word_ending(Str word)
{
    Ending ending;
    uint32_t last;

    word = without_quotes(without_remark(without_quotes(str_trim(word))));
    last = last_character(word);
    if (last >= SYLLABLE_FIRST && last <= SYLLABLE_LAST)
        return syllable_ending(last);
    if (unit_ending(word, &ending))
        return ending;
    if (last < 0x80 && isdigit((int)last))
        return number_ending(last_run(word, isdigit));
    if (last < 0x80 && isalpha((int)last))
        return word_sound(last_run(word, isalpha));
    return OPEN_ENDING;
}

/* After a closed syllable, and after an open one; some take ㄹ for an open one. */
static const struct {
    const char *closed;
    const char *open;
    bool open_after_rieul;
} PARTICLES[] = {
    {"은", "는"},
    {"이", "가"},
    {"을", "를"},
    {"과", "와"},
    {"으로", "로", .open_after_rieul = true},
    {"아", "야"},
    {"이나", "나"},
    {"이라", "라"},
    {"이랑", "랑"},
    {"이에요", "예요"},
    {"이라는", "라는"},
    {"이라고", "라고"},
    {"이라면", "라면"},
    {"이랍니다", "랍니다"},
};

Str particle_after(Str word, Str particle)
{
    Ending ending = word_ending(word);

    for (size_t i = 0; i < sizeof PARTICLES / sizeof *PARTICLES; i++)
        if (str_equal(particle, str_from(PARTICLES[i].closed)) &&
            (ending == OPEN_ENDING || (ending == RIEUL_ENDING && PARTICLES[i].open_after_rieul)))
            return str_from(PARTICLES[i].open);
    return particle;
}
