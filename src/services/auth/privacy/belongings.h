/* What other services keep of somebody: erased, or become another's (a guest's who signs in). export.c shows it. */
#ifndef NERDX_SERVICES_AUTH_PRIVACY_BELONGINGS_H
#define NERDX_SERVICES_AUTH_PRIVACY_BELONGINGS_H

#include "services/auth/core.h"

/* Conversations and memories of the caller, with what they told the world model. Again, too: what is gone is gone. Errors:
 * UNAVAILABLE where conversations are kept by another process that isn't reached from here. */
Err belongings_erase(const Auth *auth, Call *call);

/* From one to the other; each service does it whole or not at all, and again, for what is moved is gone from where it was. call: with an
 * identity that may act for any user. Errors: as above. */
Err belongings_move(const Auth *auth, Call *call, Str from, Str to, GuestMerged *out);

#endif
