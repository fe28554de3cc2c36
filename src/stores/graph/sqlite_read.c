/* The reads of what holds now. Each takes its rows from an index in the order that is promised. */
#include <stdlib.h>

#include "stores/graph/labels.h"
#include "stores/graph/ledger.h"
#include "stores/graph/neighbours.h"
#include "stores/graph/sqlite_graph.h"

/* ---- nodes */

static Err node_from_row(Arena *arena, const GraphSqlNodeRow *row, GraphNode *out)
{
    *out = (GraphNode){
        .key = row->key,
        .since_us = row->since_us,
        .until_us = GRAPH_FOREVER,
        .properties = row->properties,
    };
    return labels_from_json(arena, row->labels, &out->labels, &out->label_count);
}

static Err unknown(Str key)
{
    return err(NOT_FOUND, "there is no entity %.*s", STR_ARG(key));
}

Err sqlite_get_node(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out)
{
    Sql *sql = sqlite_of(graph);
    GraphSqlNodeRow row;
    bool found;

    if (as_of_us != GRAPH_NOW)
        return sqlite_get_past_node(sql, arena, key, as_of_us, out);
    TRY(graph_sql_get_node(sql, NULL, arena, key, &row, &found));
    return found ? node_from_row(arena, &row, out) : unknown(key);
}

/* ---- neighbours */

/* Where a range of an index begins: after (type, order_us, key, id). */
typedef struct Start {
    Str type;
    int64_t order_us;
    Str key;
    int64_t id;
} Start;

/* Of the same time and key OUT goes before IN. */
static Start start_after(const GraphPlace *place, GraphDirection direction)
{
    if (place_is_first(place))
        return (Start){STR(""), INT64_MIN, STR(""), INT64_MIN};
    return (Start){place->relationship, -place->at_us, place->key, place_id(place, direction)};
}

static Start start_of_type(const GraphPlace *place, GraphDirection direction, Str type)
{
    if (!place_is_first(place) && str_equal(type, place->relationship))
        return start_after(place, direction);
    return (Start){type, INT64_MIN, STR(""), INT64_MIN};
}

/* A page of neighbours while it is filled. */
typedef struct Page {
    Sql *sql;
    Arena *arena;
    Str key;
    const GraphView *view;
    GraphNeighbour *items;
    size_t count;
} Page;

typedef struct RowList {
    GraphSqlNeighbourRow *items;
    size_t count;
} RowList;

static GraphNeighbour neighbour_from_row(const GraphSqlNeighbourRow *row, GraphDirection direction)
{
    return (GraphNeighbour){
        .id = row->id,
        .relationship = row->relationship,
        .direction = direction,
        .key = row->key,
        .label = row->label,
        .name = row->name,
        .at_us = row->at_us,
        .until_us = GRAPH_FOREVER,
        .properties = row->properties,
    };
}

static void merge(Page *page, RowList outgoing, RowList incoming)
{
    size_t o = 0;
    size_t i = 0;

    while (page->count < page->view->limit && (o < outgoing.count || i < incoming.count)) {
        GraphNeighbour out = {0};
        GraphNeighbour in = {0};

        if (o < outgoing.count)
            out = neighbour_from_row(&outgoing.items[o], GRAPH_OUT);
        if (i < incoming.count)
            in = neighbour_from_row(&incoming.items[i], GRAPH_IN);
        if (i == incoming.count || (o < outgoing.count && neighbour_compare(&out, &in) < 0)) {
            page->items[page->count++] = out;
            o++;
        } else {
            page->items[page->count++] = in;
            i++;
        }
    }
}

static int64_t left_on(const Page *page)
{
    return (int64_t)(page->view->limit - page->count);
}

static Err list_all_types(Page *page)
{
    const GraphView *view = page->view;
    Start out = start_after(&view->after, GRAPH_OUT);
    Start in = start_after(&view->after, GRAPH_IN);
    RowList outgoing = {0};
    RowList incoming = {0};

    if (view->direction != GRAPH_IN)
        TRY(graph_sql_list_out(page->sql, NULL, page->arena, page->key, out.type, out.order_us, out.key,
                               out.id, left_on(page), &outgoing.items, &outgoing.count));
    if (view->direction != GRAPH_OUT)
        TRY(graph_sql_list_in(page->sql, NULL, page->arena, page->key, in.type, in.order_us, in.key, in.id,
                              left_on(page), &incoming.items, &incoming.count));
    merge(page, outgoing, incoming);
    return OK;
}

/* Which of two sorted lists of types a type is in. */
typedef struct Types {
    Str *items;
    size_t count;
} Types;

static bool has_type(const Types *types, Str type)
{
    for (size_t i = 0; i < types->count; i++)
        if (str_equal(types->items[i], type))
            return true;
    return false;
}

static Err list_type(Page *page, Str type, const Types *leaving, const Types *coming)
{
    Start out = start_of_type(&page->view->after, GRAPH_OUT, type);
    Start in = start_of_type(&page->view->after, GRAPH_IN, type);
    RowList outgoing = {0};
    RowList incoming = {0};

    if (has_type(leaving, type))
        TRY(graph_sql_list_out_of_type(page->sql, NULL, page->arena, page->key, out.type, out.order_us,
                                       out.key, out.id, left_on(page), &outgoing.items, &outgoing.count));
    if (has_type(coming, type))
        TRY(graph_sql_list_in_of_type(page->sql, NULL, page->arena, page->key, in.type, in.order_us, in.key,
                                      in.id, left_on(page), &incoming.items, &incoming.count));
    merge(page, outgoing, incoming);
    return OK;
}

static int compare_types(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

/* Those that are wanted, in their order, each once. */
static Types sorted_types(Arena *arena, const GraphView *view)
{
    Types types = {arena_array(arena, Str, view->type_count), 0};

    for (size_t i = 0; i < view->type_count; i++)
        if (!has_type(&types, view->types[i]))
            types.items[types.count++] = view->types[i];
    qsort(types.items, types.count, sizeof(Str), compare_types);
    return types;
}

/* Type by type, so that one that isn't wanted costs nothing, however many there are of it. */
static Err list_wanted_types(Page *page)
{
    const GraphView *view = page->view;
    Types wanted = sorted_types(page->arena, view);
    Types leaving = {0};
    Types coming = {0};

    if (view->direction != GRAPH_IN)
        TRY(graph_sql_list_types_out(page->sql, NULL, page->arena, page->key, &leaving.items,
                                     &leaving.count));
    if (view->direction != GRAPH_OUT)
        TRY(graph_sql_list_types_in(page->sql, NULL, page->arena, page->key, &coming.items, &coming.count));
    for (size_t i = 0; i < wanted.count && page->count < view->limit; i++)
        if (place_is_first(&view->after) || str_compare(wanted.items[i], view->after.relationship) >= 0)
            TRY(list_type(page, wanted.items[i], &leaving, &coming));
    return OK;
}

Err sqlite_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                          size_t *count)
{
    AUTO_END_READS Sql *reading = NULL;
    Page page = {.sql = sqlite_of(graph), .arena = arena, .key = key, .view = &view};

    TRY(sql_begin_reads(page.sql, &reading));
    if (view.as_of_us != GRAPH_NOW)
        return sqlite_get_past_neighbours(page.sql, arena, key, &view, out, count);
    page.items = arena_array(arena, GraphNeighbour, view.limit);
    TRY(view.type_count == 0 ? list_all_types(&page) : list_wanted_types(&page));
    *out = page.items;
    *count = page.count;
    return OK;
}

/* ---- what a user did */

static int compare_latest(const void *a, const void *b)
{
    return neighbour_compare_latest(a, b);
}

/* The latest of each type are read from the index; the latest of all are among them. */
Err sqlite_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                            size_t *count)
{
    AUTO_END_READS Sql *reading = NULL;
    Sql *sql = sqlite_of(graph);
    Types types;

    TRY(sql_begin_reads(sql, &reading));
    TRY(graph_sql_list_types_out(sql, NULL, arena, user, &types.items, &types.count));
    *out = arena_array(arena, GraphNeighbour, types.count * limit);
    *count = 0;
    for (size_t i = 0; i < types.count; i++) {
        RowList rows;

        TRY(graph_sql_list_out_of_type(sql, NULL, arena, user, types.items[i], INT64_MIN, STR(""), INT64_MIN,
                                       (int64_t)limit, &rows.items, &rows.count));
        for (size_t n = 0; n < rows.count; n++)
            (*out)[(*count)++] = neighbour_from_row(&rows.items[n], GRAPH_OUT);
    }
    qsort(*out, *count, sizeof(**out), compare_latest);
    *count = *count < limit ? *count : limit;
    return OK;
}

/* ---- all of it */

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

Err sqlite_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context)
{
    NodeWalk walk = {.on_node = on_node, .context = context};
    Err e;

    arena_init(&walk.row);
    e = label.data == NULL ? graph_sql_scan_nodes(sqlite_of(graph), NULL, walk_node, &walk)
                           : graph_sql_scan_nodes_with_label(sqlite_of(graph), NULL, label, walk_node, &walk);
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
        .from = row->source,
        .to = row->target,
        .at_us = row->at_us,
        .until_us = GRAPH_FOREVER,
        .properties = row->properties,
    };

    return walk->on_relationship(walk->context, &relationship);
}

Err sqlite_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context)
{
    RelationshipWalk walk = {on_relationship, context};

    if (type.data == NULL)
        return graph_sql_scan_relationships(sqlite_of(graph), NULL, walk_relationship, &walk);
    return graph_sql_scan_relationships_of_type(sqlite_of(graph), NULL, type, walk_relationship, &walk);
}

Err sqlite_get_version(Graph *graph, int64_t *out)
{
    return graph_sql_get_version(sqlite_of(graph), NULL, out);
}

static Err walk_changed(void *context, const GraphSqlChangedRow *row)
{
    NodeWalk *walk = context;
    GraphNode gone = {.key = row->key, .until_us = GRAPH_FOREVER, .properties = STR("{}")};

    if (row->shown == NODE_GONE)
        return walk->on_node(walk->context, &gone);
    return walk_node(context, &(GraphSqlNodeRow){row->key, row->labels, row->properties, row->since_us});
}

Err sqlite_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version)
{
    AUTO_END_READS Sql *reading = NULL;
    Sql *sql = sqlite_of(graph);
    NodeWalk walk = {.on_node = on_node, .context = context};
    Err e;

    TRY(sql_begin_reads(sql, &reading));
    TRY(graph_sql_get_version(sql, NULL, version));
    arena_init(&walk.row);
    e = graph_sql_scan_changed(sql, NULL, since, walk_changed, &walk);
    arena_finish(&walk.row);
    return e;
}
