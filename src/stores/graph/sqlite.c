/* The graph in one SQLite file: graph.sql over stores/sql. */
#include "base/memory.h"
#include "stores/graph/sqlite_graph.h"

enum { BATCH = 32768 };

static Err sqlite_open(const GraphAccess *access, Graph **out)
{
    SqliteGraph *graph;
    Sql *sql;

    TRY(sql_open(access->url, GRAPH_SQL_MIGRATIONS, &sql));
    graph = memory_new(SqliteGraph);
    graph->graph.twin = &GRAPH_TWIN_SQLITE;
    graph->sql = sql;
    (void)pthread_mutex_init(&graph->seen.lock, NULL);
    *out = &graph->graph;
    return OK;
}

static Err sqlite_check(const GraphAccess *access, Arena *arena, Str *report)
{
    return sql_check(access->url, GRAPH_SQL_MIGRATIONS, arena, report);
}

static void sqlite_close(Graph *graph)
{
    sql_close(sqlite_of(graph));
    (void)pthread_mutex_destroy(&((SqliteGraph *)graph)->seen.lock);
    memory_free(graph);
}

static bool sqlite_reads_block(const Graph *graph)
{
    return sql_reads_block(((const SqliteGraph *)graph)->sql);
}

static Err sqlite_get_mark(Graph *graph, Arena *arena, Str name, Str *out)
{
    bool found;

    TRY(graph_sql_get_mark(sqlite_of(graph), NULL, arena, name, out, &found));
    if (!found)
        *out = (Str){0};
    return OK;
}

static Err sqlite_set_mark(Graph *graph, Str name, Str value)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sqlite_of(graph), &tx));
    TRY(graph_sql_set_mark(tx, name, value, NULL));
    return sql_commit(&tx);
}

static Err sqlite_list_outbox(Graph *graph, Arena *arena, size_t most, GraphHappening **out, size_t *count)
{
    GraphSqlListOutbox *rows;

    TRY(graph_sql_list_outbox(sqlite_of(graph), NULL, arena, (int64_t)most, &rows, count));
    *out = arena_array(arena, GraphHappening, *count);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (GraphHappening){
            .number = rows[i].number,
            .id = rows[i].id,
            .what = (GraphHappened)rows[i].what,
            .key = rows[i].key,
            .event_id = rows[i].event_id,
            .version = rows[i].version,
            .nodes = rows[i].nodes,
            .traceparent = rows[i].traceparent,
        };
    return OK;
}

static Err sqlite_drop_outbox(Graph *graph, int64_t number)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sqlite_of(graph), &tx));
    TRY(graph_sql_drop_outbox(tx, number, NULL));
    return sql_commit(&tx);
}

const GraphTwin GRAPH_TWIN_SQLITE = {
    .scheme = "sqlite:",
    .batch = BATCH,
    .tables = &GRAPH_SQL_MIGRATIONS,
    .open = sqlite_open,
    .check = sqlite_check,
    .close = sqlite_close,
    .reads_block = sqlite_reads_block,
    .get_node = sqlite_get_node,
    .get_neighbours = sqlite_get_neighbours,
    .get_user_context = sqlite_get_user_context,
    .get_node_claims = sqlite_get_node_claims,
    .get_relationship_claims = sqlite_get_relationship_claims,
    .put = sqlite_put,
    .replace = sqlite_replace,
    .retract = sqlite_retract,
    .move_user = sqlite_move_user,
    .record = sqlite_record,
    .scan_nodes = sqlite_scan_nodes,
    .scan_relationships = sqlite_scan_relationships,
    .get_version = sqlite_get_version,
    .scan_changed = sqlite_scan_changed,
    .read = sqlite_read,
    .list_outbox = sqlite_list_outbox,
    .drop_outbox = sqlite_drop_outbox,
    .get_mark = sqlite_get_mark,
    .set_mark = sqlite_set_mark,
};
