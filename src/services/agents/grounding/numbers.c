#include "services/agents/grounding/numbers.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "services/agents/grounding/numerals.h"

enum { FIRST_CAPACITY = 16 };

static const double LOOSE_MAX = 5;                       /* "three things" */
static const double WORD_CLAIM_MIN = 10;                 /* English words below it are often no numbers */
static const double VAGUE_SPAN = 10;                     /* hundreds are less than a thousand */
static const double DATE_FIRST = 1000, DATE_LAST = 2100; /* a number of years that is likely to be a year */

static Str rest_at(Str text, size_t at)
{
    return str_slice(text, at, text.len);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void add(Arena *arena, Numbers *numbers, Number number)
{
    ARENA_MORE(arena, numbers->items, numbers->count, numbers->capacity, FIRST_CAPACITY);
    numbers->items[numbers->count++] = number;
}

/* --- units --- */

/* A sign, or a Latin word that isn't the start of a longer one. */
static bool find_short_unit(const Lexicon *lexicon, Str rest, int *unit, Str *word)
{
    Str latin = latin_run(rest);
    Str start = latin.len > 0 ? latin : utf8_cut(rest, 1);
    uint32_t row = keymap_get(&lexicon->unit_words, start);

    if (row == KEYMAP_NONE)
        return false;
    *unit = (int)row;
    *word = start;
    return true;
}

/* The unit after a number, which one blank or hyphen may part from it. Returns how much of the text it takes. */
static size_t read_unit_word(const Lexicon *lexicon, Str rest, int *unit, Str *word)
{
    size_t gap = rest.len > 0 && (rest.data[0] == ' ' || rest.data[0] == '-');
    Str after = rest_at(rest, gap), run = hangul_run(after);

    *unit = UNIT_NONE;
    if (run.len > 0 ? !lexicon_find_unit(lexicon, run, unit, word)
                    : !find_short_unit(lexicon, after, unit, word))
        return 0;
    return gap + word->len;
}

static size_t read_unit(const Lexicon *lexicon, Str rest, int *unit)
{
    Str word;

    return read_unit_word(lexicon, rest, unit, &word);
}

static bool is_loose(const Lexicon *lexicon, const Number *number)
{
    return number->unit != UNIT_NONE && lexicon->units[number->unit].loose && number->value <= LOOSE_MAX;
}

/* --- what begins at a place of the text; each returns how much of it the number takes, 0 when there is none --- */

typedef struct Reading {
    const Lexicon *lexicon;
    bool of_evidence;
} Reading;

/* "19th", "1930s" */
static size_t skip_ending(Str rest)
{
    static const char *const ENDINGS[] = {"st", "nd", "rd", "th", "s"};
    Str run = latin_run(rest);

    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++)
        if (str_equal(run, str_from(ENDINGS[i])))
            return run.len;
    return 0;
}

static bool read_digits(const Reading *reading, Str rest, Number *out)
{
    size_t len = numeral_mixed(reading->lexicon, rest, &out->value, NULL);

    if (len == 0)
        return false;
    len += skip_ending(rest_at(rest, len));
    len += read_unit(reading->lexicon, rest_at(rest, len), &out->unit);
    out->text = str_slice(rest, 0, len);
    return reading->of_evidence || !is_loose(reading->lexicon, out);
}

/* "오백 년", "열두 번": only with a unit. */
static bool read_korean(const Reading *reading, Str rest, Number *out)
{
    const Lexicon *lexicon = reading->lexicon;
    bool has_place = false, is_native = false;
    Str unit;
    size_t len = numeral_mixed(lexicon, rest, &out->value, &has_place);

    if (len == 0) {
        len = numeral_native(lexicon, rest, &out->value);
        is_native = len > 0;
    }
    size_t unit_len = len > 0 ? read_unit_word(lexicon, rest_at(rest, len), &out->unit, &unit) : 0;
    if (unit_len == 0 || (!is_native && lexicon_has(&lexicon->native_only, unit)))
        return false;
    out->text = str_slice(rest, 0, len + unit_len);
    if (!is_native && !has_place)
        return lexicon->units[out->unit].alone && rest.data[len] != ' ';
    return reading->of_evidence || (out->value >= 2 && !is_loose(lexicon, out));
}

static bool read_vague(const Reading *reading, Str rest, Number *out)
{
    Str latin = latin_run(rest), word = latin.len > 0 ? latin : utf8_cut(rest, 2);
    uint32_t value = keymap_get(&reading->lexicon->vague, word);

    if (value == KEYMAP_NONE)
        return false;
    *out = (Number){.value = value, .unit = UNIT_NONE, .is_vague = true, .text = word};
    Str after = rest_at(rest, word.len);
    (void)read_unit(reading->lexicon, str_starts(after, STR(" of ")) ? rest_at(after, 3) : after, &out->unit);
    return true;
}

static bool read_month(const Reading *reading, Str rest, Number *out)
{
    Str word = latin_run(rest);
    uint32_t value = keymap_get(&reading->lexicon->months, word);
    uint32_t unit = keymap_get(&reading->lexicon->unit_words, STR("월"));

    if (value == KEYMAP_NONE || unit == KEYMAP_NONE)
        return false;
    *out = (Number){.value = value, .unit = (int)unit, .text = word};
    return true;
}

/* "twelve", "five hundred years", "the nineteenth century"; small ones only with a unit, for "one" and "second" are words. */
static bool read_english(const Reading *reading, Str rest, Number *out)
{
    const Lexicon *lexicon = reading->lexicon;
    size_t len = numeral_english(lexicon, rest, &out->value);

    if (len == 0)
        return false;
    size_t unit_len = read_unit(lexicon, rest_at(rest, len), &out->unit);
    uint32_t own_unit = keymap_get(&lexicon->unit_words, str_slice(rest, 0, len)); /* "twice" */
    if (unit_len == 0 && own_unit != KEYMAP_NONE)
        out->unit = (int)own_unit;
    out->text = str_slice(rest, 0, len + unit_len);
    if (reading->of_evidence || out->value >= WORD_CLAIM_MIN)
        return true;
    return out->value >= 2 && out->unit != UNIT_NONE && !is_loose(lexicon, out);
}

/* --- a text --- */

typedef bool (*ReadFn)(const Reading *reading, Str rest, Number *out);

static bool read_any(const Reading *reading, Str rest, Number *out)
{
    static const ReadFn DIGITS[] = {read_digits, NULL};
    static const ReadFn LATIN[] = {read_vague, read_month, read_english, NULL};
    static const ReadFn HANGUL[] = {read_vague, read_korean, NULL};
    const ReadFn *ways = is_digit(rest.data[0]) ? DIGITS : latin_run(rest).len > 0 ? LATIN : HANGUL;

    for (; *ways != NULL; ways++) {
        *out = (Number){.unit = UNIT_NONE};
        if ((*ways)(reading, rest, out))
            return true;
    }
    return false;
}

/* How much is passed over where there is no number: a word, as one inside a word is none ("nerd12", "소나무"). */
static size_t skip(Str rest)
{
    size_t at = 0;

    while (at < rest.len && (latin_run(rest_at(rest, at)).len > 0 || is_digit(rest.data[at])))
        at++;
    if (at == 0)
        at = hangul_run(rest).len;
    return at > 0 ? at : utf8_cut(rest, 1).len;
}

void numbers_read(const Lexicon *lexicon, Arena *arena, Str folded, bool of_evidence, Numbers *out)
{
    const Reading reading = {lexicon, of_evidence};
    Number number;

    for (size_t at = 0; at < folded.len;) {
        Str rest = rest_at(folded, at);
        bool found = read_any(&reading, rest, &number);
        if (found)
            add(arena, out, number);
        at += found && number.text.len > 0 ? number.text.len : skip(rest);
    }
}

Numbers numbers_copy(Arena *arena, const Numbers *numbers)
{
    Number *items = arena_array(arena, Number, numbers->count + 1);

    if (numbers->count > 0)
        memcpy(items, numbers->items, numbers->count * sizeof *items);
    for (size_t i = 0; i < numbers->count; i++)
        items[i].text = (Str){NULL, 0};
    return (Numbers){items, numbers->count, numbers->count};
}

/* A number of that size, of the same things; but not the year that something happened in. */
static bool says_about(const Number *evidence, const Number *claim)
{
    bool is_date = evidence->value >= DATE_FIRST && evidence->value <= DATE_LAST;
    bool same_kind = evidence->unit == claim->unit || claim->unit == UNIT_NONE;

    if (evidence->is_vague)
        return same_kind && fabs(evidence->value - claim->value) < 1e-9;
    return same_kind && !is_date && evidence->value >= claim->value &&
           evidence->value < claim->value * VAGUE_SPAN;
}

static bool says(const Number *evidence, const Number *claim)
{
    bool same_kind = evidence->unit == claim->unit || evidence->unit == UNIT_NONE || claim->unit == UNIT_NONE;

    if (claim->is_vague)
        return says_about(evidence, claim);
    return same_kind && !evidence->is_vague && fabs(evidence->value - claim->value) < 1e-9;
}

bool numbers_have(const Numbers *numbers, const Number *claim)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (says(&numbers->items[i], claim))
            return true;
    return false;
}
