#include "services/agents/agents.h"

#include <stdlib.h>

#include "base/memory.h"
#include "services/agents/sessions.h"
#include "services/agents/tools/operations.h"
#include "services/agents/visit.h"

/* Enough for the commits of turns to form groups; few, as each takes memory for its readers and for what a turn needs for a
 * moment. A turn waits for its model without one. */
enum { TURNERS = 16, RESTED_KEPT = 16384, DRAIN_MS = 5000 };

struct Agents {
    AgentBook *book;
    Metrics *llm_metrics; /* NULL without a language model */
    Grounding *grounding;
    OrderBook *orders;
    TurnTools tools;
    Voice *voice;
    Resumed *resumed;
    AgentsClient self; /* its own operations are tools too */
    ToolsClient own_tools;
    Worker *worker; /* NULL: others do its jobs */
};

enum { HANDS = 16, HANDS_QUEUE = 256 };

static Err open_turns(TurnTools *tools, Kv *kv)
{
    tools->live = live_create(tools->clock);
    if (kv == NULL)
        return OK;
    live_share(tools->live, kv);
    return elsewhere_create(kv, tools->live, &tools->elsewhere);
}

/* Turns that were cut off go on when everything else is there. */
static void start(Agents *agents, const AgentsConfig *config)
{
    TurnTools *tools = &agents->tools;

    tools->turners = pool_create("turn", TURNERS, LIVE_TURNS_MAX);
    tools->shelf = fact_shelf_create();
    tools->outcomes = outcomes_create();
    tools->recorder = recorder_start(&(RecorderConfig){tools->sql, config->world, agents->book, tools->clock,
                                                       tools->memory, config->keep_us});
    agents->resumed = visit_resume(tools);
}

/* The operations that agents may be given as tools. */
static ToolSources sources_of(const Agents *agents, const WorldClient *world)
{
    return (ToolSources){{{TOOLS_TOOLS, TOOLS_TOOL_COUNT, &agents->own_tools},
                          {AGENTS_TOOLS, AGENTS_TOOL_COUNT, &agents->self},
                          {WORLD_TOOLS, WORLD_TOOL_COUNT, world}}};
}

static Err open_book(Agents *agents, const AgentsConfig *config)
{
    const ToolSources sources = sources_of(agents, config->world);
    AgentBookConfig book = {config->content, &TURN_GRAPH, &sources, config->llm, NULL};

    agents->self = (AgentsClient){.service = agents};
    agents->own_tools = (ToolsClient){.service = agents};
    if (config->llm != NULL) {
        agents->tools.hands = pool_create("tool", HANDS, HANDS_QUEUE);
        agents->llm_metrics = book.metrics = improviser_metrics_create();
    }
    TRY(agent_book_create(&book, &agents->book));
    agents->tools.agents = agents->book;
    return OK;
}

/* What a sentence may rest on, and what is heard of an order. */
static Err open_rules(Agents *agents, const AgentsConfig *config)
{
    TRY(grounding_create(config->content, &agents->grounding));
    agents->tools.grounding = agents->grounding;
    TRY(order_book_create(config->content, agents->grounding, &agents->orders));
    agents->tools.orders = agents->orders;
    return OK;
}

/* No kinds of its own: only what it tells goes through it. */
JobTable agents_jobs(void)
{
    return (JobTable){.service = "agents"};
}

static Err open_store(TurnTools *tools, const AgentsConfig *config)
{
    TRY(sql_open(config->store, AGENTS_SQL_MIGRATIONS, &tools->sql));
    TRY(queue_open(&(QueueConfig){agents_jobs(), tools->sql, tools->clock, NULL}, &tools->queue));
    return memory_create(&(MemoryConfig){config->content, tools->sql, config->world}, &tools->memory);
}

static Err open_all(Agents *agents, const AgentsConfig *config)
{
    TurnTools *tools = &agents->tools;

    tools->dies_after = getenv("AGENTS_DIE_AFTER");
    tools->clock = config->clock != NULL ? config->clock : clock_system();
    tools->world = config->world;
    tools->accounts = config->accounts;
    TRY(voice_create(config->content, tools->clock, &agents->voice));
    tools->voice = agents->voice;
    TRY(open_store(tools, config));
    TRY(open_rules(agents, config));
    tools->sheets = sheets_create();
    tools->rested = recent_create(RESTED_KEPT, sizeof(bool));
    TRY(open_book(agents, config));
    TRY(checkpoints_open(config->checkpoints, &tools->checkpoints));
    TRY(open_turns(tools, config->kv));
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

Err agents_read(AssetTable content, AgentBook **out)
{
    static const Agents NOBODY;
    const ToolSources sources = sources_of(&NOBODY, NULL);

    return agent_book_create(&(AgentBookConfig){content, &TURN_GRAPH, &sources, NULL, NULL}, out);
}

Err agents_check(const char *store, Arena *arena, Str *report)
{
    return sql_check(store, AGENTS_SQL_MIGRATIONS, arena, report);
}

SqlMigrations agents_tables(void)
{
    return AGENTS_SQL_MIGRATIONS;
}

bool agents_block(const Agents *agents)
{
    return sql_reads_block(agents->tools.sql) || agents->tools.world->remote != NULL;
}

Err agents_ready(Agents *agents)
{
    return sql_ready(agents->tools.sql);
}

void agents_destroy(Agents *agents)
{
    if (agents == NULL)
        return;
    visit_resume_stop(agents->resumed);
    pool_destroy(agents->tools.turners);
    pool_destroy(agents->tools.hands);
    recorder_stop(agents->tools.recorder);
    elsewhere_destroy(agents->tools.elsewhere);
    live_destroy(agents->tools.live);
    checkpoints_close(agents->tools.checkpoints);
    fact_shelf_destroy(agents->tools.shelf);
    memory_destroy(agents->tools.memory);
    agents_stop_jobs(agents);
    queue_close(agents->tools.queue);
    sql_close(agents->tools.sql);
    agent_book_destroy(agents->book);
    metrics_destroy(agents->llm_metrics);
    metrics_destroy(agents->tools.outcomes);
    sheets_destroy(agents->tools.sheets);
    recent_destroy(agents->tools.rested);
    order_book_destroy(agents->orders);
    grounding_destroy(agents->grounding);
    voice_destroy(agents->voice);
    memory_free(agents);
}

void agents_start_jobs(Agents *agents, size_t threads)
{
    if (threads > 0)
        agents->worker = worker_start(agents->tools.queue, threads);
}

void agents_stop_jobs(Agents *agents)
{
    (void)worker_stop(agents->worker, DRAIN_MS);
    agents->worker = NULL;
}

Queue *agents_queue(const Agents *agents)
{
    return agents->tools.queue;
}

const Metrics *agents_outcomes(const Agents *agents)
{
    return agents->tools.outcomes;
}

const Metrics *agents_llm_metrics(const Agents *agents)
{
    return agents->llm_metrics;
}

Err agents_chat(Call *call, const AgentsChatInput *in, ChatReply *out)
{
    const Agents *agents = call->service;

    return visit_chat(&agents->tools, call, in, out);
}

Err agents_decide(Call *call, const AgentsDecideInput *in, ChatReply *out)
{
    const Agents *agents = call->service;

    return visit_decide(&agents->tools, call, in, out);
}

Err agents_cancel_turn(Call *call, const AgentsCancelTurnInput *in, TurnCancelled *out)
{
    const Agents *agents = call->service;

    return visit_cancel(&agents->tools, call, in, out);
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

Err agents_move_person(Call *call, const AgentsMovePersonInput *in, TalksMoved *out)
{
    const Agents *agents = call->service;

    return sessions_move(&agents->tools, call, in, out);
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

Err tools_query_world_model(Call *call, const ToolsQueryWorldModelInput *in, QueryResult *out)
{
    const Agents *agents = call->service;

    return operation_query(&agents->tools, call, in, out);
}

Err tools_recommend_product(Call *call, const ToolsRecommendProductInput *in, Recommendations *out)
{
    const Agents *agents = call->service;

    return operation_recommend(&agents->tools, call, in, out);
}

Err tools_generate_story(Call *call, const ToolsGenerateStoryInput *in, Story *out)
{
    const Agents *agents = call->service;

    return operation_tell_story(&agents->tools, call, in, out);
}

Err tools_hand_off(Call *call, const ToolsHandOffInput *in, Handoff *out)
{
    const Agents *agents = call->service;

    return operation_hand_off(&agents->tools, call, in, out);
}
