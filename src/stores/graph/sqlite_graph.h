/* The SQLite twin from inside: what its files share. sqlite.c opens it, sqlite_read.c reads what holds now, sqlite_rows.c
 * gives the rules (rules.h) its rows, sqlite_write.c and sqlite_past.c are what the rules do with them. */
#ifndef NERDX_STORES_GRAPH_SQLITE_GRAPH_H
#define NERDX_STORES_GRAPH_SQLITE_GRAPH_H

#include <pthread.h>
#include <stdatomic.h>

#include "stores/graph/rows.h"
#include "stores/graph/twin.h"

/* The version that was read last, with the stamp that the database had before. Who looks sees it change to 0 while another is
 * written. */
typedef struct SeenVersion {
    pthread_mutex_t lock; /* of who writes */
    _Atomic uint64_t stamp;
    _Atomic int64_t version;
} SeenVersion;

typedef struct SqliteGraph {
    Graph graph; /* first: a SqliteGraph is a Graph */
    Sql *sql;
    SeenVersion seen;
} SqliteGraph;

static inline Sql *sqlite_of(Graph *graph)
{
    return ((SqliteGraph *)graph)->sql;
}

/* Rows within a transaction, or for reading only. */
typedef struct SqliteRows {
    Rows rows; /* first: SqliteRows are Rows */
    Sql *sql;
    Tx *tx;
} SqliteRows;

extern const RowsTwin SQLITE_ROWS;

/* For as_of_us other than GRAPH_NOW. */
Err sqlite_get_past_node(Sql *sql, Arena *arena, Str key, int64_t moment_us, GraphNode *out);
Err sqlite_get_past_neighbours(Sql *sql, Arena *arena, Str key, const GraphView *view, GraphNeighbour **out,
                               size_t *count);

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
Err sqlite_move_user(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events);
Err sqlite_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                  size_t *accepted);
Err sqlite_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context);
Err sqlite_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);
Err sqlite_read(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out);
Err sqlite_get_version(Graph *graph, int64_t *out);
Err sqlite_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version);

#endif
