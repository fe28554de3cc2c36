/* Challenges for authenticators: 256 random bits that count once, for CHALLENGE_S, for what they were made for. They lie in the store that
 * nodes share, under their hash. */
#ifndef NERDX_SERVICES_AUTH_PASSKEYS_CHALLENGE_H
#define NERDX_SERVICES_AUTH_PASSKEYS_CHALLENGE_H

#include "base/clock.h"
#include "stores/kv/kv.h"

enum { CHALLENGE_S = 300, CHALLENGE_MS = CHALLENGE_S * 1000 };

typedef struct Challenges {
    Kv *kv;
    const Clock *clock;
} Challenges;

/* purpose: "show", or "add" and for whom. *out is base64url. Errors: UNAVAILABLE. */
Err challenge_make(const Challenges *challenges, Arena *arena, Str purpose, Str *out);

/* Whatever comes of it, it is used up. *was_good: there was one, young enough, and for this. Errors: UNAVAILABLE. */
Err challenge_take(const Challenges *challenges, Arena *arena, Str challenge, Str purpose, bool *was_good);

#endif
