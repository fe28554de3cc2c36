#include "services/notify/follow.h"

#include <string.h>

#include "services/notify/look.h"

FollowedInbox followed_inbox(Sql *sql, Str user_id)
{
    FollowedInbox followed = {.sql = sql};
    Str name = str_slice(user_id, 0, FOLLOWED_USER_MAX);

    memcpy(followed.user_id, name.data, name.len);
    return followed;
}

static Err look(void *thing, Arena *arena, EventLog *log, bool *is_over)
{
    const FollowedInbox *followed = thing;
    Buf text = {.arena = arena};
    InboxState now;

    (void)is_over; /* an inbox may always get another notice */
    TRY(inbox_look(followed->sql, arena, str_from(followed->user_id), &now));
    inbox_state_encode(&now, &text);
    return event_log_ends_with(log, buf_str(&text)) ? OK : notify_emit_inbox(log, &now);
}

const FollowKind FOLLOWED_INBOX = {
    .thread = "inbox-watch", .look = look, .look_ms = 500, .longest_s = 600, .log_bytes = 64 * 1024};
