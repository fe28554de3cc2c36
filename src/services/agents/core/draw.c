#include "services/agents/core/graph.h"

static const char *name_of(const AgentGraph *graph, int at)
{
    return at == AGENT_END ? "end" : graph->nodes[at].name;
}

static void put_edge(const AgentGraph *graph, const AgentNode *node, int to, const char *label, Buf *out)
{
    buf_format(out, "  \"%s\" -> \"%s\"", node->name, name_of(graph, to));
    if (label != NULL)
        buf_format(out, " [label=\"%s\", style=dashed]", label);
    buf_put(out, STR(";\n"));
}

void agent_graph_put_dot(const AgentGraph *graph, Buf *out)
{
    buf_format(
        out,
        "digraph \"%s\" {\n  node [shape=box, style=rounded];\n  \"end\" [shape=doublecircle, label=\"\"];\n",
        graph->name);
    for (size_t i = 0; i < graph->count; i++) {
        const AgentNode *node = &graph->nodes[i];
        put_edge(graph, node, node->next, NULL, out);
        if (node->when != NULL)
            put_edge(graph, node, node->aside, node->when, out);
        if (node->stop != NULL)
            put_edge(graph, node, (int)i, node->stop, out);
    }
    buf_put(out, STR("}\n"));
}

void agent_graph_put_text(const AgentGraph *graph, Buf *out)
{
    for (size_t i = 0; i < graph->count; i++) {
        const AgentNode *node = &graph->nodes[i];
        buf_format(out, "%-16s -> %s", node->name, name_of(graph, node->next));
        if (node->when != NULL)
            buf_format(out, "; %s -> %s", node->when, name_of(graph, node->aside));
        if (node->stop != NULL)
            buf_format(out, "; waits while %s", node->stop);
        if (node->later)
            buf_put(out, STR("; later"));
        buf_put_char(out, '\n');
    }
}
