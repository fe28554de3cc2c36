/* API keys: for programs of partners. Shown once, kept as hashes; each may do what it was given when it was made, and no more. */
#ifndef NERDX_SERVICES_AUTH_KEYS_KEYS_H
#define NERDX_SERVICES_AUTH_KEYS_KEYS_H

#include "services/auth/core.h"

#define KEY_PREFIX "nx_"

/* A message that keys have changed. */
#define KEYS_CHANNEL STR("auth:keys")

bool keys_is_one(Str credential);

/* From memory, without waiting. Errors: UNAUTHORIZED. */
Err keys_identify(const Auth *auth, Arena *arena, Str credential, Identity *out);

/* Reads what has changed since into memory. */
Err keys_look(const Auth *auth, int64_t since_us);

#endif
