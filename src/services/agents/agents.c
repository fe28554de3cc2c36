#include "services/agents/agents.h"

#include <stdlib.h>

#include "base/memory.h"
#include "services/agents/sessions.h"
#include "services/agents/visit.h"

/* Enough for the commits of turns to form groups; few, as each takes memory for its readers and for what a turn needs for a
 * moment. A turn waits for its model without one. */
enum { TURNERS = 16 };

struct Agents {
    Improviser *improviser;
    Grounding *grounding;
    TurnTools tools;
    Voice *voice;
    Resumed *resumed;
};

/* Turns that were cut off go on when everything else is there. */
static void start(Agents *agents, const AgentsConfig *config)
{
    TurnTools *tools = &agents->tools;

    tools->live = live_create(tools->clock);
    tools->turners = pool_create("turn", TURNERS, LIVE_TURNS_MAX);
    tools->shelf = fact_shelf_create();
    tools->outcomes = outcomes_create();
    tools->recorder =
        recorder_start(&(RecorderConfig){tools->sql, config->world, voice_character(agents->voice),
                                         tools->clock, tools->memory, config->keep_us});
    agents->resumed = visit_resume(tools);
}

static Err open_all(Agents *agents, const AgentsConfig *config)
{
    TurnTools *tools = &agents->tools;

    tools->dies_after = getenv("AGENTS_DIE_AFTER");
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
    TRY(checkpoints_open(config->checkpoints, &tools->checkpoints));
    start(agents, config);
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

const AgentGraph *agents_graph(Str name)
{
    static const AgentGraph *const GRAPHS[] = {&TURN_GRAPH};

    for (size_t i = 0; i < sizeof GRAPHS / sizeof *GRAPHS; i++)
        if (str_equal(name, str_from(GRAPHS[i]->name)))
            return GRAPHS[i];
    return NULL;
}

Err agents_check(const char *store, Arena *arena, Str *report)
{
    return sql_check(store, AGENTS_SQL_MIGRATIONS, arena, report);
}

void agents_destroy(Agents *agents)
{
    if (agents == NULL)
        return;
    visit_resume_stop(agents->resumed);
    pool_destroy(agents->tools.turners);
    recorder_stop(agents->tools.recorder);
    live_destroy(agents->tools.live);
    checkpoints_close(agents->tools.checkpoints);
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

Err agents_chat(Call *call, const AgentsChatInput *in, ChatReply *out)
{
    const Agents *agents = call->service;

    return visit_chat(&agents->tools, call, in, out);
}

Err agents_list_sessions(Call *call, const AgentsListSessionsInput *in, SessionList *out)
{
    const Agents *agents = call->service;

    return sessions_list(&agents->tools, call, in, out);
}

Err agents_get_session(Call *call, const AgentsGetSessionInput *in, SessionTurns *out)
{
    const Agents *agents = call->service;

    return sessions_get(&agents->tools, call, in, out);
}

Err agents_delete_session(Call *call, const AgentsDeleteSessionInput *in, SessionDeleted *out)
{
    const Agents *agents = call->service;

    return sessions_delete(&agents->tools, call, in, out);
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

Err agents_follow_turn(Call *call, const AgentsFollowTurnInput *in)
{
    const Agents *agents = call->service;

    return visit_follow(&agents->tools, call, in);
}
