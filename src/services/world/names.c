#include "services/world/names.h"

#include <assert.h>

#include "base/buf.h"
#include "base/keymap.h"
#include "base/memory.h"
#include "services/world/letters.h"

/* Shorter words are too often one slip from another real word. */
enum { SHORTEST_LATIN = 5, SHORTEST_JAMO = 5 };

typedef struct Name {
    uint32_t *entities;
    size_t count;
} Name;

/* A word of some name, and the next one with the same deletion. */
typedef struct NameWord {
    Letters letters;
    Str plain;
    Str term;
} NameWord;

typedef struct Deletion {
    uint32_t word;
    uint32_t next;
} Deletion;

struct Names {
    Arena text;
    StrIdMap by_key; /* the name without blanks -> its place in names */
    Name *names;
    size_t name_count;
    StrIdMap known_words;
    NameWord *words;
    size_t word_count;
    StrIdMap by_deletion; /* letters but one -> first of its deletions */
    Deletion *deletions;
    size_t deletion_count;
};

Names *names_create(void)
{
    Names *names = memory_new(Names);

    arena_init(&names->text);
    return names;
}

void names_destroy(Names *names)
{
    if (names == NULL)
        return;
    for (size_t i = 0; i < names->name_count; i++)
        memory_free(names->names[i].entities);
    memory_free(names->names);
    memory_free(names->words);
    memory_free(names->deletions);
    keymap_finish(&names->by_key);
    keymap_finish(&names->known_words);
    keymap_finish(&names->by_deletion);
    arena_finish(&names->text);
    memory_free(names);
}

/* Grows by doubling: there is room when count is no power of two. */
static void *room_for_one(void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return items;
    return memory_grow(items, count > 0 ? count * 2 : 1, size);
}

static Str key_of(Arena *arena, const Word *words, size_t count)
{
    Buf buf = {.arena = arena};

    for (size_t i = 0; i < count; i++)
        buf_put(&buf, words[i].term);
    return buf_str(&buf);
}

static void add_deletion(Names *names, Str key, uint32_t word)
{
    uint32_t *first = keymap_place(&names->by_deletion, key);

    names->deletions = room_for_one(names->deletions, names->deletion_count, sizeof(Deletion));
    names->deletions[names->deletion_count] = (Deletion){word, *first};
    *first = (uint32_t)names->deletion_count++;
}

static size_t shortest(const Word *word)
{
    return word->is_hangul ? SHORTEST_JAMO : SHORTEST_LATIN;
}

static void add_word(Names *names, const Word *word)
{
    NameWord entry = {0};
    uint32_t *known;

    if (word->is_common || !letters_of(word->plain, &entry.letters) || entry.letters.count < shortest(word))
        return;
    entry.plain = str_copy(&names->text, word->plain);
    entry.term = str_copy(&names->text, word->term);
    known = keymap_place(&names->known_words, entry.plain);
    if (*known != KEYMAP_NONE)
        return;
    *known = (uint32_t)names->word_count;
    names->words = room_for_one(names->words, names->word_count, sizeof(NameWord));
    names->words[names->word_count] = entry;
    for (size_t i = 0; i <= entry.letters.count; i++) {
        size_t without = i < entry.letters.count ? i : LETTERS_MAX;

        add_deletion(names, letters_key(&names->text, &entry.letters, without), (uint32_t)names->word_count);
    }
    names->word_count++;
}

void names_add(Names *names, uint32_t entity, Words words)
{
    Str key = key_of(&names->text, words.items, words.count);
    uint32_t *place;
    Name *name;

    if (key.len == 0)
        return;
    for (size_t i = 0; i < words.count; i++)
        add_word(names, &words.items[i]);
    place = keymap_place(&names->by_key, key);
    if (*place == KEYMAP_NONE) {
        *place = (uint32_t)names->name_count;
        names->names = room_for_one(names->names, names->name_count, sizeof(Name));
        names->names[names->name_count++] = (Name){0};
    }
    name = &names->names[*place];
    if (name->count > 0 && name->entities[name->count - 1] == entity)
        return;
    name->entities = room_for_one(name->entities, name->count, sizeof(uint32_t));
    name->entities[name->count++] = entity;
}

/* The longest name that begins at the word. */
static bool find_at(const Names *names, Arena *arena, Words question, size_t first, NameMatch *out)
{
    size_t left = question.count - first;

    for (size_t count = left < NAME_MAX_WORDS ? left : NAME_MAX_WORDS; count > 0; count--) {
        uint32_t at = keymap_get(&names->by_key, key_of(arena, question.items + first, count));

        if (at == KEYMAP_NONE)
            continue;
        *out = (NameMatch){first, count, names->names[at].entities, names->names[at].count};
        return true;
    }
    return false;
}

size_t names_find(const Names *names, Arena *arena, Words question, NameMatch **out)
{
    size_t count = 0;

    *out = arena_array(arena, NameMatch, question.count);
    for (size_t i = 0; i < question.count;) {
        if (find_at(names, arena, question, i, &(*out)[count]))
            i += (*out)[count++].count;
        else
            i++;
    }
    return count;
}

/* Among several, the first in the order of text: the same answer however the names came in. */
static void consider(const Names *names, const Letters *letters, Str key, const NameWord **best)
{
    for (uint32_t i = keymap_get(&names->by_deletion, key); i != KEYMAP_NONE; i = names->deletions[i].next) {
        const NameWord *word = &names->words[names->deletions[i].word];

        if (letters_one_slip_apart(letters, &word->letters) &&
            (*best == NULL || str_compare(word->plain, (*best)->plain) < 0))
            *best = word;
    }
}

Str names_correct(const Names *names, Arena *arena, const Word *word)
{
    const NameWord *best = NULL;
    Letters letters;

    if (!letters_of(word->plain, &letters) || letters.count < shortest(word))
        return (Str){0};
    for (size_t i = 0; i <= letters.count; i++)
        consider(names, &letters, letters_key(arena, &letters, i < letters.count ? i : LETTERS_MAX), &best);
    return best != NULL ? best->term : (Str){0};
}
