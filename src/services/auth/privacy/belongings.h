/* What other services keep of somebody. */
#ifndef NERDX_SERVICES_AUTH_PRIVACY_BELONGINGS_H
#define NERDX_SERVICES_AUTH_PRIVACY_BELONGINGS_H

#include "services/auth/core.h"

/* Conversations and memories of the caller, with what they told the world model. Again, too: what is gone is gone. Errors:
 * UNAVAILABLE where conversations are kept by another process that isn't reached from here. */
Err belongings_erase(const Auth *auth, Call *call);

#endif
