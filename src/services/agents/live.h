/* The turns that are going on now: who else may follow one, and whose turn it is in a session. Turns of one
 * session run one after the other, in the order they came; those of different sessions don't know each other. */
#ifndef NERDX_SERVICES_AGENTS_LIVE_H
#define NERDX_SERVICES_AGENTS_LIVE_H

#include "base/clock.h"
#include "base/err.h"
#include "http/events.h"

typedef struct LiveTurns LiveTurns;
typedef struct LiveTurn LiveTurn;

enum { LIVE_TURNS_MAX = 1024, LIVE_SESSION_MAX = 8, LIVE_WAIT_MS = 10000 };

LiveTurns *live_create(const Clock *clock);
void live_destroy(LiveTurns *turns); /* no turn may be going on; accepts NULL */

/* A turn takes its place behind those of its session. The log is retained. Errors: CONFLICT when a turn of that id is
 * going on; UNAVAILABLE with a time to come back, when there are too many turns at once, in all or in this session. */
Err live_join(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, LiveTurn **out);

/* Waits until those before it in its session are over. Errors: UNAVAILABLE with a time to come back, when the wait is over
 * LIVE_WAIT_MS or the deadline (monotonic; 0 = none); the turn still has to leave. */
Err live_wait(LiveTurns *turns, LiveTurn *turn, int64_t deadline_us);

/* Both; when it can't wait it has left. */
Err live_enter(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, int64_t deadline_us,
               LiveTurn **out);
void live_leave(LiveTurns *turns, LiveTurn *turn);

/* The log of a turn that is going on, to be released by the caller; NULL when there is none. *mine: false when there is one and it
 * is of another user or session (absent: any of the user's); then there is no log either. */
EventLog *live_find_of(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, bool *mine);

/* Waits until no turn of that id is going on. Errors: TIMED_OUT. */
Err live_wait_end(LiveTurns *turns, Str turn_id, int64_t deadline_us);

/* Whether a turn of the session is going on. */
bool live_has_session(LiveTurns *turns, Str user_id, Str session_id);

#endif
