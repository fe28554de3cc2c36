#include "services/agents/needles.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "services/agents/required.h"

enum { BUCKETS = 1024, NONE = UINT16_MAX };

/* Found by the hash of their first NEEDLE_MIN bytes. */
struct Needles {
    Arena arena;
    Str *items;
    uint16_t *next; /* with the same hash, or NONE */
    size_t count;
    uint16_t first[BUCKETS];
};

static unsigned char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : (unsigned char)c;
}

static uint32_t bucket_of(unsigned char a, unsigned char b, unsigned char c)
{
    return ((uint32_t)a * 0x9E3B + (uint32_t)b * 0x85D3 + (uint32_t)c * 0x58F1) >> 4 & (BUCKETS - 1);
}

static void put(Needles *needles, Str text)
{
    uint32_t bucket =
        bucket_of((unsigned char)text.data[0], (unsigned char)text.data[1], (unsigned char)text.data[2]);
    size_t at = needles->count++;

    needles->items[at] = str_copy(&needles->arena, text);
    needles->next[at] = needles->first[bucket];
    needles->first[bucket] = (uint16_t)at;
}

Needles *needles_create(Str pattern)
{
    AUTO_ARENA Arena scratch = {0};
    Needles *needles;

    arena_init(&scratch);
    StrSet set = required_of(&scratch, pattern);
    if (set.count == 0 || set.count > REQUIRED_MAX)
        return NULL;
    needles = memory_new(Needles);
    arena_init(&needles->arena);
    needles->items = arena_array(&needles->arena, Str, set.count);
    needles->next = arena_array(&needles->arena, uint16_t, set.count);
    memset(needles->first, 0xFF, sizeof needles->first);
    for (size_t i = 0; i < set.count; i++)
        put(needles, set.items[i]);
    return needles;
}

void needles_destroy(Needles *needles)
{
    if (needles == NULL)
        return;
    arena_finish(&needles->arena);
    memory_free(needles);
}

static bool stands_at(Str needle, Str text, size_t at)
{
    if (needle.len > text.len - at)
        return false;
    for (size_t i = 0; i < needle.len; i++)
        if (lower(text.data[at + i]) != (unsigned char)needle.data[i])
            return false;
    return true;
}

/* The Kelvin sign and the long s are k and s where case doesn't count. */
static bool has_other_case(Str text)
{
    return str_find(text, STR("\xE2\x84\xAA"), 0) != SIZE_MAX ||
           str_find(text, STR("\xC5\xBF"), 0) != SIZE_MAX;
}

bool needles_may_be_in(const Needles *needles, Str text)
{
    for (size_t at = 0; at + NEEDLE_MIN <= text.len; at++) {
        uint32_t bucket = bucket_of(lower(text.data[at]), lower(text.data[at + 1]), lower(text.data[at + 2]));
        for (uint16_t i = needles->first[bucket]; i != NONE; i = needles->next[i])
            if (stands_at(needles->items[i], text, at))
                return true;
    }
    return has_other_case(text);
}

size_t needles_count(const Needles *needles)
{
    return needles->count;
}
