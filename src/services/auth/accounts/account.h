/* The end of an account. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_ACCOUNT_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_ACCOUNT_H

#include "services/auth/core.h"

/* All that this service keeps of somebody but the audit log, in one transaction; their sign-ins have ended. reason: for the audit log, a
 * word or none. */
Err account_erase(const Auth *auth, Arena *arena, Str user_id, Str reason);

#endif
