#include "services/auth/keys/ring.h"

#include <pthread.h>

#include "base/keymap.h"
#include "base/memory.h"

struct Ring {
    pthread_rwlock_t lock; /* guards what follows */
    Arena arena;           /* of the texts */
    StrIdMap by_hash;      /* leads into keys */
    RingKey *keys;
    size_t count;
    size_t capacity;
};

enum { FIRST = 16 };

Ring *ring_create(void)
{
    Ring *ring = memory_new(Ring);

    (void)pthread_rwlock_init(&ring->lock, NULL);
    arena_init(&ring->arena);
    return ring;
}

void ring_destroy(Ring *ring)
{
    if (ring == NULL)
        return;
    keymap_finish(&ring->by_hash);
    arena_finish(&ring->arena);
    (void)pthread_rwlock_destroy(&ring->lock);
    memory_free(ring);
}

static void add(Ring *ring, const RingKey *key)
{
    RingKey *kept;

    ARENA_MORE(&ring->arena, ring->keys, ring->count, ring->capacity, FIRST);
    kept = &ring->keys[ring->count];
    *kept = *key;
    kept->hash = str_copy(&ring->arena, key->hash);
    kept->user_id = str_copy(&ring->arena, key->user_id);
    *keymap_place(&ring->by_hash, kept->hash) = (uint32_t)ring->count++;
}

/* Of a key that is known only its end can change. */
void ring_put(Ring *ring, const RingKey *key)
{
    (void)pthread_rwlock_wrlock(&ring->lock);
    uint32_t at = keymap_get(&ring->by_hash, key->hash);
    if (at == KEYMAP_NONE)
        add(ring, key);
    else
        ring->keys[at].is_revoked = key->is_revoked;
    (void)pthread_rwlock_unlock(&ring->lock);
}

bool ring_find(Ring *ring, Arena *arena, Str hash, int64_t now_us, RingKey *out)
{
    bool is_good = false;

    (void)pthread_rwlock_rdlock(&ring->lock);
    uint32_t at = keymap_get(&ring->by_hash, hash);
    if (at != KEYMAP_NONE) {
        *out = ring->keys[at];
        out->user_id = str_copy(arena, out->user_id);
        is_good = !out->is_revoked && (out->expires_us == 0 || out->expires_us > now_us);
    }
    (void)pthread_rwlock_unlock(&ring->lock);
    return is_good;
}
