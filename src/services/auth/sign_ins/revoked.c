#include "services/auth/sign_ins/revoked.h"

#include <pthread.h>

#include "base/keymap.h"
#include "base/memory.h"

enum { US_IN_S = 1000000 };

/* Those of one life of a token. */
typedef struct Generation {
    Arena arena;
    StrIdMap ids;
} Generation;

struct Revoked {
    pthread_rwlock_t lock; /* guards what follows */
    Generation young;
    Generation old;
    int64_t turn_us; /* monotonic: when the young become the old */
    int64_t life_us;
    const Clock *clock;
};

Revoked *revoked_create(const Clock *clock, int64_t token_life_s)
{
    Revoked *revoked = memory_new(Revoked);

    (void)pthread_rwlock_init(&revoked->lock, NULL);
    revoked->clock = clock;
    revoked->life_us = token_life_s * US_IN_S;
    revoked->turn_us = clock_monotonic_us(clock) + revoked->life_us;
    arena_init(&revoked->young.arena);
    arena_init(&revoked->old.arena);
    return revoked;
}

static void generation_finish(Generation *generation)
{
    keymap_finish(&generation->ids);
    arena_finish(&generation->arena);
    *generation = (Generation){0};
}

void revoked_destroy(Revoked *revoked)
{
    if (revoked == NULL)
        return;
    generation_finish(&revoked->young);
    generation_finish(&revoked->old);
    (void)pthread_rwlock_destroy(&revoked->lock);
    memory_free(revoked);
}

static void turn_if_due(Revoked *revoked)
{
    int64_t now_us = clock_monotonic_us(revoked->clock);

    if (now_us < revoked->turn_us)
        return;
    generation_finish(&revoked->old);
    revoked->old = revoked->young;
    revoked->young = (Generation){0};
    arena_init(&revoked->young.arena);
    revoked->turn_us = now_us + revoked->life_us;
}

void revoked_add(Revoked *revoked, Str sign_in_id)
{
    (void)pthread_rwlock_wrlock(&revoked->lock);
    turn_if_due(revoked);
    if (keymap_get(&revoked->young.ids, sign_in_id) == KEYMAP_NONE)
        *keymap_place(&revoked->young.ids, str_copy(&revoked->young.arena, sign_in_id)) = 0;
    (void)pthread_rwlock_unlock(&revoked->lock);
}

bool revoked_has(Revoked *revoked, Str sign_in_id)
{
    (void)pthread_rwlock_rdlock(&revoked->lock);
    bool has = keymap_get(&revoked->young.ids, sign_in_id) != KEYMAP_NONE ||
               keymap_get(&revoked->old.ids, sign_in_id) != KEYMAP_NONE;
    (void)pthread_rwlock_unlock(&revoked->lock);
    return has;
}
