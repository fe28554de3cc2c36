/* Those that visitors talk with, each a row of content (agent.h). They answer from the world model, which is
 * reached by its client, and remember in a database of their own: a turn is durable before its end is sent, and told to the
 * world afterwards, once.
 *
 *     AgentsConfig config = {.store = "sqlite:data/agents.db", .content = AGENTS_ASSETS, .world = &client};
 *     TRY(agents_create(&config, &agents));
 *
 * Operations: api/agents.yaml (agents_chat, agents_follow_turn). Where to start reading: turn.c. */
#ifndef NERDX_SERVICES_AGENTS_AGENTS_H
#define NERDX_SERVICES_AGENTS_AGENTS_H

#include "api/agents.h"
#include "api/auth.h"
#include "api/tools.h"
#include "api/world.h"
#include "base/asset.h"
#include "base/clock.h"
#include "llm/llm.h"
#include "services/agents/agent.h"
#include "stores/kv/kv.h"
#include "stores/queue/queue.h"
#include "stores/sql/sql.h"

typedef struct Agents Agents;

typedef struct AgentsConfig {
    const char *store; /* "sqlite:/path/agents.db" */
    const char *
        checkpoints; /* "/path/agents.runs": turns that are cut off go on at the next start; NULL: they don't */
    int64_t keep_us;          /* sessions that nobody has spoken in for so long are deleted; 0 = never */
    AssetTable content;       /* the files of content/agents */
    const WorldClient *world; /* must outlive the agents */
    const AuthClient *
        accounts; /* whose year of birth is known; NULL, or without a service yet: nobody's. Must outlive the agents */
    Kv *kv;             /* what nodes of a fleet share; NULL: this one is alone. Must outlive the agents */
    Llm *llm;           /* who speaks; NULL = the narrator alone. Must outlive the agents */
    const Clock *clock; /* NULL = the system's */
} AgentsConfig;

/* Errors: INVALID when content is wrong (says where), and those of sql_open. */
Err agents_create(const AgentsConfig *config, Agents **out);

/* As auth_start_jobs: what it tells is delivered by so many threads of this process; 0: by others. */
void agents_start_jobs(Agents *agents, size_t threads);
void agents_stop_jobs(Agents *agents);
Queue *agents_queue(const Agents *agents);
JobTable agents_jobs(void); /* as auth_jobs */

/* Whether an operation may wait for something else than memory or a local disk. */
bool agents_block(const Agents *agents);

/* UNAVAILABLE while the store can't be reached. */
Err agents_ready(Agents *agents);

const Metrics *agents_outcomes(const Agents *agents); /* turns by their outcome, sentences withheld */
/* What the language model's answers came to; NULL when there is none. */
const Metrics *agents_llm_metrics(const Agents *agents);

/* For `nerdx doctor`: looks at the store and changes nothing; *report is one line. Errors as sql_check. */
Err agents_check(const char *store, Arena *arena, Str *report);

/* What its store is made of: for what works on all stores alike (migrate, export, import, backup). */
SqlMigrations agents_tables(void);

/* The agents of a content, without a store, a world or a model: for looking at them. Errors: INVALID naming file and fault. */
Err agents_read(AssetTable content, AgentBook **out);

/* Tells the world what it hasn't confirmed yet, then ends. The world must still be there. Accepts NULL. */
void agents_destroy(Agents *agents);

#endif
