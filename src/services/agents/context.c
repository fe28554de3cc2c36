#include "services/agents/turn.h"

#include "base/memory.h"

enum { HISTORY_MAX = 24 };

static Err read_history(Turn *turn)
{
    Arena *arena = turn->call->arena;
    int64_t turns = 0;
    bool known;

    TRY(agents_sql_count_turns(turn->tools->sql, NULL, turn->in->user_id, turn->in->session_id, &turns,
                               &known));
    if (!known)
        return OK;
    turn->number = (size_t)turns;
    return agents_sql_list_turns(turn->tools->sql, NULL, arena, turn->in->user_id, turn->in->session_id,
                                 HISTORY_MAX, &turn->history, &turn->history_count);
}

/* What was said, and which entities the talk has been to, or was offered to go to. */
static void read_memory(Turn *turn)
{
    Arena *arena = turn->call->arena;
    Str *said = arena_array(arena, Str, turn->history_count + 1);
    Str *visited = arena_array(arena, Str, 2 * turn->history_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < turn->history_count; i++) {
        const AgentsSqlTurn *past = &turn->history[i];
        said[i] = past->content;
        if (past->focus.len > 0)
            visited[count++] = past->focus;
        if (past->offered.len > 0)
            visited[count++] = past->offered;
    }
    turn->said = (Texts){said, turn->history_count};
    turn->visited = (Texts){visited, count};
}

/* She introduces herself from the world model; an empty world leaves her nameless, not silent. */
static Err read_self(Turn *turn)
{
    FactReader reader = turn_reader(turn);
    Texts aliases;
    Fact *self = arena_new(turn->call->arena, Fact);
    Err e = fact_read(&reader, voice_character(turn->tools->voice), self, &aliases);

    if (e.code == NOT_FOUND)
        return OK;
    if (!failed(&e))
        turn->self = self;
    return e;
}

static bool needs_facts(Intent intent)
{
    return intent == INTENT_QUESTION || intent == INTENT_ASSENT || intent == INTENT_PURCHASE;
}

Err turn_gather_context(Turn *turn, Way *way)
{
    TRY(read_history(turn));
    read_memory(turn);
    TRY(read_self(turn));
    *way = turn->guard == NULL && needs_facts(turn->intent) ? STRAIGHT : ASIDE;
    return OK;
}
