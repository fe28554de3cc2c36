#include "services/world/concepts.h"

#include "base/json.h"
#include "base/keymap.h"
#include "base/memory.h"
#include "base/yaml.h"

struct Concepts {
    Arena text;
    StrIdMap by_word; /* a term or a root -> its place in groups */
    Concept *groups;
    size_t group_count;
    StrIdMap plain;
};

/* What a word is known by: 약해요 as 약하, as 약한 is. */
static Str key_of(const Word *word)
{
    return word->root.data != NULL ? word->root : word->term;
}

static Err read_word(Concepts *concepts, const json_t *value, const char *owner, Word *out)
{
    Str text = json_str(value);
    Words words = analyse(&concepts->text, str_copy(&concepts->text, text));

    if (words.count != 1)
        return err(INVALID, "%s: %.*s: expected a single word", owner, STR_ARG(text));
    *out = words.items[0];
    return OK;
}

static Err place(Concepts *concepts, const Word *word, uint32_t group)
{
    uint32_t before = keymap_get(&concepts->by_word, key_of(word));

    if (before != KEYMAP_NONE && before != group)
        return err(INVALID, "same: %.*s: stands in two lists", STR_ARG(word->surface));
    *keymap_place(&concepts->by_word, key_of(word)) = group;
    return OK;
}

static Err read_group(Concepts *concepts, const json_t *list)
{
    size_t count = json_array_size(list);
    Word *words = arena_array(&concepts->text, Word, count);
    uint32_t at = (uint32_t)concepts->group_count++;

    if (count < 2 || count > CONCEPTS_MOST)
        return err(INVALID, "same: expected lists of 2 to %d words", CONCEPTS_MOST);
    for (size_t i = 0; i < count; i++) {
        TRY(read_word(concepts, json_array_get(list, i), "same", &words[i]));
        TRY(place(concepts, &words[i], at));
    }
    concepts->groups[at] = (Concept){words, count};
    return OK;
}

static Err read_plain(Concepts *concepts, const json_t *list)
{
    Word word = {0};

    for (size_t i = 0; i < json_array_size(list); i++) {
        TRY(read_word(concepts, json_array_get(list, i), "plain", &word));
        *keymap_place(&concepts->plain, key_of(&word)) = 0;
    }
    return OK;
}

static Err read_file(Concepts *concepts, const json_t *file)
{
    const json_t *same = json_object_get(file, "same");
    const json_t *plain = json_object_get(file, "plain");

    if (!json_is_array(same) || !json_is_array(plain))
        return err(INVALID, "expected the lists same and plain");
    concepts->groups = arena_array(&concepts->text, Concept, json_array_size(same));
    for (size_t i = 0; i < json_array_size(same); i++)
        TRY(read_group(concepts, json_array_get(same, i)));
    return read_plain(concepts, plain);
}

Err concepts_read(Str yaml, Concepts **out)
{
    AUTO_JSON json_t *file = NULL;
    Concepts *concepts;
    Err e;

    TRY(yaml_read(yaml, &file));
    concepts = memory_new(Concepts);
    arena_init(&concepts->text);
    e = read_file(concepts, file);
    if (failed(&e)) {
        concepts_destroy(concepts);
        return e;
    }
    *out = concepts;
    return OK;
}

void concepts_destroy(Concepts *concepts)
{
    if (concepts == NULL)
        return;
    keymap_finish(&concepts->by_word);
    keymap_finish(&concepts->plain);
    arena_finish(&concepts->text);
    memory_free(concepts);
}

Concept concepts_of(const Concepts *concepts, const Word *word)
{
    uint32_t at = concepts != NULL ? keymap_get(&concepts->by_word, key_of(word)) : KEYMAP_NONE;

    if (at == KEYMAP_NONE && concepts != NULL)
        at = keymap_get(&concepts->by_word, word->term);
    return at != KEYMAP_NONE ? concepts->groups[at] : (Concept){NULL, 0};
}

bool concepts_is_plain(const Concepts *concepts, const Word *word)
{
    return concepts != NULL && (keymap_get(&concepts->plain, key_of(word)) != KEYMAP_NONE ||
                                keymap_get(&concepts->plain, word->term) != KEYMAP_NONE);
}
