/* Sign-ins that have ended while an access token of theirs may still be good, in memory: asked at each request. Thread-safe.
 * Each is kept for at least one life of a token and at most two. */
#ifndef NERDX_SERVICES_AUTH_SIGN_INS_REVOKED_H
#define NERDX_SERVICES_AUTH_SIGN_INS_REVOKED_H

#include "base/clock.h"
#include "base/str.h"

typedef struct Revoked Revoked;

Revoked *revoked_create(const Clock *clock, int64_t token_life_s);
void revoked_destroy(Revoked *revoked); /* accepts NULL */

void revoked_add(Revoked *revoked, Str sign_in_id); /* again, too */
bool revoked_has(Revoked *revoked, Str sign_in_id);

#endif
