#include "services/world/numerals.h"

#include <stddef.h>

enum { SYLLABLE = 3 }; /* bytes of a Hangul syllable in UTF-8 */

static const struct {
    const char *word;
    unsigned value;
} WHOLE[] = {
    {"ten", 10},     {"eleven", 11},    {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15},
    {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},
    {"forty", 40},   {"fifty", 50},     {"sixty", 60},    {"seventy", 70},  {"eighty", 80},   {"ninety", 90},
    {"열두", 12},    {"열여섯", 16},    {"스무", 20},     {"마흔", 40},
};

static const char *const DIGITS[] = {"일", "이", "삼", "사", "오", "육", "칠", "팔", "구"};

static const char *const UNITS[] = {"percent", "도", "도짜리", "퍼센트", "퍼센트짜리", "프로", "프로짜리"};

/* 1 to 9, or 0. */
static unsigned digit_of(Str syllable)
{
    for (unsigned i = 0; i < sizeof(DIGITS) / sizeof(DIGITS[0]); i++)
        if (str_equal(syllable, str_from(DIGITS[i])))
            return i + 1;
    return 0;
}

/* 십육, 사십, 사십오: [tens] 십 [ones]. */
static unsigned sino_korean(Str word)
{
    size_t at = 0;
    unsigned tens = 1;
    unsigned ones = 0;

    if (word.len < 2 * SYLLABLE || word.len > 3 * SYLLABLE)
        return 0;
    if (!str_starts(word, STR("십"))) {
        tens = digit_of(str_slice(word, 0, SYLLABLE));
        at = SYLLABLE;
    }
    if (tens == 0 || !str_starts(str_slice(word, at, word.len), STR("십")))
        return 0;
    at += SYLLABLE;
    if (at < word.len && (ones = digit_of(str_slice(word, at, word.len))) == 0)
        return 0;
    return 10 * tens + ones;
}

unsigned numeral_of(Str word)
{
    for (size_t i = 0; i < sizeof(WHOLE) / sizeof(WHOLE[0]); i++)
        if (str_equal(word, str_from(WHOLE[i].word)))
            return WHOLE[i].value;
    return sino_korean(word);
}

bool numeral_is_unit(Str word)
{
    for (size_t i = 0; i < sizeof(UNITS) / sizeof(UNITS[0]); i++)
        if (str_equal(word, str_from(UNITS[i])))
            return true;
    return false;
}
