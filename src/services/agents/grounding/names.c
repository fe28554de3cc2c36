#include "services/agents/grounding/names.h"

#include <ctype.h>

#include "base/utf8.h"
#include "services/agents/grounding/romanize.h"

enum {
    NAME_SYLLABLES = 6,
    NAME_SYLLABLES_MIN = 2,
    DRINK_SYLLABLES_MIN = 3,
    PERSON_SYLLABLES = 3,
    TITLE_MAX = 40
};

static const Str NONE = {NULL, 0};

static Str rest_at(Str text, size_t at)
{
    return str_slice(text, at, text.len);
}

/* --- what may be rested on --- */

static bool occurs(const Evidence *evidence, Str form)
{
    Str squeezed = squeeze(evidence->arena, text_fold(evidence->arena, form));

    for (size_t i = 0; i < evidence->grounds->count; i++)
        if (str_find(evidence->grounds->items[i].squeezed, squeezed, 0) != SIZE_MAX)
            return true;
    return false;
}

/* A name that has other forms is there when one of them is. */
static bool group_occurs(const Evidence *evidence, uint32_t group)
{
    const Texts *forms = &evidence->lexicon->groups[group];

    for (size_t i = 0; i < forms->count; i++)
        if (occurs(evidence, forms->items[i]))
            return true;
    return false;
}

/* --- Latin letters --- */

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '\'' || c == '-';
}

/* Letters and digits, hyphens and apostrophes between them. */
static Str word_at(Str text, size_t at)
{
    size_t end = at;

    while (end < text.len && is_word_byte(text.data[end]))
        end++;
    while (end > at && !isalnum((unsigned char)text.data[end - 1]))
        end--;
    return str_slice(text, at, end);
}

typedef struct Shape {
    bool has_letter;
    bool has_digit;
    bool starts_high; /* with a capital */
    bool has_high;    /* a capital further on */
} Shape;

static Shape shape_of(Str word)
{
    Shape shape = {.starts_high = isupper((unsigned char)word.data[0]) != 0};

    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.data[i];
        shape.has_letter = shape.has_letter || isalpha(c);
        shape.has_digit = shape.has_digit || isdigit(c);
        shape.has_high = shape.has_high || (i > 0 && isupper(c));
    }
    return shape;
}

static Str without_ending(Str word)
{
    if (str_ends(word, STR("'s")))
        return str_slice(word, 0, word.len - 2);
    return word;
}

/* At the start of a sentence every word has a capital: there only what can be nothing else is a name. */
static bool is_name(const Evidence *evidence, Str word, bool first)
{
    Shape shape = shape_of(word);
    Str folded = text_fold(evidence->arena, word);

    if (lexicon_has(&evidence->lexicon->months, folded))
        return false; /* a number */
    if (!shape.has_letter || isdigit((unsigned char)word.data[0]) ||
        lexicon_has(&evidence->lexicon->common, folded))
        return false;
    if (lexicon_has(&evidence->lexicon->names, squeeze(evidence->arena, folded)))
        return shape.starts_high;
    return shape.has_digit || shape.has_high || (shape.starts_high && !first && word.len > 1);
}

static bool is_mentioned(const Evidence *evidence, Str word)
{
    for (size_t i = 0; i < evidence->grounds->count; i++)
        if (text_mentions(evidence->arena, evidence->grounds->items[i].folded, word))
            return true;
    return false;
}

static bool sounds_like_one(const Evidence *evidence, Str word)
{
    Str romanized = romanize(evidence->arena, word);

    for (size_t i = 0; i < evidence->grounds->count; i++)
        if (romanized_occurs(evidence->arena, evidence->grounds->items[i].folded, romanized))
            return true;
    return false;
}

static bool latin_occurs(const Evidence *evidence, Str word)
{
    Str folded = text_fold(evidence->arena, word);
    uint32_t group = keymap_get(&evidence->lexicon->names, squeeze(evidence->arena, folded));

    if (is_mentioned(evidence, word) || (group != KEYMAP_NONE && group_occurs(evidence, group)))
        return true;
    if (shape_of(word).has_digit || str_find(word, STR("-"), 0) != SIZE_MAX)
        if (occurs(evidence, word))
            return true;
    if (str_ends(folded, STR("s")) && is_mentioned(evidence, str_slice(word, 0, word.len - 1)))
        return true;
    return sounds_like_one(evidence, word);
}

Str names_missing_latin(const Evidence *evidence, Str sentence)
{
    bool first = true;

    for (size_t at = 0; at < sentence.len;) {
        Str word = isalnum((unsigned char)sentence.data[at]) ? word_at(sentence, at) : NONE;
        Str name = without_ending(word);
        if (word.len > 0 && is_name(evidence, name, first) && !latin_occurs(evidence, name))
            return name;
        first = word.len > 0 ? false : first || sentence.data[at] == ':';
        at += word.len > 0 ? word.len : 1;
    }
    return NONE;
}

/* --- Hangul --- */

static bool is_number(const Numbers *numbers, Str run)
{
    for (size_t i = 0; i < numbers->count; i++) {
        const char *start = numbers->items[i].text.data;
        if (run.data >= start && run.data < start + numbers->items[i].text.len)
            return true;
    }
    return false;
}

/* "이천시에서": a name, what may stand after a name, a particle. */
static bool ends_name(const Lexicon *lexicon, Str rest)
{
    if (lexicon_ends(lexicon, rest))
        return true;
    for (size_t syllables = NAME_SYLLABLES_MIN; syllables > 0; syllables--) {
        Str tail = utf8_cut(rest, syllables);
        if (lexicon_has(&lexicon->name_tails, tail) && lexicon_ends(lexicon, rest_at(rest, tail.len)))
            return true;
    }
    return false;
}

/* The longest name that the run begins with. */
static uint32_t find_name(const Lexicon *lexicon, Str run, Str *name)
{
    for (size_t syllables = NAME_SYLLABLES; syllables >= NAME_SYLLABLES_MIN; syllables--) {
        *name = utf8_cut(run, syllables);
        uint32_t group = keymap_get(&lexicon->names, *name);
        if (group != KEYMAP_NONE && ends_name(lexicon, rest_at(run, name->len)))
            return group;
    }
    return KEYMAP_NONE;
}

static bool ends_in(Texts endings, Str word)
{
    for (size_t i = 0; i < endings.count; i++)
        if (str_ends(word, endings.items[i]))
            return true;
    return false;
}

/* The part of a run that names a drink, without its particle; absent when none does. */
static Str find_drink(const Lexicon *lexicon, Str run)
{
    for (size_t syllables = utf8_count(run); syllables >= DRINK_SYLLABLES_MIN; syllables--) {
        Str word = utf8_cut(run, syllables);
        if (!ends_in(lexicon->drink_endings, word) || !lexicon_ends(lexicon, rest_at(run, word.len)))
            continue;
        bool is_other = ends_in(lexicon->drink_verbs, word);
        for (size_t at = 0; at < word.len && !is_other; at += utf8_cut(rest_at(word, at), 1).len)
            is_other = lexicon_has(&lexicon->drink_unless, rest_at(word, at));
        return is_other ? NONE : word;
    }
    return NONE;
}

/* "김정희 명인": the word before a title. */
static bool is_person(const Lexicon *lexicon, Str run, Str after)
{
    Str gap = str_slice(after, 0, 1), next = hangul_run(rest_at(after, gap.len));

    if (utf8_count(run) != PERSON_SYLLABLES || !str_equal(gap, STR(" ")) ||
        lexicon_has(&lexicon->people_unless, run) || !lexicon_has(&lexicon->surnames, utf8_cut(run, 1)))
        return false;
    for (size_t syllables = utf8_count(next); syllables > 0; syllables--) {
        Str title = utf8_cut(next, syllables);
        if (lexicon_has(&lexicon->titles, title) && lexicon_ends(lexicon, rest_at(next, title.len)))
            return true;
    }
    return false;
}

static Str missing_in_run(const Evidence *evidence, Str run, Str after)
{
    const Lexicon *lexicon = evidence->lexicon;
    Str name;
    uint32_t group = find_name(lexicon, run, &name);

    if (group != KEYMAP_NONE && !group_occurs(evidence, group))
        return name;
    Str drink = group == KEYMAP_NONE ? find_drink(lexicon, run) : NONE;
    if (drink.len > 0 && !occurs(evidence, drink))
        return drink;
    return is_person(lexicon, run, after) && !occurs(evidence, run) ? run : NONE;
}

Str names_missing_hangul(const Evidence *evidence, Str folded, const Numbers *numbers)
{
    for (size_t at = 0; at < folded.len;) {
        Str run = hangul_run(rest_at(folded, at));
        if (run.len == 0) {
            at += utf8_cut(rest_at(folded, at), 1).len;
            continue;
        }
        at += run.len;
        Str missing = is_number(numbers, run) ? NONE : missing_in_run(evidence, run, rest_at(folded, at));
        if (missing.len > 0)
            return missing;
    }
    return NONE;
}

/* --- titles of books and stories --- */

Str names_missing_titles(const Evidence *evidence, Str sentence)
{
    static const char *const MARKS[][2] = {{"『", "』"}, {"「", "」"}, {"《", "》"}, {"〈", "〉"}};

    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++) {
        Str opens = str_from(MARKS[i][0]);
        for (size_t at = str_find(sentence, opens, 0); at != SIZE_MAX;
             at = str_find(sentence, opens, at + 1)) {
            size_t end = str_find(sentence, str_from(MARKS[i][1]), at);
            Str title = str_slice(sentence, at + opens.len, end == SIZE_MAX ? sentence.len : end);
            if (utf8_count(title) <= TITLE_MAX && !occurs(evidence, title))
                return title;
        }
    }
    return NONE;
}
