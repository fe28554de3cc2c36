/* The turns that are going on now: who else may follow one, and whose turn it is in a session. Turns of one
 * session run one after the other, in the order they came; those of different sessions don't know each other. Nodes that share a
 * key-value store let one of them speak in a session at a time; which of them is next is nobody's promise. */
#ifndef NERDX_SERVICES_AGENTS_LIVE_H
#define NERDX_SERVICES_AGENTS_LIVE_H

#include "base/clock.h"
#include "base/err.h"
#include "http/events.h"
#include "stores/kv/kv.h"

typedef struct LiveTurns LiveTurns;
typedef struct LiveTurn LiveTurn;

#include <stdatomic.h>

enum { LIVE_TURNS_MAX = 1024, LIVE_SESSION_MAX = 8, LIVE_WAIT_MS = 10000 };

LiveTurns *live_create(const Clock *clock);
void live_share(LiveTurns *turns, Kv *kv); /* before the first turn; kv must outlive them */
void live_destroy(LiveTurns *turns);       /* no turn may be going on; accepts NULL */

/* A turn takes its place behind those of its session. The log is retained. Errors: CONFLICT when a turn of that id is
 * going on; UNAVAILABLE with a time to come back, when there are too many turns at once, in all or in this session. */
Err live_join(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, LiveTurn **out);

/* Waits until those before it in its session are over. Errors: UNAVAILABLE with a time to come back, when the wait is over
 * LIVE_WAIT_MS or the deadline (monotonic; 0 = none); the turn still has to leave. */
Err live_wait(LiveTurns *turns, LiveTurn *turn, int64_t deadline_us);

/* The same without a thread: let_in is called, once, with what live_wait would return; on whatever thread, possibly before
 * live_await returns. It must not wait. */
typedef struct LiveWaiter {
    void (*let_in)(void *context, Err result);
    void *context;
} LiveWaiter;

void live_await(LiveTurns *turns, LiveTurn *turn, int64_t deadline_us, LiveWaiter waiter);

/* Both; when it can't wait it has left. */
Err live_enter(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, int64_t deadline_us,
               LiveTurn **out);
void live_leave(LiveTurns *turns, LiveTurn *turn);

/* The log of a turn that is going on, to be released by the caller; NULL when there is none. *mine: false when there is one and it
 * is of another user or session (absent: any of the user's); then there is no log either. */
EventLog *live_find_of(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, bool *mine);

/* Its visitor wants no more of a turn: whoever runs it ends it as soon as it can; one that waits does so no longer (GONE). False:
 * there is no such turn of the user going on. */
bool live_cancel(LiveTurns *turns, Str turn_id, Str user_id);
const atomic_bool *live_cancelled(const LiveTurn *turn); /* lasts as long as the turn */
Err live_gone(void);

/* Waits until no turn of that id is going on. Errors: TIMED_OUT. */
Err live_wait_end(LiveTurns *turns, Str turn_id, int64_t deadline_us);

/* Whether a turn of the session is going on. */
bool live_has_session(LiveTurns *turns, Str user_id, Str session_id);

#endif
