/* The conversations of a visitor: listed, read, deleted. A session is one user's: the same id of somebody else is another
 * session. */
#ifndef NERDX_SERVICES_AGENTS_SESSIONS_H
#define NERDX_SERVICES_AGENTS_SESSIONS_H

#include "services/agents/turn.h"

/* ---- operations of the contract (api/agents.yaml) */

Err sessions_list(const TurnTools *tools, Call *call, const AgentsListSessionsInput *in, SessionList *out);
Err sessions_get(const TurnTools *tools, Call *call, const AgentsGetSessionInput *in, SessionTurns *out);
/* Waits for a turn of it that is going on. */
Err sessions_delete(const TurnTools *tools, Call *call, const AgentsDeleteSessionInput *in,
                    SessionDeleted *out);

/* One transaction, so that it is whole or hasn't happened. A turn of theirs that is going on is stored as theirs: move again when it
 * is over. */
Err sessions_move(const TurnTools *tools, Call *call, const AgentsMovePersonInput *in, TalksMoved *out);

/* ---- the outbox of what was deleted (by the recorder's thread alone: a turn it is telling mustn't be told after that) */

/* Deletes sessions that nobody has spoken in since, a batch at a time. */
Err sessions_expire(Sql *sql, Memory *memory, int64_t before_us);

/* Has the world forget the turns that were deleted, by their source. */
Err sessions_retract(Sql *sql, const WorldClient *world);

#endif
