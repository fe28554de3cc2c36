/* The graph in one SQLite file: graph.sql over stores/sql. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stores/graph/graph_sql.h"
#include "stores/graph/twin.h"
#include "stores/sql/sql.h"

typedef struct SqliteGraph {
    Graph graph; /* first: a SqliteGraph is a Graph */
    Sql *sql;
} SqliteGraph;

static const char STALE[] = "stale";
static const char USER_LABELS[] = "[\"User\"]";

static Sql *sql_of(Graph *graph)
{
    return ((SqliteGraph *)graph)->sql;
}

static Err sqlite_open(const char *url, Graph **out)
{
    SqliteGraph *graph;
    Sql *sql;

    TRY(sql_open(url, GRAPH_SQL_MIGRATIONS, &sql));
    graph = memory_new(SqliteGraph);
    graph->graph.twin = &GRAPH_TWIN_SQLITE;
    graph->sql = sql;
    *out = &graph->graph;
    return OK;
}

static void sqlite_close(Graph *graph)
{
    sql_close(sql_of(graph));
    memory_free(graph);
}

static bool sqlite_reads_block(const Graph *graph)
{
    return sql_reads_block(((const SqliteGraph *)graph)->sql);
}

static Json list_to_json(Arena *arena, const Str *items, size_t count)
{
    Buf buf = {.arena = arena};

    buf_put_char(&buf, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_char(&buf, ',');
        json_put_string(&buf, items[i]);
    }
    buf_put_char(&buf, ']');
    return buf_str(&buf);
}

static Err labels_from_json(Arena *arena, Json text, GraphNode *node)
{
    AUTO_JSON json_t *array = NULL;
    Str *labels;

    TRY(json_read(text, &array));
    node->label_count = json_array_size(array);
    labels = arena_array(arena, Str, node->label_count);
    for (size_t i = 0; i < node->label_count; i++) {
        const json_t *label = json_array_get(array, i);

        labels[i] = str_copy(arena, (Str){json_string_value(label), json_string_length(label)});
    }
    node->labels = labels;
    return OK;
}

static Err node_from_row(Arena *arena, const GraphSqlNodeRow *row, GraphNode *out)
{
    *out = (GraphNode){.key = row->key, .properties = row->properties};
    return labels_from_json(arena, row->labels, out);
}

static Err sqlite_get_node(Graph *graph, Arena *arena, Str key, GraphNode *out)
{
    GraphSqlNodeRow row;
    bool found;

    TRY(graph_sql_get_node(sql_of(graph), NULL, arena, key, &row, &found));
    if (!found)
        return err(NOT_FOUND, "there is no entity %.*s", STR_ARG(key));
    return node_from_row(arena, &row, out);
}

static GraphNeighbour neighbour_from_row(const GraphSqlNeighbourRow *row)
{
    return (GraphNeighbour){
        .relationship = row->relationship,
        .direction = row->is_out ? GRAPH_OUT : GRAPH_IN,
        .key = row->key,
        .label = row->label,
        .name = row->name,
        .at_us = row->at_us,
        .properties = row->properties,
    };
}

typedef struct Rows {
    GraphSqlNeighbourRow *items;
    size_t count;
} Rows;

static Err list_out(Sql *sql, Arena *arena, Str key, GraphView view, Rows *rows)
{
    int64_t maximum = (int64_t)view.limit;

    if (view.type_count == 0)
        return graph_sql_list_out(sql, NULL, arena, key, maximum, &rows->items, &rows->count);
    return graph_sql_list_out_of_types(sql, NULL, arena, key,
                                       list_to_json(arena, view.types, view.type_count), maximum,
                                       &rows->items, &rows->count);
}

static Err list_in(Sql *sql, Arena *arena, Str key, GraphView view, Rows *rows)
{
    int64_t maximum = (int64_t)view.limit;

    if (view.type_count == 0)
        return graph_sql_list_in(sql, NULL, arena, key, maximum, &rows->items, &rows->count);
    return graph_sql_list_in_of_types(sql, NULL, arena, key, list_to_json(arena, view.types, view.type_count),
                                      maximum, &rows->items, &rows->count);
}

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By type, newest first, key; out before in. */
static int compare_rows(const GraphSqlNeighbourRow *a, const GraphSqlNeighbourRow *b)
{
    int order = str_compare(a->relationship, b->relationship);

    if (order == 0)
        order = compare_int(b->at_us, a->at_us);
    if (order == 0)
        order = str_compare(a->key, b->key);
    return order != 0 ? order : compare_int(b->is_out, a->is_out);
}

static size_t merge(Arena *arena, Rows a, Rows b, size_t limit, GraphNeighbour **out)
{
    size_t count = a.count + b.count < limit ? a.count + b.count : limit;
    size_t i = 0;
    size_t j = 0;

    *out = arena_array(arena, GraphNeighbour, count);
    for (size_t n = 0; n < count; n++) {
        bool take_a = j == b.count || (i < a.count && compare_rows(&a.items[i], &b.items[j]) <= 0);

        (*out)[n] = neighbour_from_row(take_a ? &a.items[i++] : &b.items[j++]);
    }
    return count;
}

static Err sqlite_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                                 size_t *count)
{
    Sql *sql = sql_of(graph);
    Rows outgoing = {0};
    Rows incoming = {0};

    if (view.direction != GRAPH_IN)
        TRY(list_out(sql, arena, key, view, &outgoing));
    if (view.direction != GRAPH_OUT)
        TRY(list_in(sql, arena, key, view, &incoming));
    *count = merge(arena, outgoing, incoming, view.limit, out);
    return OK;
}

static int compare_latest(const void *a, const void *b)
{
    const GraphNeighbour *left = a;
    const GraphNeighbour *right = b;
    int order = compare_int(right->at_us, left->at_us);

    if (order == 0)
        order = str_compare(left->relationship, right->relationship);
    return order != 0 ? order : str_compare(left->key, right->key);
}

/* The latest of each type are read from the index; the latest of all are among them. */
static Err sqlite_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                                   size_t *count)
{
    Sql *sql = sql_of(graph);
    Str *types;
    size_t type_count;

    TRY(graph_sql_list_types_out(sql, NULL, arena, user, &types, &type_count));
    *out = arena_array(arena, GraphNeighbour, type_count * limit);
    *count = 0;
    for (size_t i = 0; i < type_count; i++) {
        Rows rows;

        TRY(graph_sql_list_out_of_type(sql, NULL, arena, user, types[i], (int64_t)limit, &rows.items,
                                       &rows.count));
        for (size_t n = 0; n < rows.count; n++)
            (*out)[(*count)++] = neighbour_from_row(&rows.items[n]);
    }
    qsort(*out, *count, sizeof(**out), compare_latest);
    *count = *count < limit ? *count : limit;
    return OK;
}

static Err put_batch(Tx *tx, GraphBatch batch, Str origin)
{
    AUTO_ARENA Arena scratch = {0};
    int64_t changed;

    arena_init(&scratch);
    for (size_t i = 0; i < batch.node_count; i++) {
        const GraphNode *node = &batch.nodes[i];

        Json labels = list_to_json(&scratch, node->labels, node->label_count);

        TRY(graph_sql_put_node(tx, node->key, labels, node->properties, origin, NULL));
    }
    for (size_t i = 0; i < batch.relationship_count; i++) {
        const GraphRelationship *r = &batch.relationships[i];

        TRY(graph_sql_put_relationship(tx, r->type, r->from, r->to, r->at_us, r->properties, origin,
                                       &changed));
        if (changed == 0)
            return err(NOT_FOUND, "%.*s can't join %.*s to %.*s: one of them doesn't exist", STR_ARG(r->type),
                       STR_ARG(r->from), STR_ARG(r->to));
    }
    return OK;
}

static Err sqlite_put(Graph *graph, GraphBatch batch)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sql_of(graph), &tx));
    TRY(put_batch(tx, batch, STR("")));
    return sql_commit(&tx);
}

static Err sqlite_replace(Graph *graph, Str origin, GraphBatch batch, Str mark_name, Str mark_value)
{
    AUTO_ROLLBACK Tx *tx = NULL;
    Str stale = str_from(STALE);

    TRY(sql_begin(sql_of(graph), &tx));
    TRY(graph_sql_make_nodes_stale(tx, origin, stale, NULL));
    TRY(graph_sql_make_relationships_stale(tx, origin, stale, NULL));
    TRY(put_batch(tx, batch, origin));
    TRY(graph_sql_drop_relationships(tx, stale, NULL));
    TRY(graph_sql_drop_nodes(tx, stale, NULL));
    TRY(graph_sql_set_mark(tx, mark_name, mark_value, NULL));
    return sql_commit(&tx);
}

static Err join(Tx *tx, const GraphInteraction *in, int64_t *changed)
{
    if (in->once)
        return graph_sql_put_latest(tx, in->type, in->user, in->entity, in->at_us, in->properties, changed);
    return graph_sql_add_occurrence(tx, in->type, in->user, in->entity, in->at_us, in->properties, changed);
}

/* The user is made only when joining finds no such user: one statement less for those who are known. */
static Err record_one(Tx *tx, const GraphInteraction *in, Json new_user_properties, size_t *accepted)
{
    int64_t changed;

    TRY(graph_sql_add_event(tx, in->event_id, &changed));
    if (changed == 0)
        return OK;
    TRY(join(tx, in, &changed));
    if (changed == 0) {
        TRY(graph_sql_add_node(tx, in->user, str_from(USER_LABELS), new_user_properties, NULL));
        TRY(join(tx, in, &changed));
    }
    if (changed == 0)
        return err(NOT_FOUND, "there is no entity %.*s", STR_ARG(in->entity));
    (*accepted)++;
    return OK;
}

typedef struct Recording {
    const GraphInteraction *interactions;
    size_t count;
    Json new_user_properties;
    size_t accepted;
} Recording;

static Err record_all(void *context, Tx *tx)
{
    Recording *recording = context;

    recording->accepted = 0;
    for (size_t i = 0; i < recording->count; i++) {
        Err e =
            record_one(tx, &recording->interactions[i], recording->new_user_properties, &recording->accepted);

        if (failed(&e))
            return e.code == NOT_FOUND ? err_at(e, "/%zu", i) : e;
    }
    return OK;
}

static Err sqlite_record(Graph *graph, const GraphInteraction *interactions, size_t count,
                         Json new_user_properties, size_t *accepted)
{
    Recording recording = {interactions, count, new_user_properties, 0};

    TRY(sql_transact(sql_of(graph), record_all, &recording));
    *accepted = recording.accepted;
    return OK;
}

typedef struct NodeWalk {
    GraphNodeFn on_node;
    void *context;
    Arena row;
} NodeWalk;

static Err walk_node(void *context, const GraphSqlNodeRow *row)
{
    NodeWalk *walk = context;
    GraphNode node;

    arena_reset(&walk->row);
    TRY(node_from_row(&walk->row, row, &node));
    return walk->on_node(walk->context, &node);
}

static Err sqlite_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context)
{
    NodeWalk walk = {.on_node = on_node, .context = context};
    Err e;

    arena_init(&walk.row);
    e = label.data == NULL ? graph_sql_scan_nodes(sql_of(graph), NULL, walk_node, &walk)
                           : graph_sql_scan_nodes_with_label(sql_of(graph), NULL, label, walk_node, &walk);
    arena_finish(&walk.row);
    return e;
}

typedef struct RelationshipWalk {
    GraphRelationshipFn on_relationship;
    void *context;
} RelationshipWalk;

static Err walk_relationship(void *context, const GraphSqlRelationshipRow *row)
{
    RelationshipWalk *walk = context;
    GraphRelationship relationship = {
        .type = row->type,
        .from = row->source_key,
        .to = row->target_key,
        .at_us = row->at_us,
        .properties = row->properties,
    };

    return walk->on_relationship(walk->context, &relationship);
}

static Err sqlite_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship,
                                     void *context)
{
    RelationshipWalk walk = {on_relationship, context};

    if (type.data == NULL)
        return graph_sql_scan_relationships(sql_of(graph), NULL, walk_relationship, &walk);
    return graph_sql_scan_relationships_of_type(sql_of(graph), NULL, type, walk_relationship, &walk);
}

static Err sqlite_get_mark(Graph *graph, Arena *arena, Str name, Str *out)
{
    bool found;

    TRY(graph_sql_get_mark(sql_of(graph), NULL, arena, name, out, &found));
    if (!found)
        *out = (Str){0};
    return OK;
}

static Err sqlite_set_mark(Graph *graph, Str name, Str value)
{
    AUTO_ROLLBACK Tx *tx = NULL;

    TRY(sql_begin(sql_of(graph), &tx));
    TRY(graph_sql_set_mark(tx, name, value, NULL));
    return sql_commit(&tx);
}

static Err sqlite_check(const char *url, Arena *arena, Str *report)
{
    return sql_check(url, GRAPH_SQL_MIGRATIONS, arena, report);
}

const GraphTwin GRAPH_TWIN_SQLITE = {
    .scheme = "sqlite:",
    .check = sqlite_check,
    .open = sqlite_open,
    .close = sqlite_close,
    .reads_block = sqlite_reads_block,
    .get_node = sqlite_get_node,
    .get_neighbours = sqlite_get_neighbours,
    .get_user_context = sqlite_get_user_context,
    .put = sqlite_put,
    .replace = sqlite_replace,
    .record = sqlite_record,
    .scan_nodes = sqlite_scan_nodes,
    .scan_relationships = sqlite_scan_relationships,
    .get_mark = sqlite_get_mark,
    .set_mark = sqlite_set_mark,
};
