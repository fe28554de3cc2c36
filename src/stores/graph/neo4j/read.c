/* The reads of what holds now, a request each; and of the past, by the rules. */
#include "stores/graph/labels.h"
#include "stores/graph/neighbours.h"
#include "stores/graph/neo4j/draft.h"
#include "stores/graph/neo4j/neo4j_cypher.h"
#include "stores/graph/neo4j/neo4j_graph.h"
#include "stores/graph/rules.h"

/* ---- nodes */

enum NodeColumn { N_KEY, N_LABELS, N_PROPERTIES, N_SINCE };

static Err get_past_node(Graph *graph, Arena *arena, Str key, int64_t moment_us, GraphNode *out)
{
    AUTO_DRAFT Draft draft = {0};

    draft_begin_reads(&draft, link_of(graph));
    TRY(rules_get_past_node(&draft.rows, arena, key, moment_us, out));
    out->properties = str_copy(arena, out->properties);
    return OK;
}

Err neo4j_get_node(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;
    const json_t *row;

    if (as_of_us != GRAPH_NOW)
        return get_past_node(graph, arena, key, as_of_us, out);
    cypher_init(&request, &scratch);
    neo4j_cypher_get_node(&request, key);
    TRY(link_read(link_of(graph), LINK_QUICK, &scratch, &request, &reply));
    row = reply_row(&reply, 0, 0);
    if (row == NULL)
        return err(NOT_FOUND, "there is no entity %.*s", STR_ARG(key));
    *out = (GraphNode){
        .key = str_copy(arena, row_text(row, N_KEY)),
        .since_us = row_int(row, N_SINCE),
        .until_us = GRAPH_FOREVER,
        .properties = str_copy(arena, row_text(row, N_PROPERTIES)),
    };
    return labels_from_json(arena, row_text(row, N_LABELS), &out->labels, &out->label_count);
}

/* ---- neighbours */

enum NeighbourColumn { M_ID, M_TYPE, M_KEY, M_LABEL, M_NAME, M_AT, M_PROPERTIES };

enum { LARGEST_LIMIT = 1000000000 };

static int64_t limit_of(size_t limit)
{
    return limit < LARGEST_LIMIT ? (int64_t)limit : LARGEST_LIMIT;
}

static GraphNeighbour neighbour_of(Arena *arena, const json_t *row, GraphDirection direction)
{
    return (GraphNeighbour){
        .id = row_int(row, M_ID),
        .relationship = str_copy(arena, row_text(row, M_TYPE)),
        .direction = direction,
        .key = str_copy(arena, row_text(row, M_KEY)),
        .label = str_copy(arena, row_text(row, M_LABEL)),
        .name = str_copy(arena, row_text(row, M_NAME)),
        .at_us = row_int(row, M_AT),
        .until_us = GRAPH_FOREVER,
        .properties = str_copy(arena, row_text(row, M_PROPERTIES)),
    };
}

typedef struct Neighbours {
    GraphNeighbour *items;
    size_t count;
} Neighbours;

static Neighbours neighbours_of(Arena *arena, const CypherReply *reply, size_t statement,
                                GraphDirection direction)
{
    Neighbours list = {.count = reply_count(reply, statement)};

    list.items = arena_array(arena, GraphNeighbour, list.count);
    for (size_t i = 0; i < list.count; i++)
        list.items[i] = neighbour_of(arena, reply_row(reply, statement, i), direction);
    return list;
}

/* The types as a parameter; null for all. */
static Json types_of(Arena *arena, const GraphView *view)
{
    return view->type_count == 0 ? STR("null") : labels_to_json(arena, view->types, view->type_count);
}

static void ask_for(CypherRequest *request, Str key, const GraphView *view)
{
    GraphPlace first = {.relationship = STR(""), .at_us = INT64_MAX, .key = STR("")};
    const GraphPlace *after = place_is_first(&view->after) ? &first : &view->after;
    Json types = types_of(request->body.arena, view);
    int64_t limit = limit_of(view->limit);

    if (view->direction != GRAPH_IN)
        neo4j_cypher_list_out(request, key, types, after->relationship, after->at_us, after->key,
                              place_id(after, GRAPH_OUT), limit);
    if (view->direction != GRAPH_OUT)
        neo4j_cypher_list_in(request, key, types, after->relationship, after->at_us, after->key,
                             place_id(after, GRAPH_IN), limit);
}

static Err get_past_neighbours(Graph *graph, Arena *arena, Str key, const GraphView *view,
                               GraphNeighbour **out, size_t *count)
{
    AUTO_DRAFT Draft draft = {0};

    draft_begin_reads(&draft, link_of(graph));
    return rules_get_past_neighbours(&draft.rows, arena, key, view, out, count);
}

Err neo4j_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                         size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;
    Neighbours lists[2] = {0}; /* outgoing, incoming */
    size_t statement = 0;

    if (view.as_of_us != GRAPH_NOW)
        return get_past_neighbours(graph, arena, key, &view, out, count);
    cypher_init(&request, &scratch);
    ask_for(&request, key, &view);
    TRY(link_read(link_of(graph), LINK_QUICK, &scratch, &request, &reply));
    if (view.direction != GRAPH_IN)
        lists[0] = neighbours_of(arena, &reply, statement++, GRAPH_OUT);
    if (view.direction != GRAPH_OUT)
        lists[1] = neighbours_of(arena, &reply, statement, GRAPH_IN);
    *out = arena_array(arena, GraphNeighbour, lists[0].count + lists[1].count);
    *count =
        neighbours_merge(lists[0].items, lists[0].count, lists[1].items, lists[1].count, view.limit, *out);
    return OK;
}

Err neo4j_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                           size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;
    Neighbours list;

    cypher_init(&request, &scratch);
    neo4j_cypher_list_latest_out(&request, user, limit_of(limit));
    TRY(link_read(link_of(graph), LINK_QUICK, &scratch, &request, &reply));
    list = neighbours_of(arena, &reply, 0, GRAPH_OUT);
    *out = list.items;
    *count = list.count;
    return OK;
}

/* ---- who says so */

Err neo4j_get_node_claims(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count)
{
    AUTO_DRAFT Draft draft = {0};

    draft_begin_reads(&draft, link_of(graph));
    TRY(rules_get_node_claims(&draft.rows, arena, key, out, count));
    for (size_t i = 0; i < *count; i++) {
        (*out)[i].origin = str_copy(arena, (*out)[i].origin);
        (*out)[i].properties = str_copy(arena, (*out)[i].properties);
    }
    return OK;
}

Err neo4j_get_relationship_claims(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                  size_t *count)
{
    AUTO_DRAFT Draft draft = {0};

    draft_begin_reads(&draft, link_of(graph));
    return rules_get_relationship_claims(&draft.rows, arena, type, from, to, out, count);
}
