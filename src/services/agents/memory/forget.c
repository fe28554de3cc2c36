/* Letting go of memories: in the store, in one transaction, so that nothing of the words is left. The world follows
 * (deliver.c). */

#include "services/agents/memory/room.h"

enum { TRACES_OF_ONE = TONGUE_COUNT + 1 }; /* its sentences, and the visitor's words */

/* What an answer may have repeated of what is to be forgotten, and the turns that did. */
typedef struct Traces {
    Arena *arena;
    Str *items;
    size_t count;
    Str *turns;
    size_t turn_count;
    size_t turn_capacity;
} Traces;

static void add_trace(Traces *traces, Str text)
{
    if (text.len > 0)
        traces->items[traces->count++] = text;
}

static Err add_traces(const Memory *memory, Tx *tx, Traces *traces, const MemorySqlItem *item)
{
    MemorySqlGetTurn turn;
    bool found;

    for (Tongue t = 0; t < TONGUE_COUNT; t++)
        add_trace(traces, remembered_of(memory, traces->arena, item, t).text);
    TRY(memory_sql_get_turn(memory->config.sql, tx, traces->arena, item->turn_id, item->user_id, &turn,
                            &found));
    if (found)
        add_trace(traces, turn.message);
    return OK;
}

static void add_turn(Traces *traces, Str turn_id)
{
    ARENA_MORE(traces->arena, traces->turns, traces->turn_count, traces->turn_capacity, 16);
    traces->turns[traces->turn_count++] = str_copy(traces->arena, turn_id);
}

static Err look_at_answer(void *context, const MemorySqlScanAnswers *row)
{
    Traces *traces = context;

    for (size_t i = 0; i < traces->count; i++)
        if (str_find(row->content, traces->items[i], 0) != SIZE_MAX) {
            add_turn(traces, row->turn_id);
            break;
        }
    return OK;
}

/* Answers that repeated it when they were asked for it. */
static Err erase_traces(const Memory *memory, Tx *tx, Arena *arena, const MemorySqlItem *items, size_t count)
{
    Traces traces = {.arena = arena, .items = arena_array(arena, Str, count * TRACES_OF_ONE)};

    for (size_t i = 0; i < count; i++)
        TRY(add_traces(memory, tx, &traces, &items[i]));
    TRY(memory_sql_scan_answers(memory->config.sql, tx, items[0].user_id, look_at_answer, &traces));
    for (size_t i = 0; i < traces.turn_count; i++)
        TRY(memory_sql_erase_turn(tx, traces.turns[i], items[0].user_id, NULL));
    return OK;
}

Err memory_let_go(const Memory *memory, Tx *tx, Arena *arena, const MemorySqlItem *items, size_t count)
{
    if (count == 0)
        return OK;
    taken_clear(memory->taken);
    sql_leave_no_trace(tx);
    TRY(erase_traces(memory, tx, arena, items, count));
    for (size_t i = 0; i < count; i++) {
        TRY(memory_sql_reopen(tx, items[i].user_id, items[i].memory_id, NULL));
        TRY(memory_sql_forget(tx, items[i].memory_id, items[i].user_id, NULL));
        TRY(memory_sql_erase_turn(tx, items[i].turn_id, items[i].user_id, NULL));
    }
    return OK;
}

static void choose(MemorySqlItem *items, size_t *count, Str memory_id)
{
    size_t kept = 0;

    for (size_t i = 0; i < *count; i++)
        if (str_equal(items[i].memory_id, memory_id))
            items[kept++] = items[i];
    *count = kept;
}

/* Those of the visitor with the id, or all of them when it is absent; *forgotten: how many. */
typedef struct Forgetting {
    Memory *memory;
    Arena *arena;
    Str user_id;
    Str memory_id;
    size_t count;
} Forgetting;

static Err let_go(void *context, Tx *tx)
{
    Forgetting *of = context;
    MemorySqlItem *items;

    TRY(memory_sql_list(of->memory->config.sql, tx, of->arena, of->user_id, 2L * MEMORIES_MAX, &items,
                        &of->count));
    if (of->memory_id.data != NULL)
        choose(items, &of->count, of->memory_id);
    return memory_let_go(of->memory, tx, of->arena, items, of->count);
}

static Err forget(Memory *memory, Arena *arena, Str user_id, Str memory_id, int64_t *forgotten)
{
    Forgetting forgetting = {memory, arena, user_id, memory_id, 0};

    TRY(sql_transact(memory->config.sql, let_go, &forgetting));
    *forgotten = (int64_t)forgetting.count;
    memory_deliver(memory);
    return OK;
}

Err memory_forget_session(const Memory *memory, Tx *tx, Arena *arena, Str user_id, Str session_id)
{
    MemorySqlItem *items;
    size_t count, told = 0;

    taken_clear(memory->taken);
    TRY(memory_sql_list(memory->config.sql, tx, arena, user_id, 2L * MEMORIES_MAX, &items, &count));
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i].session_id, session_id))
            items[told++] = items[i];
    return memory_let_go(memory, tx, arena, items, told);
}

Err memory_forget(Memory *memory, Call *call, const AgentsForgetMemoryInput *in, MemoriesForgotten *out)
{
    TRY(forget(memory, call->arena, in->user_id, in->memory_id, &out->forgotten));
    if (out->forgotten == 0)
        return err(NOT_FOUND, "memory_id: %.80s is no memory of this visitor; GET …/memories lists them",
                   str_c(call->arena, in->memory_id));
    return OK;
}

Err memory_forget_all(Memory *memory, Call *call, const AgentsForgetMemoriesInput *in, MemoriesForgotten *out)
{
    return forget(memory, call->arena, in->user_id, (Str){NULL, 0}, &out->forgotten);
}
