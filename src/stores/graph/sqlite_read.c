/* The reads of what holds now. Each takes its rows from an index in the order that is promised. */
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
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

static Start start_of_type(Str type)
{
    return (Start){type, INT64_MIN, STR(""), INT64_MIN};
}

static Start start_after(const GraphPlace *place, GraphDirection direction)
{
    if (place_is_first(place))
        return start_of_type(STR(""));
    return (Start){place->relationship, -place->at_us, place->key, place_id(place, direction)};
}

enum { FIRST_NEIGHBOURS = 32 };

/* The neighbours of one direction while they are read, in the order of their index. Where a type comes that isn't
 * wanted the walk ends, and begins again at the next that is: however many there are of it, it costs nothing. */
typedef struct Walk {
    Sql *sql;
    Arena *arena;
    Str key;
    GraphDirection direction;
    bool bare;
    const Str *types; /* that are wanted, sorted */
    size_t type_count;
    size_t next_type; /* the first that doesn't come before what was read last */
    bool left_off;
    GraphNeighbour *items;
    size_t count;
    size_t room;
    size_t limit;
} Walk;

static bool is_wanted(Walk *walk, Str type)
{
    if (walk->type_count == 0)
        return true;
    while (walk->next_type < walk->type_count && str_compare(walk->types[walk->next_type], type) < 0)
        walk->next_type++;
    return walk->next_type < walk->type_count && str_equal(walk->types[walk->next_type], type);
}

/* A page has few types and many neighbours: each text of a type is kept once. */
static Str kept_type(const Walk *walk, Str type)
{
    if (walk->count > 0 && str_equal(walk->items[walk->count - 1].relationship, type))
        return walk->items[walk->count - 1].relationship;
    return str_copy(walk->arena, type);
}

static GraphNeighbour *new_neighbour(Walk *walk)
{
    ARENA_MORE(walk->arena, walk->items, walk->count, walk->room, FIRST_NEIGHBOURS);
    return &walk->items[walk->count++];
}

static Err take_neighbour(void *context, const GraphSqlNeighbourRow *row)
{
    Walk *walk = context;

    if (!is_wanted(walk, row->relationship)) {
        walk->left_off = true;
        return err(GONE, "the rest isn't wanted");
    }
    Str type = kept_type(walk, row->relationship);
    *new_neighbour(walk) = (GraphNeighbour){
        .id = row->id,
        .relationship = type,
        .direction = walk->direction,
        .key = str_copy(walk->arena, row->key),
        .label = str_copy(walk->arena, row->label),
        .name = str_copy(walk->arena, row->name),
        .at_us = row->at_us,
        .until_us = GRAPH_FOREVER,
        .properties = str_copy(walk->arena, row->properties),
    };
    return OK;
}

static Err take_bare(void *context, const GraphSqlBareRow *row)
{
    return take_neighbour(context, &(GraphSqlNeighbourRow){
                                       .id = row->id,
                                       .relationship = row->relationship,
                                       .key = row->key,
                                       .at_us = row->at_us,
                                       .properties = row->properties,
                                   });
}

static Err walk_on(Walk *walk, Start start)
{
    int64_t left = (int64_t)(walk->limit - walk->count);
    Err e;

    walk->left_off = false;
    if (walk->bare && walk->direction == GRAPH_OUT)
        e = graph_sql_list_out_bare(walk->sql, NULL, walk->key, start.type, start.order_us, start.key,
                                    start.id, left, take_bare, walk);
    else if (walk->direction == GRAPH_OUT)
        e = graph_sql_list_out(walk->sql, NULL, walk->key, start.type, start.order_us, start.key, start.id,
                               left, take_neighbour, walk);
    else
        e = graph_sql_list_in(walk->sql, NULL, walk->key, start.type, start.order_us, start.key, start.id,
                              left, take_neighbour, walk);
    return walk->left_off ? OK : e;
}

static Err walk_all(Walk *walk, const GraphPlace *after)
{
    Start start = start_after(after, walk->direction);

    if (!is_wanted(walk, start.type) && walk->next_type < walk->type_count)
        start = start_of_type(walk->types[walk->next_type]);
    do {
        if (walk->next_type == walk->type_count && walk->type_count > 0)
            return OK;
        TRY(walk_on(walk, start));
        if (walk->left_off && walk->next_type < walk->type_count)
            start = start_of_type(walk->types[walk->next_type]);
    } while (walk->left_off);
    return OK;
}

static int compare_texts(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static const Str *sorted(Arena *arena, const Str *types, size_t count)
{
    Str *copy = arena_array(arena, Str, count);

    if (count > 0) {
        memcpy(copy, types, count * sizeof(Str));
        qsort(copy, count, sizeof(Str), compare_texts);
    }
    return copy;
}

static Err read_neighbours(Sql *sql, Arena *arena, Str key, const GraphView *view, GraphNeighbour **out,
                           size_t *count)
{
    Walk outgoing = {
        .sql = sql,
        .arena = arena,
        .key = key,
        .direction = GRAPH_OUT,
        .bare = view->bare,
        .types = sorted(arena, view->types, view->type_count),
        .type_count = view->type_count,
        .limit = view->limit,
    };
    Walk incoming = outgoing;

    incoming.direction = GRAPH_IN;
    if (view->direction != GRAPH_IN)
        TRY(walk_all(&outgoing, &view->after));
    if (view->direction != GRAPH_OUT)
        TRY(walk_all(&incoming, &view->after));
    *out = arena_array(arena, GraphNeighbour, outgoing.count + incoming.count);
    *count =
        neighbours_merge(outgoing.items, outgoing.count, incoming.items, incoming.count, view->limit, *out);
    return OK;
}

Err sqlite_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                          size_t *count)
{
    AUTO_END_READS Sql *reading = NULL;
    Sql *sql = sqlite_of(graph);

    TRY(sql_begin_reads(sql, &reading));
    if (view.as_of_us != GRAPH_NOW)
        return sqlite_get_past_neighbours(sql, arena, key, &view, out, count);
    return read_neighbours(sql, arena, key, &view, out, count);
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
    Walk walk = {.sql = sqlite_of(graph), .arena = arena, .key = user, .direction = GRAPH_OUT};
    Str *types;
    size_t type_count;

    TRY(sql_begin_reads(walk.sql, &reading));
    TRY(graph_sql_list_types_out(walk.sql, NULL, arena, user, &types, &type_count));
    walk.types = types;
    walk.type_count = 1;
    for (size_t i = 0; i < type_count; i++, walk.types++) {
        walk.next_type = 0;
        walk.limit = walk.count + limit;
        TRY(walk_on(&walk, start_of_type(types[i])));
    }
    if (walk.count > 0)
        qsort(walk.items, walk.count, sizeof(*walk.items), compare_latest);
    *out = walk.items;
    *count = walk.count < limit ? walk.count : limit;
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

static bool was_seen(const SeenVersion *seen, uint64_t stamp, int64_t *version)
{
    if (stamp == 0 || atomic_load_explicit(&seen->stamp, memory_order_acquire) != stamp)
        return false;
    *version = atomic_load_explicit(&seen->version, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&seen->stamp, memory_order_relaxed) == stamp;
}

static void note_seen(SeenVersion *seen, uint64_t stamp, int64_t version)
{
    MUTEX_HOLD(&seen->lock);
    atomic_store_explicit(&seen->stamp, 0, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&seen->version, version, memory_order_relaxed);
    atomic_store_explicit(&seen->stamp, stamp, memory_order_release);
}

/* Whoever keeps an answer asks for it each time: it is read again only behind a commit. */
Err sqlite_get_version(Graph *graph, int64_t *out)
{
    SeenVersion *seen = &((SqliteGraph *)graph)->seen;
    uint64_t stamp = sql_stamp(sqlite_of(graph));

    if (was_seen(seen, stamp, out))
        return OK;
    TRY(graph_sql_get_version(sqlite_of(graph), NULL, out));
    if (stamp != 0)
        note_seen(seen, stamp, *out);
    return OK;
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
