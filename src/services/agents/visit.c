#include "services/agents/visit.h"

#include "services/agents/wait.h"

static void release_log(EventLog **log)
{
    event_log_release(*log);
}
#define AUTO_LOG __attribute__((cleanup(release_log)))

Err visit_join(Visit *visit)
{
    Turn *turn = &visit->turn;
    Err e;

    visit->live = turn->live = event_log_create(TURN_EVENTS_MAX_BYTES);
    visit->stored = turn->stored = event_log_create(TURN_EVENTS_MAX_BYTES);
    e = live_join(turn->tools->live, turn->id, turn->in->user_id, turn->in->session_id, visit->live,
                  &visit->place);
    if (failed(&e))
        visit_leave(visit);
    else
        turn->call->cancelled = live_cancelled(visit->place);
    return e;
}

Err visit_wait(Visit *visit)
{
    return live_wait(visit->turn.tools->live, visit->place, visit->turn.call->deadline_us);
}

void visit_leave(Visit *visit)
{
    const TurnTools *tools = visit->turn.tools;

    checkpoint_end(tools->checkpoints, &visit->turn.checkpoint);
    visit->turn.call->cancelled = NULL;
    if (visit->place != NULL)
        live_leave(tools->live, visit->place);
    event_log_release(visit->live);
    event_log_release(visit->stored);
}

/* --- a message that is new --- */

/* A message that its visitor gave a name, or what they decided. */
static bool may_come_twice(const Turn *turn)
{
    return turn->waiting.approval_id.data != NULL || (turn->kept == NULL && turn->in->turn_id.data != NULL);
}

/* When its turn in the session has come: it may have been answered, here or on another node, between the look for it and the place that
 * was taken. */
static Err is_new(const Turn *turn)
{
    AgentsSqlGetTurn row;
    bool found = false;

    if (may_come_twice(turn))
        TRY(agents_sql_get_turn(turn->tools->sql, NULL, turn->call->arena, turn->id, &row, &found));
    return found ? err(CONFLICT, "turn_id: %.*s has been answered", STR_ARG(turn->id)) : OK;
}

/* What the account says of somebody's age, whatever the message does. Asked before the message is kept, and kept with it. The agents ask
 * on their own behalf: a key may talk for somebody and not read their account. */
static Err find_age(Turn *turn)
{
    const AuthClient *accounts = turn->tools->accounts;
    Call asking = *turn->call;
    AuthGetAgeInput whose = {turn->in->user_id};
    AgeState age = {0};

    if (accounts == NULL || (accounts->service == NULL && accounts->remote == NULL))
        return OK;
    asking.identity = IDENTITY_OF_MACHINE;
    TRY(auth_client_get_age(accounts, &asking, &whose, &age));
    turn->is_minor = age.has_birth_year && !age.adult;
    return OK;
}

/* The message is kept before its turn in the session has come: none that waits is lost either. */
static Err keep_message(Turn *turn)
{
    checkpoint_begin(turn->tools->checkpoints, &turn->checkpoint);
    return turn_keep_message(turn);
}

/* Whoever takes answers that come later gets one, so that no thread waits for it. */
static void end_later(void *context, Err e)
{
    Visit *visit = context;
    Call *call = visit->turn.call;

    visit_leave(visit);
    call->finish(call, e);
}

/* It was sent twice at once, and the other one has been answered meanwhile: that answer is this one's, too. */
static Err look_again(const Visit *visit, Err e)
{
    const Turn *turn = &visit->turn;
    ChatInput again = *turn->in;
    bool known = false;

    if (e.code != CONFLICT || !may_come_twice(turn))
        return e;
    again.turn_id = turn->id; /* of what is decided on it may be one of ours */
    TRY(visit_answer_again(turn->tools, turn->call, &again, visit->reply, &known));
    return known ? OK : e;
}

static void start(void *context)
{
    Visit *visit = context;
    Call *call = visit->turn.call;
    Err e = err_kept(visit->let_in);

    if (!failed(&e))
        e = is_new(&visit->turn);
    if (!failed(&e)) {
        turn_start(&visit->turn, visit->reply, (TurnOver){end_later, visit});
        return;
    }
    visit_leave(visit);
    call->finish(call, look_again(visit, e));
}

/* Few threads take what a turn takes for a moment, and keep a reader of each database. */
static void start_elsewhere(void *context, Err let_in)
{
    Visit *visit = context;

    visit->let_in = err_keep(visit->turn.call->arena, let_in);
    if (!pool_submit(visit->turn.tools->turners, start, visit))
        start(visit);
}

static Err run_here(Visit *visit, ChatReply *out)
{
    TRY(visit_wait(visit));
    TRY(is_new(&visit->turn));
    return turn_run(&visit->turn, out);
}

/* ready: how it came to its place. */
static Err run_to_end(Visit *visit, Err ready, ChatReply *out)
{
    Call *call = visit->turn.call;
    Err e = ready;

    visit->reply = out;
    if (!failed(&e) && call->finish != NULL) {
        call_put_off(call);
        live_await(visit->turn.tools->live, visit->place, call->deadline_us,
                   (LiveWaiter){start_elsewhere, visit});
        return OK;
    }
    if (!failed(&e))
        e = run_here(visit, out);
    visit_leave(visit);
    return e;
}

Err visit_go_on(Visit *visit, const Str records[2], ChatReply *out)
{
    return run_to_end(visit, turn_restore(&visit->turn, records, 2), out);
}

static Err talk(const TurnTools *tools, Call *call, const AgentsChatInput *in, ChatReply *out)
{
    Visit *visit = arena_new(call->arena, Visit);

    visit->turn = (Turn){
        .tools = tools,
        .agent = agent_book_find(tools->agents, in->agent),
        .call = call,
        .in = &in->body,
        .id = in->body.turn_id.data != NULL ? in->body.turn_id : id_new(call->arena, tools->clock),
        .at_us = clock_wall_us(tools->clock),
        .checkpoint = {-1, 0},
        .trace = in->trace != 0,
    };
    TRY(find_age(&visit->turn));
    TRY(visit_join(visit));
    return run_to_end(visit, keep_message(&visit->turn), out);
}

/* --- one that is known --- */

static Err stored_log(const TurnTools *tools, Arena *arena, Str turn_id, AgentsSqlGetTurn *row,
                      EventLog **out)
{
    bool found;

    *out = NULL;
    TRY(agents_sql_get_turn(tools->sql, NULL, arena, turn_id, row, &found));
    if (!found || row->events.len == 0) /* empty: its words were forgotten */
        return OK;
    TRY(event_log_from_json(row->events, out));
    event_log_close(*out);
    return OK;
}

/* The reply is the data of the last event. */
static Err reply_of(EventLog *log, Arena *arena, ChatReply *out)
{
    AUTO_JSON json_t *root = NULL;
    Str name;
    Json data = {NULL, 0};

    for (uint64_t id = 1; event_log_get(log, id, arena, &name, &data); id++)
        continue;
    TRY(json_read(data, &root));
    return chat_reply_decode(arena, root, out);
}

static Err taken(Str turn_id)
{
    return err(CONFLICT, "turn_id: %.*s is a turn of another session; choose a new one", STR_ARG(turn_id));
}

/* One that waits for approval: its events until then, and what was answered. */
static Err find_waiting(const TurnTools *tools, Arena *arena, Str turn_id, Str user_id, EventLog **log,
                        Json *reply)
{
    AUTO_JSON json_t *root = NULL;
    AgentsSqlGetWaitingTurn row;
    WaitingRecord record;
    bool found;

    TRY(agents_sql_get_waiting_turn(tools->sql, NULL, arena, turn_id, &row, &found));
    if (!found || row.state != UNDECIDED || !str_equal(row.user_id, user_id))
        return OK;
    TRY(waiting_read(arena, row.record, &record));
    TRY(json_read(record.state, &root));
    *reply = record.reply;
    *log = event_log_create(TURN_EVENTS_MAX_BYTES);
    const json_t *events = json_object_get(root, "events");
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        TRY(event_log_append(*log, json_str(json_array_get(event, 0)),
                             json_text(arena, json_array_get(event, 1))));
    }
    event_log_close(*log);
    return OK;
}

static Err answer_waiting(const TurnTools *tools, Call *call, const ChatInput *in, ChatReply *out,
                          bool *known)
{
    AUTO_LOG EventLog *log = NULL;
    AUTO_JSON json_t *root = NULL;
    Json reply = {NULL, 0};

    TRY(find_waiting(tools, call->arena, in->turn_id, in->user_id, &log, &reply));
    *known = log != NULL;
    if (log == NULL)
        return OK;
    if (call->wants_events) {
        call_stream(call, log);
        return OK;
    }
    TRY(json_read(reply, &root));
    return chat_reply_decode(call->arena, root, out);
}

static bool is_of(const AgentsSqlGetTurn *row, const ChatInput *in)
{
    return str_equal(row->user_id, in->user_id) &&
           (in->session_id.data == NULL || str_equal(row->session_id, in->session_id));
}

/* *known: it has been answered, or is being. */
Err visit_answer_again(const TurnTools *tools, Call *call, const ChatInput *in, ChatReply *out, bool *known)
{
    AUTO_LOG EventLog *log = NULL;
    AgentsSqlGetTurn row;
    bool mine = true;

    *known = true;
    log = live_find_of(tools->live, in->turn_id, in->user_id, in->session_id, &mine);
    if (!mine)
        return taken(in->turn_id);
    if (log != NULL && call->wants_events) {
        call_stream(call, log);
        return OK;
    }
    if (log != NULL)
        TRY(live_wait_end(tools->live, in->turn_id, call->deadline_us));
    event_log_release(log);
    TRY(stored_log(tools, call->arena, in->turn_id, &row, &log));
    if (log == NULL)
        return answer_waiting(tools, call, in, out, known);
    if (!is_of(&row, in))
        return taken(in->turn_id);
    if (!call->wants_events)
        return reply_of(log, call->arena, out);
    call_stream(call, log);
    return OK;
}

/* Sent twice at once, one of them finds that the other has begun, or has just ended: then it looks again. */
enum { LOOKS_MAX = 3 };

Err visit_chat(const TurnTools *tools, Call *call, const AgentsChatInput *in, ChatReply *out)
{
    const Agent *agent;
    Err e = OK;

    TRY(agent_book_get(tools->agents, in->agent, &agent));
    for (int look = 0; look < LOOKS_MAX; look++) {
        bool known = false;
        if (in->body.turn_id.data != NULL)
            TRY(visit_answer_again(tools, call, &in->body, out, &known));
        if (known)
            return OK;
        e = talk(tools, call, in, out);
        if (e.code != CONFLICT || in->body.turn_id.data == NULL)
            return e;
    }
    return e;
}

static Err no_such_turn(Arena *arena, Str turn_id)
{
    return err(NOT_FOUND,
               "turn_id: no turn is called \"%.64s\"; one that was cut off before its end must be sent again",
               str_c(arena, turn_id));
}

/* A turn that is going on, or one that is kept: a turn leaves the first only after it is in the second. */
Err visit_follow(const TurnTools *tools, Call *call, const AgentsFollowTurnInput *in)
{
    AgentsSqlGetTurn row = {.user_id = in->user_id};
    const Agent *agent;
    Json reply;
    bool mine;
    AUTO_LOG EventLog *log = live_find_of(tools->live, in->turn_id, in->user_id, (Str){NULL, 0}, &mine);

    TRY(agent_book_get(tools->agents, in->agent, &agent));
    if (log == NULL && mine)
        TRY(stored_log(tools, call->arena, in->turn_id, &row, &log));
    if (log == NULL && mine)
        TRY(find_waiting(tools, call->arena, in->turn_id, in->user_id, &log, &reply));
    if (log == NULL || !str_equal(row.user_id, in->user_id))
        return no_such_turn(call->arena, in->turn_id);
    call_stream(call, log);
    return OK;
}

static Err is_kept(const TurnTools *tools, Call *call, const AgentsCancelTurnInput *in, bool *out)
{
    AgentsSqlGetTurn row;
    bool found = false;

    TRY(agents_sql_get_turn(tools->sql, NULL, call->arena, in->turn_id, &row, &found));
    *out = found && str_equal(row.user_id, in->user_id);
    return OK;
}

/* One that others run may have ended while they were asked. */
Err visit_cancel(const TurnTools *tools, Call *call, const AgentsCancelTurnInput *in, TurnCancelled *out)
{
    const Agent *agent;
    bool has_ended = false;

    TRY(agent_book_get(tools->agents, in->agent, &agent));
    *out = (TurnCancelled){.turn_id = in->turn_id, .state = TURN_CANCELLED_STATE_ENDING};
    if (live_cancel(tools->live, in->turn_id, in->user_id))
        return OK;
    TRY(is_kept(tools, call, in, &has_ended));
    if (!has_ended && elsewhere_cancel(tools->elsewhere, in->turn_id, in->user_id))
        return OK;
    if (!has_ended)
        TRY(is_kept(tools, call, in, &has_ended));
    out->state = TURN_CANCELLED_STATE_ENDED;
    return has_ended ? OK : no_such_turn(call->arena, in->turn_id);
}
