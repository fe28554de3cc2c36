#include "services/world/recommend/likes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 1024 };

struct LikesDeed {
    uint32_t person;
    uint32_t item;
    float score;
    int64_t at_us;
};

void likes_init(Likes *likes)
{
    *likes = (Likes){0};
    arena_init(&likes->text);
}

void likes_finish(Likes *likes)
{
    keymap_finish(&likes->by_person);
    keymap_finish(&likes->by_item);
    memory_free(likes->people);
    memory_free(likes->items);
    memory_free(likes->first);
    memory_free(likes->likes);
    memory_free(likes->deeds);
    arena_finish(&likes->text);
    *likes = (Likes){0};
}

/* The number of a key, new ones from 0 up. */
static uint32_t number_of(Arena *text, StrIdMap *map, Str **keys, size_t *count, Str key)
{
    uint32_t known = keymap_get(map, key);
    Str kept;

    if (known != KEYMAP_NONE)
        return known;
    kept = str_copy(text, key);
    if (*count == 0 || (*count >= FIRST_CAPACITY && (*count & (*count - 1)) == 0))
        *keys = memory_grow(*keys, *count == 0 ? FIRST_CAPACITY : 2 * *count, sizeof(Str));
    (*keys)[*count] = kept;
    *keymap_place(map, kept) = (uint32_t)*count;
    return (uint32_t)(*count)++;
}

void likes_add(Likes *likes, Str person, Str item, double score, int64_t at_us)
{
    LikesDeed deed = {.score = (float)score, .at_us = at_us};

    assert(likes->first == NULL);
    deed.person = number_of(&likes->text, &likes->by_person, &likes->people, &likes->people_count, person);
    deed.item = number_of(&likes->text, &likes->by_item, &likes->items, &likes->item_count, item);
    if (likes->deed_count == likes->deed_capacity) {
        likes->deed_capacity = likes->deed_capacity > 0 ? likes->deed_capacity * 2 : FIRST_CAPACITY;
        likes->deeds = memory_grow(likes->deeds, likes->deed_capacity, sizeof(LikesDeed));
    }
    likes->deeds[likes->deed_count++] = deed;
}

typedef struct Named {
    Str key;
    uint32_t number;
} Named;

static int by_key(const void *a, const void *b)
{
    return str_compare(((const Named *)a)->key, ((const Named *)b)->key);
}

/* Sorts the keys and renumbers the map; the new number of each old one. */
static uint32_t *renumber(Str *keys, size_t count, StrIdMap *map)
{
    Named *named = memory_alloc((count + 1) * sizeof(Named));
    uint32_t *renumbered = memory_alloc((count + 1) * sizeof(uint32_t));

    for (size_t i = 0; i < count; i++)
        named[i] = (Named){keys[i], (uint32_t)i};
    if (count > 0)
        qsort(named, count, sizeof(Named), by_key);
    for (size_t i = 0; i < count; i++) {
        keys[i] = named[i].key;
        renumbered[named[i].number] = (uint32_t)i;
        *keymap_place(map, named[i].key) = (uint32_t)i;
    }
    memory_free(named);
    return renumbered;
}

static int by_person_and_item(const void *a, const void *b)
{
    const LikesDeed *left = a;
    const LikesDeed *right = b;

    if (left->person != right->person)
        return left->person < right->person ? -1 : 1;
    return (left->item > right->item) - (left->item < right->item);
}

static float clamp(float score)
{
    return score < -1 ? -1 : score > 1 ? 1 : score;
}

/* Joins what one person did with one item; the deeds are sorted. */
static size_t join(LikesDeed *deeds, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        LikesDeed *last = kept > 0 ? &deeds[kept - 1] : NULL;

        if (last == NULL || last->person != deeds[i].person || last->item != deeds[i].item) {
            deeds[kept++] = deeds[i];
            continue;
        }
        last->score += deeds[i].score;
        last->at_us = last->at_us > deeds[i].at_us ? last->at_us : deeds[i].at_us;
    }
    return kept;
}

typedef struct Moment {
    int64_t at_us;
    size_t place;
} Moment;

static int newest_first(const void *a, const void *b)
{
    const Moment *left = a;
    const Moment *right = b;

    if (left->at_us != right->at_us)
        return left->at_us > right->at_us ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

void likes_rank(Like *likes, const int64_t *at_us, size_t count)
{
    Moment *moments = memory_alloc((count + 1) * sizeof(Moment));
    size_t newer = 0;

    for (size_t i = 0; i < count; i++)
        moments[i] = (Moment){at_us[i], i};
    if (count > 0)
        qsort(moments, count, sizeof(Moment), newest_first);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && moments[i].at_us != moments[i - 1].at_us)
            newer = i;
        likes[moments[i].place].newer = (uint32_t)newer;
    }
    memory_free(moments);
}

/* The deeds, in order, become the rows. */
static void write_rows(Likes *likes, const LikesDeed *deeds, size_t count)
{
    int64_t *moments = memory_alloc((count + 1) * sizeof(int64_t));

    likes->first = memory_zalloc((likes->people_count + 1) * sizeof(size_t));
    likes->likes = memory_alloc((count + 1) * sizeof(Like));
    for (size_t i = 0; i < count; i++) {
        likes->first[deeds[i].person + 1]++;
        likes->likes[i] = (Like){.item = deeds[i].item, .score = clamp(deeds[i].score)};
        moments[i] = deeds[i].at_us;
    }
    for (size_t p = 0; p < likes->people_count; p++) {
        likes->first[p + 1] += likes->first[p];
        likes_rank(likes->likes + likes->first[p], moments + likes->first[p],
                   likes->first[p + 1] - likes->first[p]);
    }
    memory_free(moments);
}

void likes_seal(Likes *likes)
{
    uint32_t *people = renumber(likes->people, likes->people_count, &likes->by_person);
    uint32_t *items = renumber(likes->items, likes->item_count, &likes->by_item);

    for (size_t i = 0; i < likes->deed_count; i++) {
        likes->deeds[i].person = people[likes->deeds[i].person];
        likes->deeds[i].item = items[likes->deeds[i].item];
    }
    if (likes->deed_count > 0)
        qsort(likes->deeds, likes->deed_count, sizeof(LikesDeed), by_person_and_item);
    write_rows(likes, likes->deeds, join(likes->deeds, likes->deed_count));
    memory_free(likes->deeds);
    likes->deeds = NULL;
    likes->deed_count = likes->deed_capacity = 0;
    memory_free(people);
    memory_free(items);
}

void likes_forget_people(Likes *likes)
{
    keymap_finish(&likes->by_person);
    memory_free(likes->people);
    memory_free(likes->first);
    memory_free(likes->likes);
    likes->people = NULL;
    likes->first = NULL;
    likes->likes = NULL;
    likes->people_count = 0;
}

uint32_t *likes_popularity(const Likes *likes)
{
    uint32_t *out = memory_zalloc((likes->item_count + 1) * sizeof(uint32_t));

    for (size_t i = 0; i < likes->first[likes->people_count]; i++)
        out[likes->likes[i].item] += likes->likes[i].score > 0;
    return out;
}
