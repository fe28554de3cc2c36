/* Inboxes that somebody follows: one thread looks at them again and again and tells what has changed. Whoever told may be another
 * process, so that there is nobody here who could say it. */
#ifndef NERDX_SERVICES_NOTIFY_WATCH_H
#define NERDX_SERVICES_NOTIFY_WATCH_H

#include "http/events.h"
#include "stores/sql/sql.h"

enum { WATCH_LOOK_MS = 500, WATCH_LONGEST_S = 600, WATCH_EVENTS_MAX_BYTES = 64 * 1024 };

typedef struct InboxWatch InboxWatch;

InboxWatch *inbox_watch_create(Sql *sql);
void inbox_watch_destroy(InboxWatch *watch); /* accepts NULL */

/* The events of an inbox, at least one: its latest is how it is now. It ends after WATCH_LONGEST_S. The caller releases the log.
 * Errors: those of the store. */
Err inbox_watch_follow(InboxWatch *watch, Arena *arena, Str user_id, EventLog **out);

#endif
