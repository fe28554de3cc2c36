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
    const Err *let_in; /* how its wait in the session ended (err_keep) */
} Visit;

/* Answers a message; one whose turn_id is known already isn't answered anew, the client gets what that turn says.
 * Errors: NOT_FOUND for an agent that there isn't; CONFLICT when the turn_id is somebody else's; those of live_enter and of turn_run. */
Err visit_chat(const TurnTools *tools, Call *call, const AgentsChatInput *in, ChatReply *out);

/* The events of a turn, now or as they come. Errors: NOT_FOUND. */
Err visit_follow(const TurnTools *tools, Call *call, const AgentsFollowTurnInput *in);

/* Its visitor wants no more of a turn. Errors: NOT_FOUND. */
Err visit_cancel(const TurnTools *tools, Call *call, const AgentsCancelTurnInput *in, TurnCancelled *out);

/* A visitor's decision on what a turn waits for: it goes on, and its whole answer is the answer (decision.c). Errors: NOT_FOUND, GONE,
 * CONFLICT when it was decided otherwise; those of turn_run. */
Err visit_decide(const TurnTools *tools, Call *call, const AgentsDecideInput *in, ChatReply *out);

/* A turn that was decided, as it is kept. */
typedef struct WaitingRow {
    Json record;
    Str approval_id;
    Decision decision;
} WaitingRow;

/* Fills in the turn and what is to be restored. Errors: INVALID; CONFLICT when its agent or tool is no more. */
Err visit_read_waiting(const TurnTools *tools, Arena *arena, const WaitingRow *row, ChatInput *in, Turn *turn,
                       Str records[2]);
/* Runs a visit that was joined to its end, from what is restored. */
Err visit_go_on(Visit *visit, const Str records[2], ChatReply *out);
/* What a turn of that id says or said; *known: false when there is none. session_id absent: of any session of the user. */
Err visit_answer_again(const TurnTools *tools, Call *call, const ChatInput *in, ChatReply *out, bool *known);

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
