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

/* Begins a turn: waits until those before it in its session are over. The log is retained.
 * Errors: UNAVAILABLE with a time to come back, when there are too many turns at once, in all or in this session,
 * or when the wait is over LIVE_WAIT_MS or the deadline (monotonic; 0 = none). */
Err live_enter(LiveTurns *turns, Str turn_id, Str user_id, Str session_id, EventLog *log, int64_t deadline_us,
               LiveTurn **out);
void live_leave(LiveTurns *turns, LiveTurn *turn);

/* The log of a turn that is going on, to be released by the caller; NULL when there is none. */
EventLog *live_find(LiveTurns *turns, Str turn_id);

#endif
