#include "services/agents/sessions.h"

#include "base/time.h"
#include "base/utf8.h"

enum { ERASE_BATCH = 100, TITLE_CHARACTERS = 120 };

/* --- listing: one more than the page is read, to know whether there is another --- */

/* Where a page of sessions ends: "<seen_us>:<session_id>". */
static Err read_place(Str cursor, int64_t *before_us, Str *before_id)
{
    Str rest = cursor, number;

    *before_us = INT64_MAX;
    *before_id = STR("");
    if (cursor.data == NULL)
        return OK;
    if (!str_split(&rest, ':', &number) || !str_to_int(number, before_us) || rest.data == NULL)
        return err_at(err(INVALID, "cursor: give the next_cursor of the page before, as it came"), "/cursor");
    *before_id = rest;
    return OK;
}

static SessionItem item_of(Arena *arena, const AgentsSqlListSessions *row)
{
    return (SessionItem){
        .session_id = row->session_id,
        .title = utf8_cut(row->began, TITLE_CHARACTERS),
        .begun = time_format(arena, row->begun_us),
        .seen = time_format(arena, row->seen_us),
        .turns = row->turns,
    };
}

Err sessions_list(const TurnTools *tools, Call *call, const AgentsListSessionsInput *in, SessionList *out)
{
    Arena *arena = call->arena;
    size_t limit = (size_t)in->limit, count;
    AgentsSqlListSessions *rows;
    int64_t before_us;
    Str before_id;

    TRY(read_place(in->cursor, &before_us, &before_id));
    TRY(agents_sql_list_sessions(tools->sql, NULL, arena, in->user_id, before_us, before_id, in->limit + 1,
                                 &rows, &count));
    out->user_id = in->user_id;
    out->items.items = arena_array(arena, SessionItem, limit + 1);
    for (size_t i = 0; i < count && i < limit; i++)
        out->items.items[out->items.count++] = item_of(arena, &rows[i]);
    if (count > limit)
        out->next_cursor = str_format(arena, "%lld:%.*s", (long long)rows[limit - 1].seen_us,
                                      STR_ARG(rows[limit - 1].session_id));
    return OK;
}

/* --- reading --- */

static Err no_such_session(Arena *arena, Str session_id)
{
    return err(NOT_FOUND, "session_id: this visitor has no session \"%s\"; GET …/sessions lists them",
               str_c(arena, session_id));
}

static Err count_turns(const TurnTools *tools, Arena *arena, Str user_id, Str session_id, int64_t *turns)
{
    bool known;

    TRY(agents_sql_count_turns(tools->sql, NULL, user_id, session_id, turns, &known));
    return known ? OK : no_such_session(arena, session_id);
}

static SessionTurn turn_of(Arena *arena, const AgentsSqlListSessionTurns *row)
{
    return (SessionTurn){
        .turn_id = row->turn_id,
        .number = row->number,
        .at = time_format(arena, row->at_us),
        .language = row->language,
        .outcome = row->outcome,
        .message = row->message,
        .content = row->content,
    };
}

Err sessions_get(const TurnTools *tools, Call *call, const AgentsGetSessionInput *in, SessionTurns *out)
{
    Arena *arena = call->arena;
    size_t limit = (size_t)in->limit, count;
    AgentsSqlListSessionTurns *rows;
    int64_t behind = 0;

    if (in->cursor.data != NULL && !str_to_int(in->cursor, &behind))
        return err_at(err(INVALID, "cursor: give the next_cursor of the page before, as it came"), "/cursor");
    TRY(count_turns(tools, arena, in->user_id, in->session_id, &out->turns));
    TRY(agents_sql_list_session_turns(tools->sql, NULL, arena, in->user_id, in->session_id, behind,
                                      in->limit + 1, &rows, &count));
    out->user_id = in->user_id;
    out->session_id = in->session_id;
    out->items.items = arena_array(arena, SessionTurn, limit + 1);
    for (size_t i = 0; i < count && i < limit; i++)
        out->items.items[out->items.count++] = turn_of(arena, &rows[i]);
    if (count > limit)
        out->next_cursor = str_format(arena, "%lld", (long long)rows[limit - 1].number);
    return OK;
}

/* --- deleting: rows, what they told, and in the outbox that the world is to forget them --- */

typedef struct Erasure {
    const Memory *memory;
    Arena *arena;
    Str user_id;
    Str session_id;
} Erasure;

static Err erase_rows(void *context, Tx *tx)
{
    const Erasure *of = context;

    sql_leave_no_trace(tx);
    TRY(agents_sql_note_erased_turns(tx, of->user_id, of->session_id, NULL));
    TRY(memory_forget_session(of->memory, tx, of->arena, of->user_id, of->session_id));
    TRY(agents_sql_erase_waiting_turns(tx, of->user_id, of->session_id, NULL));
    TRY(agents_sql_erase_turns(tx, of->user_id, of->session_id, NULL));
    TRY(agents_sql_erase_unrecorded(tx, of->user_id, of->session_id, NULL));
    return agents_sql_erase_session(tx, of->user_id, of->session_id, NULL);
}

static Err erase(Sql *sql, const Memory *memory, Arena *arena, Str user_id, Str session_id)
{
    Erasure erasure = {memory, arena, user_id, session_id};

    return sql_transact(sql, erase_rows, &erasure);
}

static void release_log(EventLog **log)
{
    event_log_release(*log);
}

static Err erase_counted(const TurnTools *tools, Arena *arena, const AgentsDeleteSessionInput *in,
                         int64_t *turns)
{
    TRY(count_turns(tools, arena, in->user_id, in->session_id, turns));
    return erase(tools->sql, tools->memory, arena, in->user_id, in->session_id);
}

/* It takes its turn among the turns of the session: none is stored into what was deleted. */
Err sessions_delete(const TurnTools *tools, Call *call, const AgentsDeleteSessionInput *in,
                    SessionDeleted *out)
{
    __attribute__((cleanup(release_log))) EventLog *log = event_log_create(1);
    LiveTurn *place;
    Err e;

    TRY(live_enter(tools->live, id_new(call->arena, tools->clock), in->user_id, in->session_id, log,
                   call->deadline_us, &place));
    e = erase_counted(tools, call->arena, in, &out->turns);
    live_leave(tools->live, place);
    TRY(e);
    recorder_wake(tools->recorder);
    return OK;
}

Err sessions_expire(Sql *sql, Memory *memory, int64_t before_us)
{
    AUTO_ARENA Arena arena = {0};
    AgentsSqlListStaleSessions *rows;
    size_t count;

    arena_init(&arena);
    TRY(agents_sql_list_stale_sessions(sql, NULL, &arena, before_us, ERASE_BATCH, &rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(erase(sql, memory, &arena, rows[i].user_id, rows[i].session_id));
    return OK;
}

static Err drop_erased(void *turn_id, Tx *tx)
{
    return agents_sql_drop_erased_turn(tx, *(const Str *)turn_id, NULL);
}

static Err forget(Sql *sql, const WorldClient *world, Arena *arena, Str turn_id)
{
    Call call = {.arena = arena, .trace = trace_new(), .identity = IDENTITY_OF_MACHINE};
    const ForgetInput input = {.source = str_format(arena, "event:%.*s", STR_ARG(turn_id))};
    Forgotten forgotten;

    TRY(world_client_forget(world, &call, &input, &forgotten));
    return sql_transact(sql, drop_erased, &turn_id);
}

Err sessions_retract(Sql *sql, const WorldClient *world)
{
    size_t count;

    do {
        AUTO_ARENA Arena arena = {0};
        Str *ids;
        arena_init(&arena);
        TRY(agents_sql_list_erased_turns(sql, NULL, &arena, ERASE_BATCH, &ids, &count));
        for (size_t i = 0; i < count; i++)
            TRY(forget(sql, world, &arena, ids[i]));
    } while (count == ERASE_BATCH);
    return OK;
}
