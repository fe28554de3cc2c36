#include "services/notify/look.h"

#include "services/notify/notify_sql.h"

Err inbox_look(Sql *sql, Arena *arena, Str user_id, InboxState *out)
{
    NotifySqlLookAtInbox row;

    TRY(notify_sql_look_at_inbox(sql, NULL, arena, user_id, &row));
    *out = (InboxState){.notices = row.notices, .unread = row.unread};
    if (row.newest.len > 0)
        out->newest = row.newest;
    return OK;
}
