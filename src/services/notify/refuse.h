/* Refusing letters of a category, by a link or a complaint. */
#ifndef NERDX_SERVICES_NOTIFY_REFUSE_H
#define NERDX_SERVICES_NOTIFY_REFUSE_H

#include "services/notify/core.h"

/* Takes back both consents to advertising, or sets the preference. source: where it was said. Errors: those of the store. */
Err refuse_within(const Notify *notify, Tx *tx, Arena *arena, Str user_id, NoticeCategory category,
                  Str source);

#endif
