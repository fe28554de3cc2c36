/* A way in for who has lost the app and the recovery codes: by password and mailbox, after days in which who hasn't asked can stop it. */
#ifndef NERDX_SERVICES_AUTH_TOTP_LOST_H
#define NERDX_SERVICES_AUTH_TOTP_LOST_H

#include "services/auth/core.h"

/* From when on this member's app can be removed so; absent: nobody has asked. */
Err lost_app_opens_at(const Auth *auth, Arena *arena, Str user_id, Str *out);

#endif
