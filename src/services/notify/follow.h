/* An inbox that somebody follows (http/followers.h): an event whenever what is in it has changed. */
#ifndef NERDX_SERVICES_NOTIFY_FOLLOW_H
#define NERDX_SERVICES_NOTIFY_FOLLOW_H

#include "http/followers.h"
#include "stores/sql/sql.h"

enum { FOLLOWED_USER_MAX = 128 };

typedef struct FollowedInbox {
    Sql *sql;
    char user_id[FOLLOWED_USER_MAX + 1];
} FollowedInbox;

extern const FollowKind FOLLOWED_INBOX;

FollowedInbox followed_inbox(Sql *sql, Str user_id);

#endif
