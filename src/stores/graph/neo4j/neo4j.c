/* The graph on Neo4j 5.26 or later, over its HTTP API. URL: neo4j://host[:7474][/database] or neo4j+s:// for HTTPS; user
 * and password come apart from it. Neo4j.cypher says how the graph lies there. */
#include <stdio.h>

#include "base/memory.h"
#include "stores/graph/neo4j/neo4j_cypher.h"
#include "stores/graph/neo4j/neo4j_graph.h"

enum {
    INDEX_WAIT_S = 60,
    BATCH = 8192, /* what a transaction holds outlives the server's young generation otherwise */
};

static void (*const SCHEMA[])(CypherRequest *request) = {
    neo4j_cypher_require_key,       neo4j_cypher_require_event,     neo4j_cypher_require_origin,
    neo4j_cypher_require_mark,      neo4j_cypher_require_state,     neo4j_cypher_index_label,
    neo4j_cypher_index_id,          neo4j_cypher_index_changed,     neo4j_cypher_index_change,
    neo4j_cypher_index_past_ends,   neo4j_cypher_index_past_source, neo4j_cypher_index_past_target,
    neo4j_cypher_index_past_origin, neo4j_cypher_require_outbox,
};

/* Each does nothing where it has been done. */
static Err make_schema(Link *link)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply made = {0};
    AUTO_REPLY CypherReply ready = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    for (size_t i = 0; i < sizeof SCHEMA / sizeof *SCHEMA; i++)
        SCHEMA[i](&request);
    TRY(link_write(link, LINK_LONG, &scratch, &request, &made));
    cypher_init(&request, &scratch);
    neo4j_cypher_await_indexes(&request, INDEX_WAIT_S);
    return link_write(link, LINK_LONG, &scratch, &request, &ready);
}

static Err check_format(int64_t format)
{
    if (format > NEO4J_FORMAT)
        return err(INTERNAL,
                   "the graph in Neo4j is of format %lld, this program knows %d: use a newer program",
                   (long long)format, NEO4J_FORMAT);
    return OK;
}

static Err make_state(Link *link)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_make_state(&request, NEO4J_FORMAT);
    neo4j_cypher_raise_format(&request, NEO4J_FORMAT);
    neo4j_cypher_make_weight(&request);
    TRY(link_write(link, LINK_LONG, &scratch, &request, &reply));
    return check_format(row_int(reply_row(&reply, 0, 0), 0));
}

/* ---- doctor */

/* "5.26.18" and later can all that is used here. */
static Err check_server(Str version)
{
    enum { MAJOR = 5, MINOR = 26 };
    int64_t major = 0;
    int64_t minor = 0;
    Str rest = version;
    Str part;

    if (str_split(&rest, '.', &part))
        (void)str_to_int(part, &major);
    if (str_split(&rest, '.', &part))
        (void)str_to_int(part, &minor);
    if (major < MAJOR || (major == MAJOR && minor < MINOR))
        return err(INVALID, "world_graph: Neo4j %.*s is too old: %d.%d or later would be right",
                   STR_ARG(version), MAJOR, MINOR);
    return OK;
}

static Err look(Link *link, Arena *arena, bool count, CypherReply *reply, Str *version)
{
    CypherRequest request;

    cypher_init(&request, arena);
    neo4j_cypher_get_server(&request);
    if (count)
        neo4j_cypher_count_all(&request);
    TRY(link_read(link, LINK_LONG, arena, &request, reply));
    *version = row_text(reply_row(reply, 0, 0), 0);
    return check_server(*version);
}

static Err report_on(Link *link, Arena *arena, Str *report)
{
    enum Column { FORMAT, NODES, RELATIONSHIPS };
    AUTO_REPLY CypherReply reply = {0};
    const json_t *row;
    Str version;

    TRY(look(link, arena, true, &reply, &version));
    row = reply_row(&reply, 1, 0);
    TRY(check_format(row_int(row, FORMAT)));
    if (json_is_null(row_value(row, FORMAT)))
        *report = str_format(arena, "Neo4j %.*s, empty, will be made", STR_ARG(version));
    else
        *report = str_format(arena, "Neo4j %.*s, %lld nodes, %lld relationships", STR_ARG(version),
                             (long long)row_int(row, NODES), (long long)row_int(row, RELATIONSHIPS));
    return OK;
}

static Err neo4j_check(const GraphAccess *access, Arena *arena, Str *report)
{
    Link *link;
    Err e;

    TRY(link_create(access, &link));
    e = report_on(link, arena, report);
    link_destroy(link);
    return e;
}

/* ---- opening */

static Err prepare(Link *link)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    Str version;

    TRY(look(link, &scratch, false, &reply, &version));
    TRY(make_schema(link));
    return make_state(link);
}

static Err neo4j_open(const GraphAccess *access, Graph **out)
{
    Neo4jGraph *graph;
    Link *link;
    Err e;

    TRY(link_create(access, &link));
    e = prepare(link);
    if (failed(&e)) {
        link_destroy(link);
        return e;
    }
    graph = memory_new(Neo4jGraph);
    graph->graph.twin = &GRAPH_TWIN_NEO4J;
    graph->link = link;
    queue_init(&graph->queue);
    (void)pthread_mutex_init(&graph->familiar_lock, NULL);
    familiar_init(&graph->familiar);
    (void)pthread_mutex_init(&graph->odd_lock, NULL);
    graph->odd = memory_copy_text("[]");
    *out = &graph->graph;
    return OK;
}

static void neo4j_close(Graph *graph)
{
    Neo4jGraph *neo4j = (Neo4jGraph *)graph;

    queue_finish(&neo4j->queue);
    (void)pthread_mutex_destroy(&neo4j->familiar_lock);
    familiar_finish(&neo4j->familiar);
    (void)pthread_mutex_destroy(&neo4j->odd_lock);
    memory_free(neo4j->odd);
    link_destroy(neo4j->link);
    memory_free(neo4j);
}

static bool neo4j_reads_block(const Graph *graph)
{
    (void)graph;
    return true;
}

const GraphTwin GRAPH_TWIN_NEO4J = {
    .scheme = "neo4j",
    .batch = BATCH,
    .open = neo4j_open,
    .check = neo4j_check,
    .close = neo4j_close,
    .reads_block = neo4j_reads_block,
    .get_node = neo4j_get_node,
    .get_neighbours = neo4j_get_neighbours,
    .get_user_context = neo4j_get_user_context,
    .get_node_claims = neo4j_get_node_claims,
    .get_relationship_claims = neo4j_get_relationship_claims,
    .put = neo4j_put,
    .replace = neo4j_replace,
    .retract = neo4j_retract,
    .move_user = neo4j_move_user,
    .record = neo4j_record,
    .scan_nodes = neo4j_scan_nodes,
    .scan_relationships = neo4j_scan_relationships,
    .get_version = neo4j_get_version,
    .scan_changed = neo4j_scan_changed,
    .read = neo4j_read,
    .list_outbox = neo4j_list_outbox,
    .drop_outbox = neo4j_drop_outbox,
    .get_mark = neo4j_get_mark,
    .set_mark = neo4j_set_mark,
};
