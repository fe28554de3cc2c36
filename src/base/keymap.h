/* A map from text to a number, growing, never shrinking. The keys' bytes belong to somebody else and must stay.
 * StrIdMap m = {0}; keymap_put, keymap_get, keymap_finish. */
#ifndef NERDX_BASE_KEYMAP_H
#define NERDX_BASE_KEYMAP_H

#include "base/str.h"

typedef struct StrIdSlot {
    Str key; /* absent = free */
    uint32_t hash;
    uint32_t value;
} StrIdSlot;

typedef struct StrIdMap {
    StrIdSlot *slots;
    size_t capacity; /* 0 or a power of two */
    size_t count;
} StrIdMap;

#define KEYMAP_NONE UINT32_MAX

/* The value of the key, or KEYMAP_NONE. */
uint32_t keymap_get(const StrIdMap *map, Str key);

/* The place of the key's value, new and KEYMAP_NONE if it wasn't there; valid until the next call. */
uint32_t *keymap_place(StrIdMap *map, Str key);

void keymap_finish(StrIdMap *map);

#endif
