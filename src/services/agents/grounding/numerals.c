#include "services/agents/grounding/numerals.h"

#include "base/utf8.h"

enum { TEN = 10, HUNDRED = 100, TEN_THOUSAND = 10000, GROUP_DIGITS = 3, NATIVE_SYLLABLES = 2 };

static Str rest_at(Str text, size_t at)
{
    return str_slice(text, at, text.len);
}

static bool is_digit(Str text, size_t at)
{
    return at < text.len && text.data[at] >= '0' && text.data[at] <= '9';
}

/* "1,000": a comma before exactly three digits belongs to the number. */
static bool groups_at(Str text, size_t at)
{
    size_t digits = 0;

    if (at >= text.len || text.data[at] != ',')
        return false;
    while (is_digit(text, at + 1 + digits))
        digits++;
    return digits == GROUP_DIGITS;
}

static size_t read_digits(Str text, double *value)
{
    double scale = 1;
    size_t at = 0;

    for (*value = 0; is_digit(text, at) || (at > 0 && groups_at(text, at)); at++)
        if (text.data[at] != ',')
            *value = *value * 10.0 + (text.data[at] - '0');
    if (at == 0 || at >= text.len || text.data[at] != '.' || !is_digit(text, at + 1))
        return at;
    for (at++; is_digit(text, at); at++) {
        scale /= 10.0;
        *value += scale * (text.data[at] - '0');
    }
    return at;
}

/* A number by places: what stands before 십, 백, 천 is multiplied, what stands before 만, 억 as a whole. */
typedef struct Sum {
    double total;
    double section;
    double pending;
    bool has_pending;
    bool has_place;
} Sum;

static void add_place(Sum *sum, double place)
{
    double times = sum->has_pending ? sum->pending : 1;

    if (place < (double)TEN_THOUSAND) {
        sum->section += times * place;
    } else {
        double below = sum->section + (sum->has_pending ? sum->pending : 0);
        sum->total += (below > 0 ? below : 1) * place;
        sum->section = 0;
    }
    sum->has_pending = false;
    sum->pending = 0;
    sum->has_place = true;
}

/* One digit, run of digits or place; 0 when the number is over. */
static size_t read_part(const Lexicon *lexicon, Str text, Sum *sum)
{
    Str syllable = utf8_cut(text, 1);
    uint32_t place = keymap_get(&lexicon->places, syllable), digit = keymap_get(&lexicon->sino, syllable);
    double value;
    size_t len = is_digit(text, 0) ? read_digits(text, &value) : 0;

    if (place != KEYMAP_NONE) {
        add_place(sum, place);
        return syllable.len;
    }
    if (sum->has_pending || (len == 0 && digit == KEYMAP_NONE))
        return 0;
    sum->pending = len > 0 ? value : digit;
    sum->has_pending = true;
    return len > 0 ? len : syllable.len;
}

size_t numeral_mixed(const Lexicon *lexicon, Str text, double *value, bool *has_place)
{
    Sum sum = {0};
    size_t at = 0, len;

    for (;;) {
        size_t gap = at > 0 && !sum.has_pending && sum.has_place && at < text.len && text.data[at] == ' ' &&
                     is_digit(text, at + 1); /* "3만 5천" */
        Sum before = sum;
        len = read_part(lexicon, rest_at(text, at + gap), &sum);
        if (len == 0) {
            sum = before;
            break;
        }
        at += gap + len;
    }
    *value = sum.total + sum.section + sum.pending;
    if (has_place != NULL)
        *has_place = sum.has_place;
    return at;
}

/* The longest of the words that the text begins with. */
static size_t longest(const StrIdMap *words, Str text, size_t syllables, uint32_t *value)
{
    Str run = hangul_run(text);

    for (; syllables > 0; syllables--) {
        Str start = utf8_cut(run, syllables);
        *value = keymap_get(words, start);
        if (*value != KEYMAP_NONE)
            return start.len;
    }
    *value = 0;
    return 0;
}

size_t numeral_native(const Lexicon *lexicon, Str text, double *value)
{
    uint32_t tens, ones;
    size_t len = longest(&lexicon->tens, text, NATIVE_SYLLABLES, &tens);

    len += longest(&lexicon->ones, rest_at(text, len), NATIVE_SYLLABLES, &ones);
    *value = (double)tens + ones;
    return len;
}

/* --- English --- */

/* What joins two words of one number: a blank, a hyphen, " and ". */
static size_t joint(Str text)
{
    if (str_starts(text, STR(" and ")))
        return 5;
    return text.len > 0 && (text.data[0] == ' ' || text.data[0] == '-');
}

static bool multiplies(uint32_t value)
{
    return value == HUNDRED || (value >= HUNDRED * TEN && value % (HUNDRED * TEN) == 0);
}

/* "five hundred thousand six": a thousand takes all that stands before it. */
static void add_word(Sum *sum, uint32_t value)
{
    if (value == HUNDRED) {
        sum->section = (sum->section > 0 ? sum->section : 1) * (double)HUNDRED;
    } else if (multiplies(value)) {
        sum->total += (sum->section > 0 ? sum->section : 1) * value;
        sum->section = 0;
    } else {
        sum->section += value;
    }
}

/* Whether two words stand for one number: "twenty one", "two hundred", but not "two three". */
static bool goes_on(uint32_t before, uint32_t value)
{
    return multiplies(value) || multiplies(before) || (before >= 2 * TEN && before < HUNDRED && value < TEN);
}

size_t numeral_english(const Lexicon *lexicon, Str text, double *value)
{
    Sum sum = {0};
    uint32_t before = KEYMAP_NONE;
    size_t at = str_starts(text, STR("a hundred")) || str_starts(text, STR("a thousand")) ? 2 : 0, end = 0;

    for (;;) {
        Str word = latin_run(rest_at(text, at));
        uint32_t ordinal = keymap_get(&lexicon->ordinals, word);
        uint32_t number = ordinal != KEYMAP_NONE ? ordinal : keymap_get(&lexicon->english, word);
        if (number == KEYMAP_NONE || (before != KEYMAP_NONE && !goes_on(before, number)))
            break;
        add_word(&sum, number);
        before = number;
        end = at + word.len;
        size_t gap = joint(rest_at(text, end));
        if (ordinal != KEYMAP_NONE || gap == 0)
            break;
        at = end + gap;
    }
    *value = sum.total + sum.section;
    return end;
}
