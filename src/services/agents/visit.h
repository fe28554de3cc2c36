/* A message from its coming to its answer: its place among the turns of its session, its checkpoint, its run; and what a
 * client who comes back finds. */
#ifndef NERDX_SERVICES_AGENTS_VISIT_H
#define NERDX_SERVICES_AGENTS_VISIT_H

#include "services/agents/turn.h"

/* Everything of one turn while it goes on. */
typedef struct Visit {
    Turn turn;
    EventLog *live;
    EventLog *stored;
    LiveTurn *place;
    ChatReply *reply;
} Visit;

/* Answers a message; one whose turn_id is known already isn't answered anew, the client gets what that turn says.
 * Errors: CONFLICT when the turn_id is somebody else's; those of live_enter and of turn_run. */
Err visit_chat(const TurnTools *tools, Call *call, const AgentsChatInput *in, ChatReply *out);

/* The events of a turn, now or as they come. Errors: NOT_FOUND. */
Err visit_follow(const TurnTools *tools, Call *call, const AgentsFollowTurnInput *in);

/* What is done around turn_run: the turn takes its place in the session's order (visit_join, then visit_wait), and leaves it.
 * A visit that was joined is to be left. */
Err visit_join(Visit *visit);
Err visit_wait(Visit *visit);
void visit_leave(Visit *visit);

/* Turns that were cut off when the process was killed go on, on threads of their own; until then their sessions wait. */
typedef struct Resumed Resumed;
Resumed *visit_resume(const TurnTools *tools);
void visit_resume_stop(Resumed *resumed); /* waits until they have ended; accepts NULL */

#endif
