/* An agent is a row of content: content/agents/NAME/agent.yaml says who it is, what it is told (its prompt), who speaks for it, which
 * tools it has, what a turn of it may spend, which outcomes it knows and to whom it hands over. All of them run on the same graph,
 * guards, memory and words of the house. Read once, never changed after that.
 *
 *     TRY(agent_book_create(&config, &book));      const Agent *maeju = agent_book_find(book, STR("maeju")); */
#ifndef NERDX_SERVICES_AGENTS_AGENT_H
#define NERDX_SERVICES_AGENTS_AGENT_H

#include "api/agents.h"
#include "base/asset.h"
#include "services/agents/core/graph.h"
#include "services/agents/llm/improviser.h"
#include "services/agents/text.h"
#include "services/agents/tools/tool.h"

enum { AGENT_HANDOFFS_MAX = 8, AGENT_TOOLS_MAX = 16, AGENTS_MAX = 32 };

/* To whom it hands over, and when. */
typedef struct AgentHandoff {
    Str to;
    HandoffReason reason;
    Str words[TONGUE_COUNT]; /* what is said then; absent: the house's phrase */
} AgentHandoff;

typedef struct Agent {
    const char *name; /* "maeju": of its folder, and of its address */
    Str title;        /* "Maeju" */
    Str about;        /* one line */
    Str character;    /* its entity in the world model, whom people talk with; empty: none */
    AgentGraph graph;
    Generator generators[GENERATOR_COUNT]; /* who answers questions, asked in this order */
    size_t generator_count;
    int64_t tokens;     /* what a turn may spend: of a language model, read and written */
    int64_t calls;      /* of tools */
    int64_t rounds;     /* answers of the model that it may be asked for */
    int64_t approval_s; /* how long a turn waits for one */
    uint32_t outcomes;  /* bit i: it knows ChatReplyOutcome i */
    AgentHandoff handoffs[AGENT_HANDOFFS_MAX];
    size_t handoff_count;
    Tool tools[AGENT_TOOLS_MAX];
    size_t tool_count;
    Improviser *improviser; /* NULL: no language model is configured */
} Agent;

typedef struct AgentBook AgentBook;

typedef struct AgentBookConfig {
    AssetTable content;         /* of content/agents */
    const AgentGraph *graph;    /* which all of them run on */
    const ToolSources *sources; /* where tools come from; their clients must outlive the book */
    Llm *llm;                   /* NULL: none */
    Metrics *metrics;           /* improviser_metrics_create; of all of them */
} AgentBookConfig;

/* Errors: INVALID naming the file and what is wrong in it. */
Err agent_book_create(const AgentBookConfig *config, AgentBook **out);
void agent_book_destroy(AgentBook *book); /* accepts NULL */

size_t agent_book_count(const AgentBook *book);
const Agent *agent_book_at(const AgentBook *book, size_t i);            /* by name */
const Agent *agent_book_find(const AgentBook *book, Str name);          /* NULL: there is none */
Err agent_book_get(const AgentBook *book, Str name, const Agent **out); /* NOT_FOUND naming those there are */

bool agent_knows(const Agent *agent, ChatReplyOutcome outcome);
bool agent_speaks_by(const Agent *agent, Generator generator);
const Tool *agent_tool(const Agent *agent, Str name);                            /* NULL: it has none */
const AgentHandoff *agent_handoff_to(const Agent *agent, Str to);                /* NULL: it doesn't */
const AgentHandoff *agent_handoff_for(const Agent *agent, HandoffReason reason); /* the first; NULL: none */

#endif
