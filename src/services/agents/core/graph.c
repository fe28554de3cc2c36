#include "services/agents/core/graph.h"

#include "base/span.h"

enum { STEPS_FIRST = 8 };

static void note(AgentRun *run, const AgentNode *node, int64_t began_us, Way way)
{
    const AgentHooks *hooks = run->hooks;
    size_t at = run->step_count++;

    if (run->arena == NULL)
        return;
    ARENA_MORE(run->arena, run->steps, at, run->step_room, STEPS_FIRST);
    run->steps[at] = (AgentStep){
        .node = node,
        .at_us = began_us - run->began_us,
        .took_us = clock_monotonic_us(run->clock) - began_us,
        .way = way,
        .saw = hooks->saw != NULL ? hooks->saw(run->state, node) : STR(""),
    };
}

static int next_of(const AgentNode *node, Way way, int here)
{
    if (way == STOP)
        return here;
    return way == STRAIGHT ? node->next : node->aside;
}

/* The node is what the thread is doing meanwhile: its calls of stores and services hang below it. */
static Err run_node(AgentRun *run, const AgentNode *node, Way *way)
{
    AUTO_SPAN Span span;

    span_begin(&span, SPAN_INTERNAL, node->name, NULL);
    span_note_text(&span, "nerdx.agent", run->graph->name);
    AUTO_DOING const Trace *before = span_enter(span.is_recorded ? &span.trace : span_current());
    return span_fail(&span, node->run(run->state, way));
}

static Err step(AgentRun *run)
{
    const AgentNode *node = &run->graph->nodes[run->at];
    int64_t began_us = clock_monotonic_us(run->clock);
    Way way = STRAIGHT;

    if (run->step_count == AGENT_STEPS_MAX)
        return err(INTERNAL, "%s: no end after %d steps", run->graph->name, AGENT_STEPS_MAX);
    if (run->hooks->before != NULL && run->wait.begin == NULL) /* one that goes on was let in before */
        TRY(run->hooks->before(run->state));
    run->wait = (AgentWait){0};
    TRY(run_node(run, node, &way));
    note(run, node, began_us, way);
    run->stopped = way == STOP;
    run->at = next_of(node, way, run->at);
    return run->hooks->after != NULL ? run->hooks->after(run->state, node, run->at) : OK;
}

static bool is_to_wait(const AgentRun *run)
{
    return run->graph->nodes[run->at].later && !run->is_late && run->hooks->later != NULL;
}

/* The node it waits at hasn't been let in yet, in contrast to one that stopped. */
static void put_off(AgentRun *run)
{
    run->stopped = run->is_put_off = true;
    run->wait = (AgentWait){run->hooks->later, run->state};
}

static void go_on(AgentRun *run)
{
    if (run->began_us == 0)
        run->began_us = clock_monotonic_us(run->clock);
    run->stopped = false;
    if (!run->is_put_off)
        return;
    run->is_put_off = false;
    run->is_late = true;
    run->wait = (AgentWait){0};
}

Err agent_run(AgentRun *run)
{
    go_on(run);
    while (run->at != AGENT_END && !run->stopped) {
        if (is_to_wait(run))
            put_off(run);
        else
            TRY(step(run));
    }
    return OK;
}

int agent_node_find(const AgentGraph *graph, Str name)
{
    for (size_t i = 0; i < graph->count; i++)
        if (str_equal(str_from(graph->nodes[i].name), name))
            return (int)i;
    return AGENT_END;
}
