/* What is kept of a person. */
#ifndef NERDX_SERVICES_NOTIFY_PEOPLE_H
#define NERDX_SERVICES_NOTIFY_PEOPLE_H

#include "base/err.h"
#include "stores/sql/sql.h"

/* All of it goes. Errors: those of the store. */
Err people_forget_within(Tx *tx, Str user_id, int64_t *notices);

#endif
