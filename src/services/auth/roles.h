/* What a role may do, as names for tokens and as bits. The table is the contract's (x-roles in api/common.yaml). */
#ifndef NERDX_SERVICES_AUTH_ROLES_H
#define NERDX_SERVICES_AUTH_ROLES_H

#include "api/common.h"
#include "base/texts.h"

/* Names of these bits; the list is the arena's. */
Texts permission_names(Arena *arena, uint64_t permissions);

/* The bits of these names; a name that isn't known (any more) gives none. */
uint64_t permission_bits(Texts names);

/* 0 for a name that is no role. */
uint64_t role_permissions(Str role);
bool role_is_known(Str role);

#endif
