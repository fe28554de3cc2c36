/* Ed25519 keys, and when each of them signs: the newest whose moment has come. One that was followed by another is accepted until
 * the last token it may have signed is over, and then is gone. All of it follows from the keys and the clock, so that nodes
 * that see the same keys agree without a word. */
#ifndef NERDX_SERVICES_AUTH_TOKENS_KEYRING_H
#define NERDX_SERVICES_AUTH_TOKENS_KEYRING_H

#include "services/auth/tokens/key.h"

enum { KEYRING_KEYS_MAX = 16 };

typedef struct RingKey {
    Key key;
    int64_t signs_from_s;     /* Unix seconds */
    int64_t verifies_until_s; /* INT64_MAX while none follows it */
} RingKey;

typedef struct Keyring {
    RingKey keys[KEYRING_KEYS_MAX]; /* by signs_from_s */
    size_t count;
} Keyring;

/* Errors: TOO_LARGE for more than KEYRING_KEYS_MAX; CONFLICT when a key of that moment or that name is there. */
Err keyring_add(Keyring *ring, const Key *key, int64_t signs_from_s);

/* Once all are in: a token lives for lifetime_s at the most. */
void keyring_schedule(Keyring *ring, int64_t lifetime_s);

/* NULL when there is none. Before the first one's moment (a clock that is behind) the first one signs. */
const Key *keyring_signer(const Keyring *ring, int64_t now_s);
const Key *keyring_find(const Keyring *ring, Str id, int64_t now_s);

bool keyring_same(const Keyring *a, const Keyring *b);

/* What anybody may know, as the list of a JWK Set (RFC 7517, section 5): also the key that will sign next. */
Str keyring_public_keys(const Keyring *ring, Arena *arena, int64_t now_s);

#endif
