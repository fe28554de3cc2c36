/* The Neo4j twin from inside: what its files share. neo4j.c opens and checks, read.c and scan.c read, write.c and
 * record.c write, through a draft; link.c is the way to the server. */
#ifndef NERDX_STORES_GRAPH_NEO4J_NEO4J_GRAPH_H
#define NERDX_STORES_GRAPH_NEO4J_NEO4J_GRAPH_H

#include "stores/graph/neo4j/familiar.h"
#include "stores/graph/neo4j/link.h"
#include "stores/graph/neo4j/queue.h"
#include "stores/graph/twin.h"

enum { NEO4J_FORMAT = 2 }; /* of what is in neo4j.cypher */

typedef struct Neo4jGraph {
    Graph graph; /* first: a Neo4jGraph is a Graph */
    Link *link;
    RecordQueue queue;
    pthread_mutex_t familiar_lock; /* held by who puts */
    Familiar familiar;
    pthread_mutex_t odd_lock;
    char *odd; /* names of properties that Neo4j doesn't keep as they are, as ask.c last heard: a JSON list */
} Neo4jGraph;

static inline Link *link_of(Graph *graph)
{
    return ((Neo4jGraph *)graph)->link;
}

Err neo4j_get_node(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out);
Err neo4j_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                         size_t *count);
Err neo4j_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                           size_t *count);
Err neo4j_get_node_claims(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count);
Err neo4j_get_relationship_claims(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                  size_t *count);
Err neo4j_put(Graph *graph, GraphOrigin origin, GraphBatch batch);
Err neo4j_replace(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value);
Err neo4j_retract(Graph *graph, Str origin, int64_t now_us, int64_t *claims);
Err neo4j_move_user(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events);
Err neo4j_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted);
Err neo4j_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context);
Err neo4j_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);
Err neo4j_read(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out);
Err neo4j_read_here(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out);
Err neo4j_get_version(Graph *graph, int64_t *out);
Err neo4j_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version);
Err neo4j_list_outbox(Graph *graph, Arena *arena, size_t most, GraphHappening **out, size_t *count);
Err neo4j_drop_outbox(Graph *graph, int64_t number);
Err neo4j_get_mark(Graph *graph, Arena *arena, Str name, Str *out);
Err neo4j_set_mark(Graph *graph, Str name, Str value);

#endif
