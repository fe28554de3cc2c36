/* Telling somebody something: the one way into an inbox. */
#ifndef NERDX_SERVICES_NOTIFY_TELL_H
#define NERDX_SERVICES_NOTIFY_TELL_H

#include "services/notify/core.h"

/* Within tx, of the service's database, together with what else it does. The same key tells the same person nothing again. The
 * telling has been checked (templates_check). Errors: those of the store. */
Err tell_within(const Notify *notify, Tx *tx, Arena *arena, const NoticeTelling *telling, NoticeTold *out);

#endif
