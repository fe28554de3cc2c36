#include "services/agents/agents.h"

#include <assert.h>

#include "base/memory.h"
#include "services/agents/turn.h"

struct Agents {
    Improviser *improviser;
    Grounding *grounding;
    TurnTools tools;
    Voice *voice;
};

static Err open_all(Agents *agents, const AgentsConfig *config)
{
    TurnTools *tools = &agents->tools;

    tools->clock = config->clock != NULL ? config->clock : clock_system();
    tools->world = config->world;
    TRY(voice_create(config->content, &agents->voice));
    tools->voice = agents->voice;
    TRY(sql_open(config->store, AGENTS_SQL_MIGRATIONS, &tools->sql));
    TRY(memory_create(&(MemoryConfig){config->content, tools->sql, config->world}, &tools->memory));
    TRY(grounding_create(config->content, &agents->grounding));
    tools->grounding = agents->grounding;
    tools->sheets = sheets_create();
    if (config->llm != NULL)
        TRY(improviser_create(config->llm, config->content, &agents->improviser));
    tools->improviser = agents->improviser;
    tools->live = live_create(tools->clock);
    tools->shelf = fact_shelf_create();
    tools->outcomes = outcomes_create();
    tools->recorder = recorder_start(&(RecorderConfig){
        tools->sql, config->world, voice_character(agents->voice), tools->clock, tools->memory});
    return OK;
}

Err agents_create(const AgentsConfig *config, Agents **out)
{
    Agents *agents = memory_new(Agents);
    Err e = open_all(agents, config);

    *out = failed(&e) ? NULL : agents;
    if (failed(&e))
        agents_destroy(agents);
    return e;
}

Err agents_check(const char *store, Arena *arena, Str *report)
{
    return sql_check(store, AGENTS_SQL_MIGRATIONS, arena, report);
}

void agents_destroy(Agents *agents)
{
    if (agents == NULL)
        return;
    recorder_stop(agents->tools.recorder);
    live_destroy(agents->tools.live);
    fact_shelf_destroy(agents->tools.shelf);
    memory_destroy(agents->tools.memory);
    sql_close(agents->tools.sql);
    improviser_destroy(agents->improviser);
    metrics_destroy(agents->tools.outcomes);
    sheets_destroy(agents->tools.sheets);
    grounding_destroy(agents->grounding);
    voice_destroy(agents->voice);
    memory_free(agents);
}

const Metrics *agents_outcomes(const Agents *agents)
{
    return agents->tools.outcomes;
}

const Metrics *agents_llm_metrics(const Agents *agents)
{
    return agents->improviser != NULL ? improviser_metrics(agents->improviser) : NULL;
}

static void release_log(EventLog **log)
{
    event_log_release(*log);
}
#define AUTO_LOG __attribute__((cleanup(release_log)))

Err agents_chat(Call *call, const ChatInput *in, ChatReply *out)
{
    Agents *agents = call->service;
    AUTO_LOG EventLog *live = event_log_create(TURN_EVENTS_MAX_BYTES);
    AUTO_LOG EventLog *stored = event_log_create(TURN_EVENTS_MAX_BYTES);
    Turn turn = {.tools = &agents->tools, .call = call, .in = in, .live = live, .stored = stored};
    LiveTurn *place;

    turn.id = id_new(call->arena, agents->tools.clock);
    turn.at_us = clock_wall_us(agents->tools.clock);
    TRY(live_enter(agents->tools.live, turn.id, in->user_id, in->session_id, live, call->deadline_us,
                   &place));
    if (call->wants_events)
        call_stream(call, live);
    Err e = turn_run(&turn, out);
    live_leave(agents->tools.live, place);
    return e;
}

Err agents_list_memories(Call *call, const AgentsListMemoriesInput *in, MemoryList *out)
{
    const Agents *agents = call->service;

    return memory_list(agents->tools.memory, call, in, out);
}

Err agents_forget_memory(Call *call, const AgentsForgetMemoryInput *in, MemoriesForgotten *out)
{
    const Agents *agents = call->service;

    return memory_forget(agents->tools.memory, call, in, out);
}

Err agents_forget_memories(Call *call, const AgentsForgetMemoriesInput *in, MemoriesForgotten *out)
{
    const Agents *agents = call->service;

    return memory_forget_all(agents->tools.memory, call, in, out);
}

Err agents_recall(Call *call, const AgentsRecallInput *in, RecalledList *out)
{
    const Agents *agents = call->service;

    return memory_search(agents->tools.memory, call, in, out);
}

/* A turn that is going on, or one that is kept: a turn leaves the first only after it is in the second. */
static Err find_turn(const Agents *agents, Arena *arena, Str turn_id, EventLog **out)
{
    Str events;
    bool found;

    *out = live_find(agents->tools.live, turn_id);
    if (*out != NULL)
        return OK;
    TRY(agents_sql_get_events(agents->tools.sql, NULL, arena, turn_id, &events, &found));
    if (!found || events.len == 0) /* empty: its words were forgotten */
        return err(
            NOT_FOUND,
            "turn_id: no turn is called \"%.64s\"; one that was cut off before its end must be sent again",
            str_c(arena, turn_id));
    TRY(event_log_from_json(events, out));
    event_log_close(*out);
    return OK;
}

Err agents_follow_turn(Call *call, const AgentsFollowTurnInput *in)
{
    AUTO_LOG EventLog *log = NULL;

    TRY(find_turn(call->service, call->arena, in->turn_id, &log));
    call_stream(call, log);
    return OK;
}
