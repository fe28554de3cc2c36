/* Hashes of passwords: Argon2id (RFC 9106) by libsodium, with what OWASP asks for at the least (Password Storage Cheat Sheet: 19 MiB,
 * 2 passes, 1 lane). Each takes that memory and some 30 ms of a core, so only HASHER_AT_ONCE are made at once, and of those
 * who wait at most HASHER_MOST_WAITING: memory is bounded, and workers stay free for others. Thread-safe. */
#ifndef NERDX_SERVICES_AUTH_PASSWORDS_HASHER_H
#define NERDX_SERVICES_AUTH_PASSWORDS_HASHER_H

#include "base/err.h"
#include "base/str.h"

enum {
    HASHER_MEMORY_BYTES = 19 << 20,
    HASHER_PASSES = 2,
    HASHER_AT_ONCE = 4,
    HASHER_MOST_WAITING = 24,
    HASHER_WAIT_MS = 10000,
};

typedef struct Hasher Hasher;

Err hasher_create(Hasher **out);     /* UNAVAILABLE when not even one hash finds its memory */
void hasher_destroy(Hasher *hasher); /* accepts NULL */

/* Errors: UNAVAILABLE when too many wait. */
Err hasher_hash(Hasher *hasher, Arena *arena, Str password, Str *hash);

/* hash absent: there is none to compare with; it takes as long, and *is_right is false. */
Err hasher_verify(Hasher *hasher, Arena *arena, Str hash, Str password, bool *is_right);

/* Whether it was made with less than what is asked for now. */
bool hasher_is_weak(Arena *arena, Str hash);

#endif
