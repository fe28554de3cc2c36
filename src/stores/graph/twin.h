/* What a twin of the graph store implements; graph.c finds it by the scheme of the URL. */
#ifndef NERDX_STORES_GRAPH_TWIN_H
#define NERDX_STORES_GRAPH_TWIN_H

#include "stores/graph/graph.h"

/* The functions mean what their namesakes in graph.h say. */
typedef struct GraphTwin {
    const char *scheme;          /* how its URLs begin: "sqlite:" */
    size_t batch;                /* facts of a kind that it takes best at once */
    const SqlMigrations *tables; /* NULL: it doesn't lie in stores/sql */
    Err (*open)(const GraphAccess *access, Graph **out);
    Err (*check)(const GraphAccess *access, Arena *arena, Str *report);
    void (*close)(Graph *graph);
    bool (*reads_block)(const Graph *graph);
    Err (*get_node)(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out);
    Err (*get_neighbours)(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                          size_t *count);
    Err (*get_user_context)(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                            size_t *count);
    Err (*get_node_claims)(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count);
    Err (*get_relationship_claims)(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                   size_t *count);
    Err (*put)(Graph *graph, GraphOrigin origin, GraphBatch batch);
    Err (*replace)(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value);
    Err (*retract)(Graph *graph, Str origin, int64_t now_us, int64_t *claims);
    Err (*record)(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                  size_t *accepted);
    Err (*move_user)(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events);
    Err (*scan_nodes)(Graph *graph, Str label, GraphNodeFn on_node, void *context);
    Err (*scan_relationships)(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);
    Err (*get_version)(Graph *graph, int64_t *out);
    Err (*scan_changed)(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version);
    Err (*read)(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out);
    Err (*list_outbox)(Graph *graph, Arena *arena, size_t most, GraphHappening **out, size_t *count);
    Err (*drop_outbox)(Graph *graph, int64_t number);
    Err (*get_mark)(Graph *graph, Arena *arena, Str name, Str *out);
    Err (*set_mark)(Graph *graph, Str name, Str value);
} GraphTwin;

/* Each twin's struct begins with this. */
struct Graph {
    const GraphTwin *twin;
};

extern const GraphTwin GRAPH_TWIN_SQLITE;
extern const GraphTwin GRAPH_TWIN_NEO4J;

#endif
