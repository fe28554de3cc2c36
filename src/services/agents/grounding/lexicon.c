#include "services/agents/grounding/lexicon.h"

#include <assert.h>

#include "base/utf8.h"

enum { SYLLABLE_FIRST = 0xAC00, SYLLABLE_LAST = 0xD7A3, UNIT_SYLLABLES = 4 };

Str squeeze(Arena *arena, Str folded)
{
    Buf out;

    buf_init(&out, arena, folded.len + 1);
    for (size_t i = 0; i < folded.len; i++)
        if (folded.data[i] != ' ' && folded.data[i] != '-' && folded.data[i] != '\n')
            buf_put_char(&out, folded.data[i]);
    return buf_str(&out);
}

/* --- reading --- */

static Err wrong(const char *key, const char *wanted)
{
    return err(INVALID, "content/agents/maeju/grounding.yaml: %s must be %s", key, wanted);
}

static Err read_values(const json_t *root, const char *key, StrIdMap *out)
{
    json_t *map = json_object_get(root, key);
    const char *word;
    json_t *value;

    if (!json_is_object(map))
        return wrong(key, "a map of words and whole numbers");
    json_object_foreach(map, word, value)
    {
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) >= KEYMAP_NONE)
            return wrong(key, "a map of words and whole numbers");
        *keymap_place(out, str_from(word)) = (uint32_t)json_integer_value(value);
    }
    return OK;
}

static Err read_set(const json_t *root, const char *key, Arena *arena, StrIdMap *out)
{
    const json_t *list = json_object_get(root, key), *word;
    size_t i;

    if (!json_is_array(list))
        return wrong(key, "a list of words");
    json_array_foreach(list, i, word)
    {
        if (!json_is_string(word))
            return wrong(key, "a list of words");
        *keymap_place(out, text_fold(arena, json_str(word))) = 0;
    }
    return OK;
}

static Err read_texts(const json_t *list, const char *key, Arena *arena, Texts *out)
{
    size_t count = json_array_size(list);
    Str *items = arena_array(arena, Str, count + 1);

    for (size_t i = 0; i < count; i++) {
        items[i] = json_str(json_array_get(list, i));
        if (items[i].data == NULL)
            return wrong(key, "a list of words");
    }
    *out = (Texts){items, count};
    return count > 0 ? OK : wrong(key, "a list of words");
}

static Err read_unit(const json_t *row, Arena *arena, Lexicon *out)
{
    Texts words = {NULL, 0};

    if (out->unit_count == UNITS_MAX)
        return wrong("units", "shorter");
    TRY(read_texts(json_object_get(row, "words"), "units", arena, &words));
    for (size_t i = 0; i < words.count; i++)
        *keymap_place(&out->unit_words, words.items[i]) = (uint32_t)out->unit_count;
    out->units[out->unit_count++] = (UnitKind){
        .loose = json_is_true(json_object_get(row, "loose")),
        .alone = json_is_true(json_object_get(row, "alone")),
    };
    return OK;
}

static Err read_units(const json_t *root, Arena *arena, Lexicon *out)
{
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(root, "units"), i, row) TRY(read_unit(row, arena, out));
    return out->unit_count > 0 ? OK : wrong("units", "a list of kinds with their words");
}

static Err read_names(const json_t *root, Arena *arena, Lexicon *out)
{
    const json_t *list = json_object_get(root, "names");

    out->group_count = json_array_size(list);
    out->groups = arena_array(arena, Texts, out->group_count + 1);
    for (size_t i = 0; i < out->group_count; i++) {
        Texts *group = &out->groups[i];
        TRY(read_texts(json_array_get(list, i), "names", arena, group));
        for (size_t k = 0; k < group->count; k++)
            *keymap_place(&out->names, squeeze(arena, text_fold(arena, group->items[k]))) = (uint32_t)i;
    }
    return out->group_count > 0 ? OK : wrong("names", "a list of names, each a list of its forms");
}

static Err read_surnames(const json_t *people, Lexicon *out)
{
    Str all = json_str(json_object_get(people, "surnames"));

    if (all.len == 0)
        return wrong("people: surnames", "a text of syllables");
    for (size_t at = 0; at < all.len;) {
        Str one = utf8_cut(str_slice(all, at, all.len), 1);
        *keymap_place(&out->surnames, one) = 0;
        at += one.len;
    }
    return OK;
}

typedef struct ValuesRow {
    const char *key;
    StrIdMap *map;
} ValuesRow;

static Err read_numerals(const json_t *root, Lexicon *out)
{
    const json_t *numerals = json_object_get(root, "numerals");
    const ValuesRow rows[] = {{"sino", &out->sino}, {"places", &out->places},   {"tens", &out->tens},
                              {"ones", &out->ones}, {"english", &out->english}, {"ordinals", &out->ordinals}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        TRY(read_values(numerals, rows[i].key, rows[i].map));
    TRY(read_values(root, "vague", &out->vague));
    return read_values(root, "months", &out->months);
}

typedef struct SetRow {
    const json_t *in;
    const char *key;
    StrIdMap *set;
} SetRow;

static Err read_sets(const json_t *root, Arena *arena, Lexicon *out)
{
    const json_t *drinks = json_object_get(root, "drinks"), *people = json_object_get(root, "people");
    const SetRow rows[] = {
        {root, "native_only", &out->native_only}, {root, "tails", &out->tails},
        {root, "name_tails", &out->name_tails},   {root, "common", &out->common},
        {drinks, "unless", &out->drink_unless},   {people, "titles", &out->titles},
        {people, "unless", &out->people_unless},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        TRY(read_set(rows[i].in, rows[i].key, arena, rows[i].set));
    TRY(read_texts(json_object_get(drinks, "endings"), "drinks: endings", arena, &out->drink_endings));
    TRY(read_texts(json_object_get(drinks, "verbs"), "drinks: verbs", arena, &out->drink_verbs));
    return read_surnames(people, out);
}

Err lexicon_read(const json_t *root, Arena *arena, Lexicon *out)
{
    TRY(read_numerals(root, out));
    TRY(read_units(root, arena, out));
    TRY(read_names(root, arena, out));
    return read_sets(root, arena, out);
}

void lexicon_finish(Lexicon *lexicon)
{
    StrIdMap *const maps[] = {
        &lexicon->sino,       &lexicon->places,       &lexicon->tens,       &lexicon->ones,
        &lexicon->english,    &lexicon->ordinals,     &lexicon->vague,      &lexicon->months,
        &lexicon->unit_words, &lexicon->tails,        &lexicon->name_tails, &lexicon->common,
        &lexicon->titles,     &lexicon->drink_unless, &lexicon->surnames,   &lexicon->people_unless,
        &lexicon->names,      &lexicon->native_only,
    };

    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        keymap_finish(maps[i]);
}

/* --- looking up --- */

bool lexicon_has(const StrIdMap *set, Str word)
{
    return keymap_get(set, word) != KEYMAP_NONE;
}

Str hangul_run(Str text)
{
    size_t at = 0, end = 0;
    uint32_t c;

    while (utf8_next(text, &at, &c) && c >= SYLLABLE_FIRST && c <= SYLLABLE_LAST)
        end = at;
    return str_slice(text, 0, end);
}

static bool is_latin(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Str latin_run(Str text)
{
    size_t end = 0;

    while (end < text.len && is_latin(text.data[end]))
        end++;
    return str_slice(text, 0, end);
}

bool lexicon_ends(const Lexicon *lexicon, Str rest)
{
    return rest.len == 0 || lexicon_has(&lexicon->tails, rest);
}

bool lexicon_find_unit(const Lexicon *lexicon, Str run, int *unit, Str *word)
{
    for (size_t syllables = UNIT_SYLLABLES; syllables > 0; syllables--) {
        Str start = utf8_cut(run, syllables);
        uint32_t row = keymap_get(&lexicon->unit_words, start);
        if (row == KEYMAP_NONE || !lexicon_ends(lexicon, str_slice(run, start.len, run.len)))
            continue;
        *unit = (int)row;
        *word = start;
        return true;
    }
    return false;
}
