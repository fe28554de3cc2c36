/* Questions in Cypher: the reads that the engine asks for, all of one moment. */
#include "stores/graph/cypher/engine/execute.h"
#include "stores/graph/labels.h"
#include "stores/graph/sqlite_graph.h"

/* One question's. */
typedef struct Reads {
    Sql *sql;
    const GraphSight *sight;
    Json hidden_types;
} Reads;

static int64_t limit_to_sql(size_t limit)
{
    return limit < INT64_MAX ? (int64_t)limit : INT64_MAX;
}

/* ---- Nodes ---- */

typedef struct NodeRows {
    GraphSqlReadNode *items;
    size_t count;
} NodeRows;

static Err node_from_row(Arena *arena, const GraphSqlReadNode *row, ReadNode *out)
{
    *out = (ReadNode){.key = row->key, .properties = row->properties};
    return labels_from_json(arena, row->labels, &out->labels, &out->label_count);
}

static Err nodes_from_rows(Arena *arena, NodeRows rows, ReadNode **out, size_t *count)
{
    *out = arena_array(arena, ReadNode, rows.count);
    *count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        TRY(node_from_row(arena, &rows.items[i], &(*out)[i]));
    return OK;
}

static bool is_among(Str text, const Str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i], text))
            return true;
    return false;
}

/* Up to limit nodes of a main label, after the place's key. */
static Err read_main(const Reads *reads, Arena *arena, Str label, const ReadPlace *place, int64_t limit,
                     NodeRows *rows)
{
    Str after = place->key.data ? place->key : STR("");

    return graph_sql_read_nodes_of_label(reads->sql, NULL, arena, label, after, limit, &rows->items,
                                         &rows->count);
}

/* Moves on to the next main label that may be seen. */
static Err next_label(const Reads *reads, Arena *arena, ReadPlace *place)
{
    const GraphSight *sight = reads->sight;
    Str label = place->label.data ? place->label : STR("");

    do
        TRY(graph_sql_next_main_label(reads->sql, NULL, arena, label, &label));
    while (label.data && is_among(label, sight->hidden_labels, sight->hidden_label_count));
    *place = (ReadPlace){.label = label, .ended = label.data == NULL};
    return OK;
}

/* All nodes are scanned label by label, those without one (their main label is empty) first: so what is hidden, which
 * may be most of all there is, is stepped over. */
static Err scan_all(const Reads *reads, Arena *arena, int64_t limit, ReadPlace *place, NodeRows *rows)
{
    Str label = place->label.data ? place->label : STR("");

    TRY(read_main(reads, arena, label, place, limit, rows));
    if ((int64_t)rows->count < limit)
        return next_label(reads, arena, place);
    place->key = rows->items[rows->count - 1].key;
    return OK;
}

/* The phases of a scan by label: nodes whose main label it is, then those that have it besides. */
enum { MAIN_LABEL, FURTHER_LABEL };

static Err scan_label(const Reads *reads, Arena *arena, Str label, int64_t limit, ReadPlace *place,
                      NodeRows *rows)
{
    Str after = place->key.data ? place->key : STR("");

    if (place->phase == MAIN_LABEL)
        TRY(read_main(reads, arena, label, place, limit, rows));
    else
        TRY(graph_sql_read_nodes_of_further_label(reads->sql, NULL, arena, label, after, limit, &rows->items,
                                                  &rows->count));
    if ((int64_t)rows->count == limit)
        place->key = rows->items[rows->count - 1].key;
    else
        *place = (ReadPlace){.phase = FURTHER_LABEL, .ended = place->phase == FURTHER_LABEL};
    return OK;
}

static Err scan(void *context, Arena *arena, Str label, size_t limit, ReadPlace *place, ReadNode **out,
                size_t *count)
{
    NodeRows rows;

    if (label.data == NULL)
        TRY(scan_all(context, arena, limit_to_sql(limit), place, &rows));
    else
        TRY(scan_label(context, arena, label, limit_to_sql(limit), place, &rows));
    return nodes_from_rows(arena, rows, out, count);
}

static Err get_row(const Reads *reads, Arena *arena, Str key, NodeRows *rows)
{
    bool found;

    rows->items = arena_new(arena, GraphSqlReadNode);
    TRY(graph_sql_read_node(reads->sql, NULL, arena, key, rows->items, &found));
    rows->count = found;
    return OK;
}

static Err find(void *context, Arena *arena, Str id, ReadNode **out, size_t *count)
{
    NodeRows rows;

    if (str_starts(id, STR("_:")))
        TRY(graph_sql_read_nodes_of_own_id(((Reads *)context)->sql, NULL, arena, id, &rows.items,
                                           &rows.count));
    else
        TRY(get_row(context, arena, id, &rows));
    return nodes_from_rows(arena, rows, out, count);
}

static Err get(void *context, Arena *arena, Str key, ReadNode *out)
{
    NodeRows rows;

    TRY(get_row(context, arena, key, &rows));
    if (rows.count == 0)
        return err_detail(err(INTERNAL, "A relationship has no node at its end"), "%.*s", STR_ARG(key));
    return node_from_row(arena, rows.items, out);
}

/* ---- Relationships ---- */

typedef struct Expansion {
    const Reads *reads;
    Arena *arena;
    Str node;
    Json types; /* absent = all */
    int64_t limit;
} Expansion;

typedef struct RelationshipRows {
    GraphSqlReadRelationship *items;
    size_t count;
} RelationshipRows;

static Err expand_out(const Expansion *e, RelationshipRows *rows)
{
    Sql *sql = e->reads->sql;

    if (e->types.data == NULL)
        return graph_sql_expand_out(sql, NULL, e->arena, e->node, e->reads->hidden_types, e->limit,
                                    &rows->items, &rows->count);
    return graph_sql_expand_out_of_types(sql, NULL, e->arena, e->node, e->types, e->limit, &rows->items,
                                         &rows->count);
}

static Err expand_in(const Expansion *e, bool loops, RelationshipRows *rows)
{
    Sql *sql = e->reads->sql;

    if (e->types.data == NULL)
        return graph_sql_expand_in(sql, NULL, e->arena, e->node, e->reads->hidden_types, loops, e->limit,
                                   &rows->items, &rows->count);
    return graph_sql_expand_in_of_types(sql, NULL, e->arena, e->node, e->types, loops, e->limit, &rows->items,
                                        &rows->count);
}

/* Those of the types that may be seen. */
static Json types_to_sql(const Reads *reads, Arena *arena, const Str *types, size_t count)
{
    const GraphSight *sight = reads->sight;
    Str *seen = arena_array(arena, Str, count);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (!is_among(types[i], sight->hidden_types, sight->hidden_type_count))
            seen[kept++] = types[i];
    return labels_to_json(arena, seen, kept);
}

static size_t add_relationships(ReadRelationship *out, RelationshipRows rows)
{
    for (size_t i = 0; i < rows.count; i++) {
        const GraphSqlReadRelationship *row = &rows.items[i];

        out[i] = (ReadRelationship){row->id, row->type, row->source, row->target, row->properties};
    }
    return rows.count;
}

static Err expand(void *context, Arena *arena, Str node, GraphDirection direction, const Str *types,
                  size_t type_count, size_t limit, ReadRelationship **out, size_t *count)
{
    Expansion expansion = {context, arena, node, {0}, limit_to_sql(limit)};
    RelationshipRows outgoing = {0};
    RelationshipRows incoming = {0};

    if (type_count > 0)
        expansion.types = types_to_sql(context, arena, types, type_count);
    if (direction != GRAPH_IN)
        TRY(expand_out(&expansion, &outgoing));
    if (direction != GRAPH_OUT)
        TRY(expand_in(&expansion, direction == GRAPH_IN, &incoming));
    *out = arena_array(arena, ReadRelationship, outgoing.count + incoming.count);
    *count = add_relationships(*out, outgoing);
    *count += add_relationships(*out + *count, incoming);
    return OK;
}

Err sqlite_read(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out)
{
    AUTO_END_READS Sql *sql = NULL;
    const GraphSight *sight = &reading->sight;
    Reads reads = {.sight = sight};
    CypherReads functions = {&reads, scan, find, get, expand};

    TRY(sql_begin_reads(sqlite_of(graph), &sql));
    reads.sql = sql;
    reads.hidden_types = labels_to_json(arena, sight->hidden_types, sight->hidden_type_count);
    return execute_query(&functions, reading, clock_system(), arena, out);
}
