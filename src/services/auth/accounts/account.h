/* One's own account, and the end of it. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_ACCOUNT_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_ACCOUNT_H

#include "api/events.h"
#include "services/auth/accounts_sql.h"
#include "services/auth/core.h"

/* The caller's, as it is in tx; NULL: as it is now. Errors: UNAUTHORIZED; NOT_FOUND. */
Err account_own(const Auth *auth, Tx *tx, const Call *call, AccountsSqlGetAccount *out);

/* The same of who has a password, or is a member at all. Errors: UNAUTHORIZED; FORBIDDEN. */
Err account_with_password(const Auth *auth, const Call *call, AccountsSqlGetAccount *out);
Err account_of_member(const Auth *auth, Tx *tx, const Call *call, AccountsSqlGetAccount *out);

/* All that this service keeps of somebody but the audit log, in one transaction; their sign-ins have ended. reason: for the audit log, a
 * word or none. */
Err account_erase(const Auth *auth, Arena *arena, Str user_id, UserDeletedReason reason);

#endif
