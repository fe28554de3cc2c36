/* Questions in Cypher: the reads that the engine asks for, all of one moment. */
#include "stores/graph/cypher/engine/execute.h"
#include "stores/graph/labels.h"
#include "stores/graph/sqlite_graph.h"

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

/* The phases of a scan by label: nodes whose main label it is, then those that have it besides. */
enum { MAIN_LABEL, FURTHER_LABEL };

static Err scan_rows(Sql *sql, Arena *arena, Str label, const ReadPlace *place, int64_t limit, NodeRows *rows)
{
    Str after = place->key.data ? place->key : STR("");

    if (label.data == NULL)
        return graph_sql_read_nodes(sql, NULL, arena, after, limit, &rows->items, &rows->count);
    if (place->phase == MAIN_LABEL)
        return graph_sql_read_nodes_of_label(sql, NULL, arena, label, after, limit, &rows->items,
                                             &rows->count);
    return graph_sql_read_nodes_of_further_label(sql, NULL, arena, label, after, limit, &rows->items,
                                                 &rows->count);
}

static Err scan(void *context, Arena *arena, Str label, size_t limit, ReadPlace *place, ReadNode **out,
                size_t *count)
{
    bool last = label.data == NULL || place->phase == FURTHER_LABEL;
    NodeRows rows;

    TRY(scan_rows(context, arena, label, place, limit_to_sql(limit), &rows));
    if (rows.count == limit)
        place->key = rows.items[rows.count - 1].key;
    else if (last)
        place->ended = true;
    else
        *place = (ReadPlace){.phase = FURTHER_LABEL};
    return nodes_from_rows(arena, rows, out, count);
}

static Err get_row(Sql *sql, Arena *arena, Str key, NodeRows *rows)
{
    bool found;

    rows->items = arena_new(arena, GraphSqlReadNode);
    TRY(graph_sql_read_node(sql, NULL, arena, key, rows->items, &found));
    rows->count = found;
    return OK;
}

static Err find(void *context, Arena *arena, Str id, ReadNode **out, size_t *count)
{
    NodeRows rows;

    if (str_starts(id, STR("_:")))
        TRY(graph_sql_read_nodes_of_own_id(context, NULL, arena, id, &rows.items, &rows.count));
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
    Sql *sql;
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
    if (e->types.data == NULL)
        return graph_sql_expand_out(e->sql, NULL, e->arena, e->node, e->limit, &rows->items, &rows->count);
    return graph_sql_expand_out_of_types(e->sql, NULL, e->arena, e->node, e->types, e->limit, &rows->items,
                                         &rows->count);
}

static Err expand_in(const Expansion *e, bool loops, RelationshipRows *rows)
{
    if (e->types.data == NULL)
        return graph_sql_expand_in(e->sql, NULL, e->arena, e->node, loops, e->limit, &rows->items,
                                   &rows->count);
    return graph_sql_expand_in_of_types(e->sql, NULL, e->arena, e->node, e->types, loops, e->limit,
                                        &rows->items, &rows->count);
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
        expansion.types = labels_to_json(arena, types, type_count);
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
    CypherReads reads = {.scan = scan, .find = find, .get = get, .expand = expand};

    TRY(sql_begin_reads(sqlite_of(graph), &sql));
    reads.context = sql;
    return execute_query(&reads, reading, clock_system(), arena, out);
}
