/* Where letters to somebody go. */
#ifndef NERDX_SERVICES_NOTIFY_ADDRESS_H
#define NERDX_SERVICES_NOTIFY_ADDRESS_H

#include "services/notify/core.h"

/* Their account's; absent where they have none. Errors: those of asking for it. */
Err address_find(const Notify *notify, Arena *arena, Str user_id, Str *address);

#endif
