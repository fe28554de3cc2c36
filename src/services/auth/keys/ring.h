/* All API keys in memory, by their hash: asked at each request that shows one. Thread-safe. */
#ifndef NERDX_SERVICES_AUTH_KEYS_RING_H
#define NERDX_SERVICES_AUTH_KEYS_RING_H

#include "http/identity.h"

typedef struct Ring Ring;

/* A key as it is known. Texts are copied where one is kept. */
typedef struct RingKey {
    Str hash;
    Str user_id;
    uint64_t permissions;
    int64_t expires_us; /* 0 = never */
    bool is_revoked;
} RingKey;

Ring *ring_create(void);
void ring_destroy(Ring *ring); /* accepts NULL */

void ring_put(Ring *ring, const RingKey *key); /* in the place of the same one */

/* False when there is none, or it isn't good any more. Texts are the arena's. */
bool ring_find(Ring *ring, Arena *arena, Str hash, int64_t now_us, RingKey *out);

#endif
