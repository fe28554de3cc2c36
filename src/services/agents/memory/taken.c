/* What seeking takes of turns' words, kept in memory by the turns' ids: the words of a turn don't change, they are erased at most, and
 * then the store lists the turn no more. So this can't be out of date, whoever else writes to the store. When it is full it
 * begins anew. */
#include <string.h>

#include "base/keymap.h"
#include "base/memory.h"
#include "base/thread.h"
#include "services/agents/memory/room.h"

enum { TAKEN_MAX_BYTES = 16 << 20 };

struct Taken {
    pthread_mutex_t lock;
    Arena arena;
    StrIdMap places;
    TakenTurn *turns;
    size_t count;
    size_t capacity;
};

Taken *taken_create(void)
{
    Taken *taken = memory_new(Taken);

    (void)pthread_mutex_init(&taken->lock, NULL);
    arena_init(&taken->arena);
    return taken;
}

static void let_go(Taken *taken)
{
    keymap_finish(&taken->places);
    arena_finish(&taken->arena);
    memory_free(taken->turns);
    taken->places = (StrIdMap){0};
    taken->turns = NULL;
    taken->count = taken->capacity = 0;
}

void taken_destroy(Taken *taken)
{
    if (taken == NULL)
        return;
    let_go(taken);
    (void)pthread_mutex_destroy(&taken->lock);
    memory_free(taken);
}

void taken_clear(Taken *taken)
{
    MUTEX_HOLD(&taken->lock);
    let_go(taken);
    arena_init(&taken->arena);
}

static TakenTurn copy(Arena *arena, const TakenTurn *from)
{
    TakenTurn to = *from;
    uint64_t *terms = arena_array(arena, uint64_t, from->term_count + 1);

    memcpy(terms, from->terms, from->term_count * sizeof *terms);
    to.terms = terms;
    to.folded = str_copy(arena, from->folded);
    return to;
}

bool taken_find(Taken *taken, Arena *arena, Str turn_id, TakenTurn *out)
{
    MUTEX_HOLD(&taken->lock);
    uint32_t place = keymap_get(&taken->places, turn_id);

    if (place == KEYMAP_NONE)
        return false;
    *out = copy(arena, &taken->turns[place]);
    return true;
}

static void unite(WordSet *with, const WordSet *more)
{
    for (size_t i = 0; i < sizeof with->bits / sizeof *with->bits; i++)
        with->bits[i] |= more->bits[i];
}

void taken_note(Taken *taken, Str turn_id, const TakenTurn *turn)
{
    MUTEX_HOLD(&taken->lock);
    uint32_t place = keymap_get(&taken->places, turn_id);

    if (place == KEYMAP_NONE)
        return;
    unite(&taken->turns[place].looked_for, &turn->looked_for);
    unite(&taken->turns[place].says, &turn->says);
}

void taken_keep(Taken *taken, Str turn_id, const TakenTurn *turn)
{
    MUTEX_HOLD(&taken->lock);
    if (taken->arena.used >= TAKEN_MAX_BYTES) {
        let_go(taken);
        arena_init(&taken->arena);
    }
    if (keymap_get(&taken->places, turn_id) != KEYMAP_NONE)
        return;
    if (taken->count == taken->capacity) {
        taken->capacity = taken->capacity > 0 ? 2 * taken->capacity : 64;
        taken->turns = memory_grow(taken->turns, taken->capacity, sizeof *taken->turns);
    }
    *keymap_place(&taken->places, str_copy(&taken->arena, turn_id)) = (uint32_t)taken->count;
    taken->turns[taken->count++] = copy(&taken->arena, turn);
}
