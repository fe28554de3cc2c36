/* The state graph of an agent as a table: a node, its function, and which node is next. It knows nothing of what the
 * nodes do; what is done around each of them (looking at budgets, keeping checkpoints) is the caller's, as hooks.
 *
 *     static const AgentNode NODES[] = {[ASK] = {"ask", ask, ANSWER, AGENT_END, "nothing was asked"}, …};
 *     static const AgentGraph GRAPH = {"maeju", NODES, sizeof NODES / sizeof *NODES};
 *     AgentRun run = {.graph = &GRAPH, .state = &turn, .hooks = &HOOKS, .clock = clock};
 *     TRY(agent_run(&run));                 run.stopped: a node waits for somebody; agent_run goes on with it again
 */
#ifndef NERDX_SERVICES_AGENTS_CORE_GRAPH_H
#define NERDX_SERVICES_AGENTS_CORE_GRAPH_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

/* Whether a run goes on as usual, by the short cut of its node, or waits at this node until it is run again. */
typedef enum Way { STRAIGHT, ASIDE, STOP } Way;

enum { AGENT_END = -1, AGENT_STEPS_MAX = 32 };

typedef struct AgentNode {
    const char *name;
    Err (*run)(void *state, Way *way);
    int next; /* positions in the table, or AGENT_END */
    int aside;
    const char *when; /* what takes it aside; NULL: nothing does */
    const char *stop; /* what it may wait for; NULL: for nothing */
    bool later;       /* nobody waits for it as for what comes before: others' first nodes may go first */
} AgentNode;

typedef struct AgentGraph {
    const char *name;
    const AgentNode *nodes; /* a run begins with the first */
    size_t count;
} AgentGraph;

/* One node that was run. */
typedef struct AgentStep {
    const AgentNode *node;
    int64_t at_us; /* since the run began */
    int64_t took_us;
    Way way;
    Str saw; /* what the hook said of it */
} AgentStep;

/* Before the first node that is for later, later(state) is what the run waits for: it has it gone on with when nothing more urgent is
 * to be done. NULL: it goes on at once. */
typedef struct AgentHooks {
    Err (*before)(void *state);                           /* an error ends the run; may be NULL */
    Str (*saw)(const void *state, const AgentNode *node); /* for the trace, after the node; may be NULL */
    Err (*after)(void *state, const AgentNode *node, int next); /* the place for a checkpoint; may be NULL */
    void (*later)(void *state);
} AgentHooks;

/* What a node that stops the run waits for. begin is called by whoever called agent_run, once nobody touches the run any more: it
 * may have the run gone on with, at once or on another thread. */
typedef struct AgentWait {
    void (*begin)(void *context);
    void *context;
} AgentWait;

typedef struct AgentRun {
    const AgentGraph *graph;
    void *state;
    const AgentHooks *hooks;
    const Clock *clock;
    int at; /* the node that is next, AGENT_END behind the last; a run that goes on begins there */
    bool stopped;
    bool is_put_off;  /* before `at`, which is for later */
    bool is_late;     /* it has been */
    AgentWait wait;   /* of the node that stopped; begin is NULL when it waits for a person */
    int64_t began_us; /* monotonic */
    Arena
        *arena; /* where the steps are kept; NULL: they are only counted, as most runs show them to nobody */
    AgentStep *steps;
    size_t step_count;
    size_t step_room;
} AgentRun;

/* Runs nodes until the end, or until one stops. Errors: those of nodes and hooks; INTERNAL after AGENT_STEPS_MAX. */
Err agent_run(AgentRun *run);

/* The position of the node with that name, or AGENT_END. */
int agent_node_find(const AgentGraph *graph, Str name);

/* draw.c: for Graphviz, and a line a node for the terminal. */
void agent_graph_put_dot(const AgentGraph *graph, Buf *out);
void agent_graph_put_text(const AgentGraph *graph, Buf *out);

#endif
