/* What others are told of people (api/events.yaml): each in the transaction that makes it so. */
#ifndef NERDX_SERVICES_AUTH_TELL_H
#define NERDX_SERVICES_AUTH_TELL_H

#include "api/events.h"
#include "services/auth/core.h"

Err tell_signed_up(const Auth *auth, Tx *tx, Arena *arena, Str user_id, UserSignedUpWay way);
Err tell_deleted(const Auth *auth, Tx *tx, Arena *arena, Str user_id, UserDeletedReason reason);
Err tell_age_verified(const Auth *auth, Tx *tx, Arena *arena, Str user_id, bool is_adult);
Err tell_merged(const Auth *auth, Tx *tx, Arena *arena, Str user_id, Str guest_id);

#endif
