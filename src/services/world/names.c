#include "services/world/names.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/memory.h"
#include "services/world/dead.h"
#include "services/world/index.h"
#include "base/keymap.h"
#include "services/world/letters.h"
#include "services/world/sound.h"

/* Shorter words are too often one slip from another real word. */
enum { SHORTEST_LATIN = 5, SHORTEST_JAMO = 5 };

/* Who has a name, or a name with a word. Grows by doubling: there is room when the count is no power of two. */
typedef struct Owners {
    uint32_t *entities; /* ascending */
    size_t count;
} Owners;

/* A word of some name. */
typedef struct NameWord {
    Str plain;
    Str term;
    Owners owners;
} NameWord;

/* What a word is with one letter less, or how it sounds; two words may share the hash without sharing that. */
typedef struct Deletion {
    uint32_t hash;
    uint32_t word;
} Deletion;

struct Names {
    Arena text;
    StrIdMap by_key; /* the name without blanks -> its place in owners */
    Owners *owners;
    size_t name_count;
    StrIdMap by_plain;
    NameWord *words;
    size_t word_count;
    Deletion *deletions; /* once sealed: by hash, then word */
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
        memory_free(names->owners[i].entities);
    for (size_t i = 0; i < names->word_count; i++)
        memory_free(names->words[i].owners.entities);
    memory_free(names->owners);
    memory_free(names->words);
    memory_free(names->deletions);
    keymap_finish(&names->by_key);
    keymap_finish(&names->by_plain);
    arena_finish(&names->text);
    memory_free(names);
}

static void *room_for_one(void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return items;
    return memory_grow(items, count > 0 ? count * 2 : 1, size);
}

static void add_owner(Owners *owners, uint32_t entity)
{
    if (owners->count > 0 && owners->entities[owners->count - 1] == entity)
        return;
    assert(owners->count == 0 || owners->entities[owners->count - 1] < entity);
    owners->entities = room_for_one(owners->entities, owners->count, sizeof(uint32_t));
    owners->entities[owners->count++] = entity;
}

static Str key_of(Arena *arena, const Word *words, size_t count)
{
    Buf buf = {.arena = arena};

    for (size_t i = 0; i < count; i++)
        buf_put(&buf, words[i].term);
    return buf_str(&buf);
}

static Owners *owners_of_key(Names *names, Str key)
{
    uint32_t at = keymap_get(&names->by_key, key);

    if (at != KEYMAP_NONE)
        return &names->owners[at];
    *keymap_place(&names->by_key, str_copy(&names->text, key)) = (uint32_t)names->name_count;
    names->owners = room_for_one(names->owners, names->name_count, sizeof(Owners));
    names->owners[names->name_count] = (Owners){0};
    return &names->owners[names->name_count++];
}

static Owners *owners_of_word(Names *names, Str plain, Str term)
{
    uint32_t at = keymap_get(&names->by_plain, plain);

    if (at != KEYMAP_NONE)
        return &names->words[at].owners;
    names->words = room_for_one(names->words, names->word_count, sizeof(NameWord));
    names->words[names->word_count] =
        (NameWord){.plain = str_copy(&names->text, plain), .term = str_copy(&names->text, term)};
    *keymap_place(&names->by_plain, names->words[names->word_count].plain) = (uint32_t)names->word_count;
    return &names->words[names->word_count++].owners;
}

/* May the word be somebody's slip, or what somebody meant? */
static bool can_slip(const Word *word, Letters *letters)
{
    size_t shortest = word->is_hangul ? SHORTEST_JAMO : SHORTEST_LATIN;

    return letters_of(word->plain, letters) && letters->count >= shortest;
}

void names_add(Names *names, uint32_t entity, Words words)
{
    AUTO_ARENA Arena scratch = {0};
    Letters letters;
    Str key;

    arena_init(&scratch);
    key = key_of(&scratch, words.items, words.count);
    if (key.len == 0)
        return;
    add_owner(owners_of_key(names, key), entity);
    for (size_t i = 0; i < words.count; i++)
        if (!words.items[i].is_common && can_slip(&words.items[i], &letters))
            add_owner(owners_of_word(names, words.items[i].plain, words.items[i].term), entity);
}

static bool is_kept(const Owners *owners, const uint32_t *became)
{
    for (size_t i = 0; i < owners->count; i++)
        if (became[owners->entities[i]] != INDEX_GONE)
            return true;
    return false;
}

static void merge_owners(Owners *owners, const Owners *other, const uint32_t *became)
{
    for (size_t i = 0; i < other->count; i++)
        if (became[other->entities[i]] != INDEX_GONE)
            add_owner(owners, became[other->entities[i]]);
}

void names_merge(Names *names, const Names *other, const uint32_t *became)
{
    for (size_t i = 0; i < other->by_key.capacity; i++) {
        const StrIdSlot *slot = &other->by_key.slots[i];

        if (slot->key.data != NULL && is_kept(&other->owners[slot->value], became))
            merge_owners(owners_of_key(names, slot->key), &other->owners[slot->value], became);
    }
    for (size_t i = 0; i < other->word_count; i++) {
        const NameWord *word = &other->words[i];

        if (is_kept(&word->owners, became))
            merge_owners(owners_of_word(names, word->plain, word->term), &word->owners, became);
    }
}

static uint32_t short_hash(Str text)
{
    uint64_t hash = str_hash(text);

    return (uint32_t)(hash ^ (hash >> 32));
}

static uint32_t hash_without(Arena *arena, const Letters *letters, size_t without)
{
    return short_hash(letters_key(arena, letters, without));
}

/* The i-th of letters->count + 1 ways to leave at most one letter out. */
static size_t left_out(const Letters *letters, size_t i)
{
    return i < letters->count ? i : LETTERS_MAX;
}

static int compare_deletions(const void *a, const void *b)
{
    const Deletion *left = a;
    const Deletion *right = b;

    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    return (left->word > right->word) - (left->word < right->word);
}

static void add_deletion(Names *names, uint32_t hash, size_t word)
{
    names->deletions = room_for_one(names->deletions, names->deletion_count, sizeof(Deletion));
    names->deletions[names->deletion_count++] = (Deletion){hash, (uint32_t)word};
}

void names_seal(Names *names)
{
    AUTO_ARENA Arena scratch = {0};
    Letters letters;
    Str sound;

    arena_init(&scratch);
    for (size_t w = 0; w < names->word_count; w++) {
        letters_of(names->words[w].plain, &letters);
        for (size_t i = 0; i <= letters.count; i++)
            add_deletion(names, hash_without(&scratch, &letters, left_out(&letters, i)), w);
        sound = sound_of(&scratch, names->words[w].plain);
        if (sound.data != NULL)
            add_deletion(names, short_hash(sound), w);
        arena_reset(&scratch);
    }
    if (names->deletion_count > 0)
        qsort(names->deletions, names->deletion_count, sizeof(Deletion), compare_deletions);
}

static size_t count_alive(const Owners *owners, const uint64_t *dead)
{
    size_t alive = 0;

    for (size_t i = 0; i < owners->count; i++)
        alive += is_dead(dead, owners->entities[i]) ? 0 : 1;
    return alive;
}

/* Everyone alive who is called that, or NULL. */
static const Owners *called(const NamesPart *part, Str key)
{
    uint32_t at = keymap_get(&part->names->by_key, key);

    return at != KEYMAP_NONE ? &part->names->owners[at] : NULL;
}

static size_t everyone_called(NamesParts parts, Arena *arena, Str key, const uint32_t **out)
{
    uint32_t *entities;
    size_t count = 0;

    for (size_t i = 0; i < parts.count; i++) {
        const Owners *owners = called(&parts.items[i], key);

        count += owners != NULL ? count_alive(owners, parts.items[i].dead) : 0;
    }
    if (count == 0)
        return 0;
    *out = entities = arena_array(arena, uint32_t, count);
    for (size_t i = 0; i < parts.count; i++) {
        const Owners *owners = called(&parts.items[i], key);

        for (size_t o = 0; owners != NULL && o < owners->count; o++)
            if (!is_dead(parts.items[i].dead, owners->entities[o]))
                *entities++ = parts.items[i].first + owners->entities[o];
    }
    return count;
}

/* The longest name that begins at the word. */
static bool find_at(NamesParts parts, Arena *arena, Words question, size_t first, NameMatch *out)
{
    size_t left = question.count - first;

    for (size_t count = left < NAME_MAX_WORDS ? left : NAME_MAX_WORDS; count > 0; count--) {
        Str key = key_of(arena, question.items + first, count);

        *out = (NameMatch){.first = first, .count = count};
        out->entity_count = everyone_called(parts, arena, key, &out->entities);
        if (out->entity_count > 0)
            return true;
    }
    return false;
}

size_t names_find(NamesParts parts, Arena *arena, Words question, NameMatch **out)
{
    size_t count = 0;

    *out = arena_array(arena, NameMatch, question.count);
    for (size_t i = 0; i < question.count;) {
        if (find_at(parts, arena, question, i, &(*out)[count]))
            i += (*out)[count++].count;
        else
            i++;
    }
    return count;
}

static size_t first_deletion(const Names *names, uint32_t hash)
{
    size_t low = 0;
    size_t high = names->deletion_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (names->deletions[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What a word of a name must be: a slip away, or sounding so. */
typedef struct Sought {
    Arena *arena;
    const Letters *letters; /* NULL = the sound counts */
    Str sound;
} Sought;

static bool fits(const Sought *sought, Str plain)
{
    Letters known;

    if (sought->letters == NULL) {
        Str sound = sound_of(sought->arena, plain);
        return sound.data != NULL && str_equal(sound, sought->sound);
    }
    letters_of(plain, &known);
    return letters_one_slip_apart(sought->letters, &known);
}

/* Among several, the first in the order of text: the same answer however the names came in. */
static void consider(const NamesPart *part, const Sought *sought, uint32_t hash, const NameWord **best)
{
    const Names *names = part->names;

    for (size_t i = first_deletion(names, hash);
         i < names->deletion_count && names->deletions[i].hash == hash; i++) {
        const NameWord *word = &names->words[names->deletions[i].word];

        if ((*best == NULL || str_compare(word->plain, (*best)->plain) < 0) && fits(sought, word->plain) &&
            count_alive(&word->owners, part->dead) > 0)
            *best = word;
    }
}

Str names_sounding(NamesParts parts, Arena *arena, const Word *word)
{
    Sought sought = {.arena = arena, .sound = sound_of(arena, word->plain)};
    const NameWord *best = NULL;

    for (size_t p = 0; sought.sound.data != NULL && p < parts.count; p++)
        consider(&parts.items[p], &sought, short_hash(sought.sound), &best);
    return best != NULL ? best->term : (Str){0};
}

Str names_correct(NamesParts parts, Arena *arena, const Word *word)
{
    const NameWord *best = NULL;
    Letters letters;
    Sought sought = {.arena = arena, .letters = &letters};

    if (!can_slip(word, &letters))
        return (Str){0};
    for (size_t i = 0; i <= letters.count; i++) {
        uint32_t hash = hash_without(arena, &letters, left_out(&letters, i));

        for (size_t p = 0; p < parts.count; p++)
            consider(&parts.items[p], &sought, hash, &best);
    }
    return best != NULL ? best->term : (Str){0};
}
