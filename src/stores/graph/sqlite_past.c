/* The reads of the past, and of who says so: the rules' own, each within one state of the database. */
#include "stores/graph/rules.h"
#include "stores/graph/sqlite_graph.h"

Err sqlite_get_past_node(Sql *sql, Arena *arena, Str key, int64_t moment_us, GraphNode *out)
{
    AUTO_END_READS Sql *reading = NULL;
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .sql = sql};

    TRY(sql_begin_reads(sql, &reading));
    return rules_get_past_node(&rows.rows, arena, key, moment_us, out);
}

/* Within the caller's sql_begin_reads. */
Err sqlite_get_past_neighbours(Sql *sql, Arena *arena, Str key, const GraphView *view, GraphNeighbour **out,
                               size_t *count)
{
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .sql = sql};

    return rules_get_past_neighbours(&rows.rows, arena, key, view, out, count);
}

Err sqlite_get_node_claims(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count)
{
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .sql = sqlite_of(graph)};

    return rules_get_node_claims(&rows.rows, arena, key, out, count);
}

Err sqlite_get_relationship_claims(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                   size_t *count)
{
    SqliteRows rows = {.rows.twin = &SQLITE_ROWS, .sql = sqlite_of(graph)};

    return rules_get_relationship_claims(&rows.rows, arena, type, from, to, out, count);
}
