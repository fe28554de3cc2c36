/* Questions in Cypher that Neo4j isn't asked itself (ask.c), answered by the engine of ../cypher over its rows. */
#include "stores/graph/cypher/engine/execute.h"
#include "stores/graph/labels.h"
#include "stores/graph/neo4j/neo4j_cypher.h"
#include "stores/graph/neo4j/neo4j_graph.h"

enum { LARGEST_LIMIT = 1000000000 };

static int64_t limit_of(size_t limit)
{
    return limit < LARGEST_LIMIT ? (int64_t)limit : LARGEST_LIMIT;
}

/* ---- nodes */

enum NodeColumn { N_KEY, N_LABELS, N_PROPERTIES };

static Err node_of(Arena *arena, const json_t *row, ReadNode *out)
{
    *out = (ReadNode){
        .key = str_copy(arena, row_text(row, N_KEY)),
        .properties = str_copy(arena, row_text(row, N_PROPERTIES)),
    };
    return labels_from_json(arena, row_text(row, N_LABELS), &out->labels, &out->label_count);
}

static Err ask_for_nodes(Link *link, Arena *arena, CypherRequest *request, ReadNode **out, size_t *count)
{
    AUTO_REPLY CypherReply reply = {0};

    TRY(link_read(link, LINK_QUICK, request->body.arena, request, &reply));
    *count = reply_count(&reply, 0);
    *out = arena_array(arena, ReadNode, *count);
    for (size_t i = 0; i < *count; i++)
        TRY(node_of(arena, reply_row(&reply, 0, i), &(*out)[i]));
    return OK;
}

static Err scan(void *context, Arena *arena, Str label, size_t limit, ReadPlace *place, ReadNode **out,
                size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    Str after = place->key.data != NULL ? place->key : STR("");
    CypherRequest request;

    cypher_init(&request, &scratch);
    if (label.data == NULL)
        neo4j_cypher_read_nodes(&request, after, limit_of(limit));
    else
        neo4j_cypher_read_nodes_of_label(&request, label, after, limit_of(limit));
    TRY(ask_for_nodes(context, arena, &request, out, count));
    place->ended = *count < limit;
    if (*count > 0)
        place->key = (*out)[*count - 1].key;
    return OK;
}

static Err find(void *context, Arena *arena, Str id, ReadNode **out, size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    if (str_starts(id, STR("_:")))
        neo4j_cypher_read_nodes_of_own_id(&request, id);
    else
        neo4j_cypher_read_node(&request, id);
    return ask_for_nodes(context, arena, &request, out, count);
}

static Err get(void *context, Arena *arena, Str key, ReadNode *out)
{
    AUTO_ARENA Arena scratch = {0};
    CypherRequest request;
    ReadNode *nodes;
    size_t count;

    cypher_init(&request, &scratch);
    neo4j_cypher_read_node(&request, key);
    TRY(ask_for_nodes(context, arena, &request, &nodes, &count));
    if (count == 0)
        return err_detail(err(CONFLICT, "the graph changed while it was asked"), "%.*s", STR_ARG(key));
    *out = nodes[0];
    return OK;
}

/* ---- relationships */

enum RelationshipColumn { R_ID, R_TYPE, R_SOURCE, R_TARGET, R_PROPERTIES };

static ReadRelationship relationship_of(Arena *arena, const json_t *row)
{
    return (ReadRelationship){
        .id = row_int(row, R_ID),
        .type = str_copy(arena, row_text(row, R_TYPE)),
        .from = str_copy(arena, row_text(row, R_SOURCE)),
        .to = str_copy(arena, row_text(row, R_TARGET)),
        .properties = str_copy(arena, row_text(row, R_PROPERTIES)),
    };
}

static Err expand(void *context, Arena *arena, Str node, GraphDirection direction, const Str *types,
                  size_t type_count, size_t limit, ReadRelationship **out, size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    Json wanted = type_count > 0 ? labels_to_json(&scratch, types, type_count) : (Json){0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    if (direction != GRAPH_IN)
        neo4j_cypher_expand_out(&request, node, wanted, limit_of(limit));
    if (direction != GRAPH_OUT)
        neo4j_cypher_expand_in(&request, node, wanted, direction == GRAPH_IN ? STR("true") : STR("false"),
                               limit_of(limit));
    TRY(link_read(context, LINK_QUICK, &scratch, &request, &reply));
    *out = arena_array(arena, ReadRelationship, reply_count(&reply, 0) + reply_count(&reply, 1));
    *count = 0;
    for (size_t statement = 0; statement < request.statements; statement++)
        for (size_t i = 0; i < reply_count(&reply, statement); i++)
            (*out)[(*count)++] = relationship_of(arena, reply_row(&reply, statement, i));
    return OK;
}

Err neo4j_read_here(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out)
{
    CypherReads reads = {.context = link_of(graph), .scan = scan, .find = find, .get = get, .expand = expand};

    return execute_query(&reads, reading, clock_system(), arena, out);
}
