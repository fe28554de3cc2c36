#include "services/agents/guards/meanings.h"

#include "base/utf8.h"
#include "services/agents/guards/plain.h"

/* Numbers mean something by their size: ages above all. */
static const struct {
    int64_t most;
    const char *name;
} NUMBERS[] = {{4, "number_few"}, {18, "number_young"}, {99, "number_grown"}, {INT64_MAX, "number_big"}};

enum { NUMBER_KINDS = sizeof NUMBERS / sizeof *NUMBERS, DIGITS_MAX = 9 };

static Err add_name(Meanings *meanings, Str name)
{
    if (meanings->count == MEANINGS_MAX)
        return err(INVALID, "meanings.yaml: more than %d meanings, those of numbers counted", MEANINGS_MAX);
    meanings->names[meanings->count++] = str_copy(meanings->arena, name);
    return OK;
}

/* The word's bytes are copied when it is new. */
static Sense *sense_of(Meanings *meanings, Str word)
{
    uint32_t known = keymap_get(&meanings->words, word);

    if (known == KEYMAP_NONE) {
        ARENA_MORE(meanings->arena, meanings->senses, meanings->sense_count, meanings->sense_capacity, 4096);
        known = (uint32_t)meanings->sense_count++;
        *keymap_place(&meanings->words, str_copy(meanings->arena, word)) = known;
    }
    return &meanings->senses[known];
}

/* Words that begin with the same syllable, or the same two letters, share a place; so may others. */
static size_t start_of(Str text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.data + at;
    size_t left = text.len - at;

    if (!wording_is_latin(text.data[at]))
        return (size_t)(bytes[0] << 12 ^ bytes[1] << 6 ^ bytes[2]) % MEANING_STARTS;
    bool one_letter = left == 1 || !wording_is_latin(text.data[at + 1]);
    return (size_t)(bytes[0] << 5 ^ (one_letter ? ' ' : bytes[1])) % MEANING_STARTS;
}

static Err note_length(Meanings *meanings, const char *name, Str word)
{
    uint8_t *longest = &meanings->longest[start_of(word, 0)];

    if (word.len > UINT8_MAX)
        return err(INVALID, "meanings.yaml: %s: a word has more than %d bytes", name, UINT8_MAX);
    *longest = word.len > *longest ? (uint8_t)word.len : *longest;
    return OK;
}

/* "^word*", written as a text is read. */
static Err add_word(Meanings *meanings, const Letters *letters, const char *name, Str written)
{
    AUTO_ARENA Arena scratch = {0};
    bool at_start = str_starts(written, STR("^")), beginning = str_ends(written, STR("*"));
    Wording word;

    wording_of(&scratch, plain_text(letters, &scratch, written), &word);
    if (word.text.len == 0)
        return err(INVALID, "meanings.yaml: %s: \"%.*s\" has no letter", name, STR_ARG(written));
    Sense *sense = sense_of(meanings, word.text);
    MeaningSet *set = at_start ? sense->at_start : sense->anywhere;
    set[beginning] |= (MeaningSet)1 << (meanings->count - 1);
    return note_length(meanings, name, word.text);
}

static Err add_words(Meanings *meanings, const Letters *letters, const char *name, const json_t *list)
{
    size_t i;
    json_t *word;

    json_array_foreach((json_t *)list, i, word)
    {
        if (!json_is_string(word))
            return err(INVALID, "meanings.yaml: %s: word %zu is no text; put it in quotes", name, i + 1);
        TRY(add_word(meanings, letters, name, json_str(word)));
    }
    return OK;
}

Err meanings_read(const json_t *map, const Letters *letters, Arena *arena, Meanings *out)
{
    const char *name;
    json_t *lists;

    *out = (Meanings){.arena = arena};
    for (size_t i = 0; i < NUMBER_KINDS; i++)
        TRY(add_name(out, str_from(NUMBERS[i].name)));
    json_object_foreach((json_t *)map, name, lists)
    {
        TRY(add_name(out, str_from(name)));
        for (Tongue t = 0; t < TONGUE_COUNT; t++)
            TRY(add_words(out, letters, name, json_object_get(lists, tongue_code(t))));
    }
    return OK;
}

void meanings_finish(Meanings *meanings)
{
    keymap_finish(&meanings->words);
}

size_t meanings_index(const Meanings *meanings, Str name)
{
    for (size_t i = 0; i < meanings->count; i++)
        if (str_equal(meanings->names[i], name))
            return i;
    return MEANINGS_MAX;
}

static MeaningSet meanings_at(const Meanings *meanings, const Wording *wording, size_t start, size_t end)
{
    Str text = wording->text;
    uint32_t found = keymap_get(&meanings->words, str_slice(text, start, end));
    bool within = end < text.len && wording_is_latin(text.data[end - 1]) && wording_is_latin(text.data[end]);

    if (found == KEYMAP_NONE)
        return 0;
    const Sense *sense = &meanings->senses[found];
    MeaningSet set = sense->anywhere[1] | (within ? 0 : sense->anywhere[0]);
    if (wording->begins[start])
        set |= sense->at_start[1] | (within ? 0 : sense->at_start[0]);
    return set;
}

static MeaningSet number_at(Str text, size_t start)
{
    size_t end = start, kind = 0;
    int64_t number = INT64_MAX;

    while (end < text.len && text.data[end] >= '0' && text.data[end] <= '9')
        end++;
    if (end == start)
        return 0;
    if (end - start <= DIGITS_MAX)
        (void)str_to_int(str_slice(text, start, end), &number);
    while (number > NUMBERS[kind].most)
        kind++;
    return (MeaningSet)1 << kind;
}

static MeaningSet meanings_from(const Meanings *meanings, const Wording *wording, size_t start)
{
    Str text = wording->text;
    size_t end = start, longest = meanings->longest[start_of(text, start)];
    size_t last = start + longest < text.len ? start + longest : text.len;
    MeaningSet set = wording->begins[start] ? number_at(text, start) : 0;

    while (end < last) {
        end += utf8_length_at(text, end);
        set |= meanings_at(meanings, wording, start, end);
    }
    return set;
}

MeaningSet meanings_in(const Meanings *meanings, const Wording *wording)
{
    Str text = wording->text;
    MeaningSet set = 0;

    for (size_t at = 0; at < text.len; at += utf8_length_at(text, at))
        if (text.data[at] != ' ' && (wording->begins[at] || !wording_is_latin(text.data[at])))
            set |= meanings_from(meanings, wording, at);
    return set;
}
