/* What a twin of the graph store implements; graph.c finds it by the scheme of the URL. */
#ifndef NERDX_STORES_GRAPH_TWIN_H
#define NERDX_STORES_GRAPH_TWIN_H

#include "stores/graph/graph.h"

/* The functions mean what their namesakes in graph.h say. */
typedef struct GraphTwin {
    const char *scheme; /* "sqlite:" */
    Err (*open)(const char *url, Graph **out);
    Err (*check)(const char *url, Arena *arena, Str *report);
    void (*close)(Graph *graph);
    bool (*reads_block)(const Graph *graph);
    Err (*get_node)(Graph *graph, Arena *arena, Str key, GraphNode *out);
    Err (*get_neighbours)(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                          size_t *count);
    Err (*get_user_context)(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                            size_t *count);
    Err (*put)(Graph *graph, GraphBatch batch);
    Err (*replace)(Graph *graph, Str origin, GraphBatch batch, Str mark_name, Str mark_value);
    Err (*record)(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                  size_t *accepted);
    Err (*scan_nodes)(Graph *graph, Str label, GraphNodeFn on_node, void *context);
    Err (*scan_relationships)(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);
    Err (*get_mark)(Graph *graph, Arena *arena, Str name, Str *out);
    Err (*set_mark)(Graph *graph, Str name, Str value);
} GraphTwin;

/* Each twin's struct begins with this. */
struct Graph {
    const GraphTwin *twin;
};

extern const GraphTwin GRAPH_TWIN_SQLITE;

#endif
