/* An inbox as it is now. */
#ifndef NERDX_SERVICES_NOTIFY_LOOK_H
#define NERDX_SERVICES_NOTIFY_LOOK_H

#include "api/notify.h"
#include "stores/sql/sql.h"

/* Errors: those of the store. */
Err inbox_look(Sql *sql, Arena *arena, Str user_id, InboxState *out);

#endif
