/* How often somebody may try (OWASP: Credential Stuffing Prevention, Authentication Cheat Sheet): tries are counted in fixed windows,
 * in the store that nodes share, before anything is compared; under names that are hashes. Every rule is a row of RULES
 * (throttle.c). Who has signed in from an address before is never kept out by what others try from elsewhere. */
#ifndef NERDX_SERVICES_AUTH_THROTTLE_THROTTLE_H
#define NERDX_SERVICES_AUTH_THROTTLE_THROTTLE_H

#include "base/clock.h"
#include "stores/kv/kv.h"

typedef struct Throttle {
    Kv *kv;
    const Clock *clock;
} Throttle;

/* Who tries what. */
typedef struct Attempt {
    Str account; /* an address as it is compared, or another name of who is meant */
    Str address; /* of the caller; absent or empty: it isn't known */
} Attempt;

/* A secret is about to be compared. Errors: LIMITED with the time to come back; UNAVAILABLE when tries can't be counted. */
Err throttle_try(const Throttle *throttle, Arena *arena, const Attempt *attempt);

/* It was right: this address is known to be the account's, for KNOWN_DAYS. */
void throttle_passed(const Throttle *throttle, Arena *arena, const Attempt *attempt);

/* A code is about to be compared, of an app or one that takes its place: each kind is counted for itself, so that who tires the one out
 * leaves the other. Errors: the same. */
Err throttle_code(const Throttle *throttle, Arena *arena, const Attempt *attempt, bool is_of_app);

/* A letter is about to be written. Errors: the same. */
Err throttle_letter(const Throttle *throttle, Arena *arena, const Attempt *attempt);

#endif
