/* A visitor decides what a turn waits for; the turn goes on. */
#include "services/agents/visit.h"
#include "services/agents/wait.h"

static const Decision DECISIONS[APPROVAL_INPUT_DECISION_COUNT] = {
    [APPROVAL_INPUT_DECISION_APPROVE] = APPROVED,
    [APPROVAL_INPUT_DECISION_REFUSE] = REFUSED,
};

static const char *const DONE[] = {[UNDECIDED] = "waiting", [APPROVED] = "approved", [REFUSED] = "refused"};

static Err find_row(const TurnTools *tools, Call *call, const AgentsDecideInput *in,
                    AgentsSqlGetWaitingTurn *row)
{
    bool found;

    TRY(agents_sql_get_waiting_turn(tools->sql, NULL, call->arena, in->turn_id, row, &found));
    if (!found || !str_equal(row->user_id, in->body.user_id) ||
        !str_equal(row->approval_id, in->body.approval_id))
        return err(NOT_FOUND, "approval_id: this visitor has no turn that waits for that");
    return OK;
}

typedef struct Deciding {
    const AgentsDecideInput *in;
    Decision decision;
} Deciding;

static Err note_decision(void *context, Tx *tx)
{
    const Deciding *deciding = context;

    return agents_sql_decide_waiting_turn(tx, deciding->in->turn_id, deciding->in->body.approval_id,
                                          deciding->decision, NULL);
}

static Err decide(const TurnTools *tools, const AgentsDecideInput *in, Decision decision)
{
    Deciding deciding = {in, decision};

    return sql_transact(tools->sql, note_decision, &deciding);
}

/* What was decided first holds; *row is what it came to. */
static Err settle(const TurnTools *tools, Call *call, const AgentsDecideInput *in,
                  AgentsSqlGetWaitingTurn *row)
{
    Decision decision = DECISIONS[in->body.decision];

    TRY(find_row(tools, call, in, row));
    if (row->state == UNDECIDED && row->until_us <= clock_wall_us(tools->clock))
        return err(GONE, "approval_id: its time is over and nothing was done; send the message again");
    if (row->state == UNDECIDED) {
        TRY(decide(tools, in, decision));
        TRY(find_row(tools, call, in, row));
    }
    return row->state == (int64_t)decision ? OK
                                           : err(CONFLICT, "decision: it is %s already",
                                                 DONE[row->state == REFUSED ? REFUSED : APPROVED]);
}

Err visit_read_waiting(const TurnTools *tools, Arena *arena, const WaitingRow *row, ChatInput *in, Turn *turn,
                       Str records[2])
{
    WaitingRecord record;
    KeptPlace place;

    TRY(waiting_read(arena, row->record, &record));
    TRY(turn_read_message(arena, record.message, in, &place));
    turn->id = place.turn_id;
    turn->at_us = place.at_us;
    TRY(agent_book_get(tools->agents, place.agent, &turn->agent));
    turn->waiting = (Waiting){.tool = agent_tool(turn->agent, record.tool),
                              .call_id = record.call_id,
                              .arguments = record.arguments,
                              .talk = record.talk,
                              .approval_id = row->approval_id,
                              .decision = row->decision};
    records[0] = record.message;
    records[1] = record.state;
    return turn->waiting.tool != NULL
               ? OK
               : err(CONFLICT, "the agent has no tool \"%.*s\" any more", STR_ARG(record.tool));
}

static Err take_up(const TurnTools *tools, Call *call, const WaitingRow *row, ChatReply *out)
{
    Visit *visit = arena_new(call->arena, Visit);
    ChatInput *in = arena_new(call->arena, ChatInput);
    Str *records = arena_array(call->arena, Str, 2);

    visit->turn = (Turn){.tools = tools, .call = call, .in = in, .checkpoint = {-1, 0}};
    TRY(visit_read_waiting(tools, call->arena, row, in, &visit->turn, records));
    TRY(visit_join(visit));
    return visit_go_on(visit, records, out);
}

Err visit_decide(const TurnTools *tools, Call *call, const AgentsDecideInput *in, ChatReply *out)
{
    const ChatInput again = {.user_id = in->body.user_id, .turn_id = in->turn_id};
    AgentsSqlGetWaitingTurn row;
    const Agent *agent;
    bool known = false;

    TRY(agent_book_get(tools->agents, in->agent, &agent));
    TRY(settle(tools, call, in, &row));
    TRY(visit_answer_again(tools, call, &again, out, &known));
    if (known)
        return OK;
    const WaitingRow waiting = {row.record, row.approval_id, (Decision)row.state};
    Err e = take_up(tools, call, &waiting, out);
    if (e.code == CONFLICT) /* sent twice at once */
        TRY(visit_answer_again(tools, call, &again, out, &known));
    return known ? OK : e;
}
