/* Who we are to push services (VAPID): one key, for which every browser has subscribed; another one would lose them all. */
#ifndef NERDX_SERVICES_NOTIFY_PUSH_KEY_H
#define NERDX_SERVICES_NOTIFY_PUSH_KEY_H

#include "push/p256.h"
#include "services/notify/core.h"

/* Made when it is first asked for. Errors: those of the store; UNAVAILABLE when it was sealed under a key that isn't there. */
Err push_key_get(const Notify *notify, Arena *arena, P256Key *out);

/* Sealed anew, where it was under a previous key. Errors as above. */
Err push_key_renew(const Notify *notify);

#endif
