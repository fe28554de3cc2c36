/* Conversations and memories of one visitor become another's. */
#include "services/agents/sessions.h"

typedef struct Moving {
    const TurnTools *tools;
    Arena *arena;
    Str from;
    Str to;
    TalksMoved *out;
} Moving;

static Err rename_one(const Moving *of, Tx *tx, Str session_id)
{
    Str new_id = id_new(of->arena, of->tools->clock);

    TRY(agents_sql_rename_session(tx, of->from, session_id, new_id, NULL));
    TRY(agents_sql_rename_turns(tx, of->from, session_id, new_id, NULL));
    TRY(agents_sql_rename_unrecorded(tx, of->from, session_id, new_id, NULL));
    return memory_rename_session(tx, of->from, session_id, new_id);
}

/* Names are the clients' own: "web" may be anybody's. */
static Err rename_those_of_both(const Moving *of, Tx *tx)
{
    size_t count;
    Str *names;

    TRY(agents_sql_list_names_of_both(NULL, tx, of->arena, of->from, of->to, &names, &count));
    for (size_t i = 0; i < count; i++)
        TRY(rename_one(of, tx, names[i]));
    return OK;
}

static Err move_rows(void *context, Tx *tx)
{
    const Moving *of = context;

    TRY(rename_those_of_both(of, tx));
    TRY(agents_sql_erase_all_waiting_turns(tx, of->from, NULL)); /* their records name whose they are */
    TRY(agents_sql_move_sessions(tx, of->from, of->to, &of->out->sessions));
    TRY(agents_sql_move_turns(tx, of->from, of->to, NULL));
    TRY(agents_sql_move_unrecorded(tx, of->from, of->to, NULL));
    return memory_move(of->tools->memory, tx, of->arena, of->from, of->to, &of->out->memories);
}

Err sessions_move(const TurnTools *tools, Call *call, const AgentsMovePersonInput *in, TalksMoved *out)
{
    Moving moving = {tools, call->arena, in->user_id, in->body.to, out};

    if (str_equal(moving.from, moving.to))
        return err_at(err(UNPROCESSABLE, "to: name another person than the one in the path"), "/to");
    TRY(sql_transact(tools->sql, move_rows, &moving));
    recorder_wake(tools->recorder);
    return OK;
}
