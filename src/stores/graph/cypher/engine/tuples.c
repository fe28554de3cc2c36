#include "stores/graph/cypher/engine/tuples.h"

#include "stores/graph/cypher/engine/compare.h"

enum { FIRST_ROOM = 8 };

void tuples_init(Tuples *tuples, Arena *arena, size_t width)
{
    *tuples = (Tuples){.arena = arena, .width = width};
}

static uint64_t hash_of(const Value *values, size_t width)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < width; i++)
        hash = (hash ^ value_hash(values[i])) * 0x9e3779b97f4a7c15U;
    return hash ^ (hash >> 32);
}

static bool same(const Value *a, const Value *b, size_t width)
{
    for (size_t i = 0; i < width; i++)
        if (value_order(a[i], b[i]) != 0)
            return false;
    return true;
}

/* The slot of the row, or a free one. */
static size_t *find_slot(const Tuples *tuples, const Value *values, uint64_t hash)
{
    size_t at = hash & (tuples->slot_count - 1);

    for (; tuples->slots[at] != 0; at = (at + 1) & (tuples->slot_count - 1)) {
        const Tuple *tuple = &tuples->items[tuples->slots[at] - 1];

        if (tuple->hash == hash && same(tuple->values, values, tuples->width))
            break;
    }
    return &tuples->slots[at];
}

static void grow(Tuples *tuples)
{
    ARENA_MORE(tuples->arena, tuples->items, tuples->count, tuples->room, FIRST_ROOM);
    tuples->slot_count = tuples->room * 2;
    tuples->slots = arena_array(tuples->arena, size_t, tuples->slot_count);
    for (size_t i = 0; i < tuples->count; i++) {
        size_t at = tuples->items[i].hash & (tuples->slot_count - 1);

        while (tuples->slots[at] != 0)
            at = (at + 1) & (tuples->slot_count - 1);
        tuples->slots[at] = i + 1;
    }
}

static const Value *copy_row(Arena *arena, const Value *values, size_t width)
{
    Value *copy = arena_array(arena, Value, width);

    for (size_t i = 0; i < width; i++)
        copy[i] = value_copy(arena, values[i]);
    return copy;
}

Tuple *tuples_put(Tuples *tuples, const Value *values, bool *is_new)
{
    uint64_t hash = hash_of(values, tuples->width);

    if (tuples->count == tuples->room)
        grow(tuples);
    size_t *slot = find_slot(tuples, values, hash);

    *is_new = *slot == 0;
    if (*is_new) {
        tuples->items[tuples->count] = (Tuple){copy_row(tuples->arena, values, tuples->width), hash, NULL};
        *slot = ++tuples->count;
    }
    return &tuples->items[*slot - 1];
}
