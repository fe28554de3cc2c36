/* A guest who signs in to an account of theirs brings along what they did. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_MERGE_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_MERGE_H

#include "services/auth/core.h"

/* Nothing happens when the caller isn't a guest, or is the same. */
Err merge_guest(const Auth *auth, Call *call, Str user_id);

#endif
