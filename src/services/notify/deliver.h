/* Letters of what somebody was told. */
#ifndef NERDX_SERVICES_NOTIFY_DELIVER_H
#define NERDX_SERVICES_NOTIFY_DELIVER_H

#include "services/notify/core.h"

#define DELIVER_MAIL "notify.mail"

/* Adds what sends a letter, in the transaction that tells. Errors: those of the store. */
Err deliver_within(const Notify *notify, Tx *tx, Arena *arena, Str notice_id, int64_t due_us);

/* The kind DELIVER_MAIL. */
Err deliver_run(JobRun *run);

#endif
