#include "base/keymap.h"

#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 64 };

/* Eight bytes at a time, as FxHash does (Firefox, rustc), mixed at the end; it is nowhere kept. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    return ((hash << 5 | hash >> 59) ^ word) * 0x517CC1B727220A95u;
}

static uint32_t hash_of(Str key)
{
    uint64_t hash = key.len, word = 0;
    size_t at = 0;

    for (; key.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, key.data + at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    for (; at < key.len; at++)
        word = word << 8 | (unsigned char)key.data[at];
    hash = mix(hash, word);
    return (uint32_t)(hash ^ (hash >> 32));
}

/* The slot of the key, or the free one where it belongs. */
static StrIdSlot *find_slot(const StrIdMap *map, Str key, uint32_t hash)
{
    size_t mask = map->capacity - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        StrIdSlot *slot = &map->slots[i];

        if (slot->key.data == NULL || (slot->hash == hash && str_equal(slot->key, key)))
            return slot;
    }
}

static void grow(StrIdMap *map)
{
    StrIdMap bigger = {.capacity = map->capacity > 0 ? map->capacity * 2 : FIRST_CAPACITY,
                       .count = map->count};

    bigger.slots = memory_zalloc(bigger.capacity * sizeof(StrIdSlot));
    for (size_t i = 0; i < map->capacity; i++)
        if (map->slots[i].key.data != NULL)
            *find_slot(&bigger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
    memory_free(map->slots);
    *map = bigger;
}

uint32_t keymap_get(const StrIdMap *map, Str key)
{
    const StrIdSlot *slot;

    if (map->count == 0)
        return KEYMAP_NONE;
    slot = find_slot(map, key, hash_of(key));
    return slot->key.data != NULL ? slot->value : KEYMAP_NONE;
}

uint32_t *keymap_place(StrIdMap *map, Str key)
{
    uint32_t hash = hash_of(key);
    StrIdSlot *slot;

    if (2 * (map->count + 1) > map->capacity)
        grow(map);
    slot = find_slot(map, key, hash);
    if (slot->key.data == NULL) {
        *slot = (StrIdSlot){.key = key, .hash = hash, .value = KEYMAP_NONE};
        map->count++;
    }
    return &slot->value;
}

void keymap_finish(StrIdMap *map)
{
    memory_free(map->slots);
    *map = (StrIdMap){0};
}
