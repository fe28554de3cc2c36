/* How somebody wants to be told, and what they agreed to. */
#ifndef NERDX_SERVICES_NOTIFY_PREFERENCES_H
#define NERDX_SERVICES_NOTIFY_PREFERENCES_H

#include "services/notify/core.h"
#include "services/notify/notify_sql.h"

enum { LETTERS_A_DAY = 10, MOST_CONSENTS = 100 };

/* Defaults where they said nothing. tx: NULL reads what was committed. Errors: those of the store. */
Err preferences_of(Sql *sql, Tx *tx, Arena *arena, Str user_id, NotifySqlGetPerson *out);
Err preferences_want(Sql *sql, Tx *tx, Arena *arena, Str user_id, NoticeCategory category,
                     NoticeChannel channel, bool *wanted);

/* As the contract shows them. Errors: those of the store. */
Err preferences_show(const Notify *notify, Arena *arena, Str user_id, Preferences *out);

/* Whether advertising may be told now, within the transaction that would. Errors: CONFLICT says what is missing. */
Err preferences_check_advertising(Tx *tx, Str user_id, int64_t now_us);

/* The same for a letter of it that is due: whether they agree still, and until when it is night and they haven't agreed to that (0: it may
 * go now). Errors: those of the store. */
Err preferences_of_advertising(Sql *sql, Tx *tx, Str user_id, int64_t now_us, bool *agreed,
                               int64_t *until_us);

#endif
