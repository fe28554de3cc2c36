/* A guest who signs in to an account of theirs brings along what they did: in one transaction the guest's account ends and it is noted
 * what is to move; then it is moved, service by service. What can't be moved is tried again by merge_go_on, later and later, and everything
 * once more when MERGE_LATE_S are over, for turns that were being answered. What is refused again and again is parked, with what was said. */
#ifndef NERDX_SERVICES_AUTH_ACCOUNTS_MERGE_H
#define NERDX_SERVICES_AUTH_ACCOUNTS_MERGE_H

#include "services/auth/core.h"

enum { MERGE_LATE_S = 900 };

/* Nothing happens, and *out is NULL, when the caller isn't a guest, or is the same. Their sign-ins end. Errors: those of the service's
 * store; what others can't take now is no error: out->state says so. */
Err merge_guest(const Auth *auth, Call *call, Str user_id, const GuestMerged **out);

/* The same for a guest by id, whoever is calling. */
Err merge_guest_of(const Auth *auth, Call *call, Str guest_id, Str user_id, const GuestMerged **out);

/* What is due, whoever it is of. Errors: those of the service's store; others are logged, and noted. */
Err merge_go_on(const Auth *auth);

/* One more try for what is parked: a program that starts may be another one. */
Err merge_try_parked(const Auth *auth);

/* For `nerdx doctor`. Errors: CONFLICT names the first that is parked, and why. */
Err merge_check(Sql *sql, Arena *arena);

/* What would become an account's that ends: it is erased where it is. Errors: also those of the services. */
Err merge_erase(const Auth *auth, Arena *arena, Str user_id);

#endif
