/* The SQLite twin from inside: what its files share. sqlite.c opens it, sqlite_read.c and sqlite_past.c read,
 * sqlite_put.c, sqlite_record.c and sqlite_retract.c write, all three over sqlite_ledger.c. */
#ifndef NERDX_STORES_GRAPH_SQLITE_GRAPH_H
#define NERDX_STORES_GRAPH_SQLITE_GRAPH_H

#include "stores/graph/graph_sql.h"
#include "stores/graph/twin.h"

typedef struct SqliteGraph {
    Graph graph; /* first: a SqliteGraph is a Graph */
    Sql *sql;
} SqliteGraph;

static inline Sql *sqlite_of(Graph *graph)
{
    return ((SqliteGraph *)graph)->sql;
}

/* Labels are kept as a JSON array. */
Json labels_to_json(Arena *arena, const Str *labels, size_t count);
Err labels_from_json(Arena *arena, Json text, const Str **labels, size_t *count);

/* An end is kept as NULL for GRAPH_FOREVER. */
static inline SqlMaybeInt end_to_sql(int64_t until_us)
{
    return (SqlMaybeInt){until_us != GRAPH_FOREVER, until_us};
}

static inline int64_t end_from_sql(SqlMaybeInt until_us)
{
    return until_us.present ? until_us.value : GRAPH_FOREVER;
}

/* The reads of the past, for as_of_us other than GRAPH_NOW; within sql_begin_reads. */
Err sqlite_get_past_node(Sql *sql, Arena *arena, Str key, int64_t moment_us, GraphNode *out);
Err sqlite_get_past_neighbours(Sql *sql, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                               size_t *count);

/* The total order of neighbours: by type, newest first, key, OUT before IN, id. */
int neighbour_compare(const GraphNeighbour *a, const GraphNeighbour *b);
/* Below 0 when the place is before the neighbour. */
int neighbour_compare_place(const GraphPlace *place, const GraphNeighbour *neighbour);
bool place_is_first(const GraphPlace *place);

Err sqlite_get_node(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out);
Err sqlite_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                          size_t *count);
Err sqlite_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                            size_t *count);
Err sqlite_get_node_claims(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count);
Err sqlite_get_relationship_claims(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                   size_t *count);
Err sqlite_put(Graph *graph, GraphOrigin origin, GraphBatch batch);
Err sqlite_replace(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value);
Err sqlite_retract(Graph *graph, Str origin, int64_t now_us, int64_t *claims);
Err sqlite_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                  size_t *accepted);
Err sqlite_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context);
Err sqlite_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);
Err sqlite_get_version(Graph *graph, int64_t *out);
Err sqlite_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version);

#endif
