/* Recovery codes: each takes the place of an app's code once. 120 random bits, so that a plain hash of them is enough (ASVS 5, 6.5.2). */
#ifndef NERDX_SERVICES_AUTH_TOTP_RECOVERY_H
#define NERDX_SERVICES_AUTH_TOTP_RECOVERY_H

#include "stores/sql/sql.h"

enum { RECOVERY_CODES = 10 };

/* RECOVERY_CODES of them: "k3fd-9x2m-…". */
Str *recovery_make(Arena *arena);

/* These take the place of all of before. */
Err recovery_put(Tx *tx, Arena *arena, Str user_id, const Str *codes);

/* typed: in any case, with or without hyphens and spaces. */
Err recovery_use(Tx *tx, Arena *arena, Str user_id, Str typed, bool *was_right);

#endif
