/* The outbox: what was left there, and taking it away. Writing it is draft_write.c's. */
#include "stores/graph/neo4j/neo4j_cypher.h"
#include "stores/graph/neo4j/neo4j_graph.h"

static GraphHappening happening_of(Arena *arena, const json_t *row)
{
    enum Column { O_NUMBER, O_ID, O_WHAT, O_KEY, O_EVENT, O_VERSION, O_NODES, O_TRACE };

    return (GraphHappening){
        .number = row_int(row, O_NUMBER),
        .id = str_copy(arena, row_text(row, O_ID)),
        .what = (GraphHappened)row_int(row, O_WHAT),
        .key = str_copy(arena, row_text(row, O_KEY)),
        .event_id = str_copy(arena, row_text(row, O_EVENT)),
        .version = row_int(row, O_VERSION),
        .nodes = row_int(row, O_NODES),
        .traceparent = str_copy(arena, row_text(row, O_TRACE)),
    };
}

Err neo4j_list_outbox(Graph *graph, Arena *arena, size_t most, GraphHappening **out, size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_list_outbox(&request, (int64_t)most);
    TRY(link_read(link_of(graph), LINK_QUICK, &scratch, &request, &reply));
    *count = reply_count(&reply, 0);
    *out = arena_array(arena, GraphHappening, *count);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = happening_of(arena, reply_row(&reply, 0, i));
    return OK;
}

Err neo4j_drop_outbox(Graph *graph, int64_t number)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_drop_outbox(&request, number);
    return link_write(link_of(graph), LINK_QUICK, &scratch, &request, &reply);
}
