#include "stores/graph/graph.h"

#include <assert.h>
#include <string.h>

#include "stores/graph/twin.h"

static const GraphTwin *const TWINS[] = {&GRAPH_TWIN_SQLITE};

/* NULL when the URL names none. */
static const GraphTwin *find_twin(const char *url)
{
    assert(url != NULL);
    for (size_t i = 0; i < sizeof(TWINS) / sizeof(TWINS[0]); i++)
        if (strncmp(url, TWINS[i]->scheme, strlen(TWINS[i]->scheme)) == 0)
            return TWINS[i];
    return NULL;
}

static Err no_twin(const char *url)
{
    return err(INVALID, "world_graph: %s names no graph store; sqlite:/path/world.db would", url);
}

Err graph_open(const char *url, Graph **out)
{
    const GraphTwin *twin = find_twin(url);

    return twin != NULL ? twin->open(url, out) : no_twin(url);
}

Err graph_check(const char *url, Arena *arena, Str *report)
{
    const GraphTwin *twin = find_twin(url);

    return twin != NULL ? twin->check(url, arena, report) : no_twin(url);
}

void graph_close(Graph *graph)
{
    if (graph != NULL)
        graph->twin->close(graph);
}

bool graph_reads_block(const Graph *graph)
{
    return graph->twin->reads_block(graph);
}

Err graph_get_node(Graph *graph, Arena *arena, Str key, GraphNode *out)
{
    return graph->twin->get_node(graph, arena, key, out);
}

Err graph_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                         size_t *count)
{
    return graph->twin->get_neighbours(graph, arena, key, view, out, count);
}

Err graph_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                           size_t *count)
{
    return graph->twin->get_user_context(graph, arena, user, limit, out, count);
}

Err graph_put(Graph *graph, GraphBatch batch)
{
    return graph->twin->put(graph, batch);
}

Err graph_replace(Graph *graph, Str origin, GraphBatch batch, Str mark_name, Str mark_value)
{
    assert(origin.len > 0);
    return graph->twin->replace(graph, origin, batch, mark_name, mark_value);
}

Err graph_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted)
{
    return graph->twin->record(graph, interactions, count, new_user_properties, accepted);
}

Err graph_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context)
{
    return graph->twin->scan_nodes(graph, label, on_node, context);
}

Err graph_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context)
{
    return graph->twin->scan_relationships(graph, type, on_relationship, context);
}

Err graph_get_mark(Graph *graph, Arena *arena, Str name, Str *out)
{
    return graph->twin->get_mark(graph, arena, name, out);
}

Err graph_set_mark(Graph *graph, Str name, Str value)
{
    return graph->twin->set_mark(graph, name, value);
}
