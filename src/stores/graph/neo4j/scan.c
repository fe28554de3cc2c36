/* Walks over all of it, page by page in the order of keys: each page is a transaction of its own. What changes
 * meanwhile is found by graph_scan_changed. */
#include "stores/graph/neo4j/neo4j_cypher.h"
#include "stores/graph/neo4j/neo4j_graph.h"
#include "stores/graph/labels.h"

enum { NODE_PAGE = 500, RELATIONSHIP_PAGE = 2000 };

/* ---- nodes */

enum NodeColumn { N_KEY, N_LABELS, N_PROPERTIES, N_SINCE };

typedef struct NodeScan {
    Link *link;
    Str label; /* absent = all */
    GraphNodeFn on_node;
    void *context;
    Buf after; /* the last key that was given */
} NodeScan;

static Err give_node(const NodeScan *scan, Arena *arena, const json_t *row)
{
    GraphNode node = {
        .key = row_text(row, N_KEY),
        .since_us = row_int(row, N_SINCE),
        .until_us = GRAPH_FOREVER,
        .properties = row_text(row, N_PROPERTIES),
    };

    TRY(labels_from_json(arena, row_text(row, N_LABELS), &node.labels, &node.label_count));
    return scan->on_node(scan->context, &node);
}

static void remember(Buf *place, Str key)
{
    place->len = 0;
    buf_put(place, key);
}

static Err scan_node_page(NodeScan *scan, size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    if (scan->label.data == NULL)
        neo4j_cypher_scan_nodes(&request, buf_str(&scan->after), NODE_PAGE);
    else
        neo4j_cypher_scan_nodes_with_label(&request, scan->label, buf_str(&scan->after), NODE_PAGE);
    TRY(link_read(scan->link, LINK_LONG, &scratch, &request, &reply));
    *count = reply_count(&reply, 0);
    for (size_t i = 0; i < *count; i++)
        TRY(give_node(scan, &scratch, reply_row(&reply, 0, i)));
    if (*count > 0)
        remember(&scan->after, row_text(reply_row(&reply, 0, *count - 1), N_KEY));
    return OK;
}

Err neo4j_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context)
{
    AUTO_ARENA Arena arena = {0};
    NodeScan scan = {link_of(graph), label, on_node, context, {.arena = &arena}};
    size_t count = NODE_PAGE;

    while (count == NODE_PAGE)
        TRY(scan_node_page(&scan, &count));
    return OK;
}

/* ---- relationships */

enum RelationshipColumn { R_SOURCE, R_TARGET, R_AT, R_ID, R_PROPERTIES };

typedef struct RelationshipScan {
    Link *link;
    Str type;
    GraphRelationshipFn on_relationship;
    void *context;
    Buf source; /* the place of the last one that was given */
    Buf target;
    int64_t at_us;
    int64_t id;
} RelationshipScan;

static Err give_relationship(const RelationshipScan *scan, const json_t *row)
{
    GraphRelationship relationship = {
        .type = scan->type,
        .from = row_text(row, R_SOURCE),
        .to = row_text(row, R_TARGET),
        .at_us = row_int(row, R_AT),
        .until_us = GRAPH_FOREVER,
        .properties = row_text(row, R_PROPERTIES),
    };

    return scan->on_relationship(scan->context, &relationship);
}

static void remember_place(RelationshipScan *scan, const json_t *row)
{
    remember(&scan->source, row_text(row, R_SOURCE));
    remember(&scan->target, row_text(row, R_TARGET));
    scan->at_us = row_int(row, R_AT);
    scan->id = row_int(row, R_ID);
}

static Err scan_relationship_page(RelationshipScan *scan, size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_scan_relationships(&request, scan->type, buf_str(&scan->source), buf_str(&scan->target),
                                    scan->at_us, scan->id, RELATIONSHIP_PAGE);
    TRY(link_read(scan->link, LINK_LONG, &scratch, &request, &reply));
    *count = reply_count(&reply, 0);
    for (size_t i = 0; i < *count; i++)
        TRY(give_relationship(scan, reply_row(&reply, 0, i)));
    if (*count > 0)
        remember_place(scan, reply_row(&reply, 0, *count - 1));
    return OK;
}

static Err find_type(Link *link, Str type, bool *found)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_find_type(&request, type);
    TRY(link_read(link, LINK_LONG, &scratch, &request, &reply));
    *found = reply_count(&reply, 0) > 0;
    return OK;
}

static Err scan_type(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context)
{
    AUTO_ARENA Arena arena = {0};
    RelationshipScan scan = {
        link_of(graph), type, on_relationship, context, {.arena = &arena}, {.arena = &arena}, INT64_MIN, 0};
    size_t count = RELATIONSHIP_PAGE;
    bool found;

    TRY(find_type(scan.link, type, &found));
    while (found && count == RELATIONSHIP_PAGE)
        TRY(scan_relationship_page(&scan, &count));
    return OK;
}

Err neo4j_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    if (type.data != NULL)
        return scan_type(graph, type, on_relationship, context);
    cypher_init(&request, &scratch);
    neo4j_cypher_list_types(&request);
    TRY(link_read(link_of(graph), LINK_LONG, &scratch, &request, &reply));
    for (size_t i = 0; i < reply_count(&reply, 0); i++)
        TRY(scan_type(graph, row_text(reply_row(&reply, 0, i), 0), on_relationship, context));
    return OK;
}

/* ---- what changed */

enum ChangedColumn { C_KEY, C_SHOWN, C_LABELS, C_PROPERTIES, C_SINCE };

static Err give_changed(const NodeScan *scan, Arena *arena, const json_t *row)
{
    GraphNode node = {.key = row_text(row, C_KEY), .until_us = GRAPH_FOREVER, .properties = STR("{}")};

    if (row_int(row, C_SHOWN) > 0) {
        node.since_us = row_int(row, C_SINCE);
        node.properties = row_text(row, C_PROPERTIES);
        TRY(labels_from_json(arena, row_text(row, C_LABELS), &node.labels, &node.label_count));
    }
    return scan->on_node(scan->context, &node);
}

/* The version is read first: what changes afterwards comes again the next time. What is trimmed is read last: nothing
 * was trimmed away before the changes were read that isn't known then. */
static Err scan_changed_page(NodeScan *scan, int64_t since, int64_t *version, size_t *count)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_get_version(&request);
    neo4j_cypher_scan_changed(&request, since, buf_str(&scan->after), NODE_PAGE);
    neo4j_cypher_get_trimmed(&request);
    TRY(link_read(scan->link, LINK_LONG, &scratch, &request, &reply));
    *version = row_int(reply_row(&reply, 0, 0), 0);
    if (since < row_int(reply_row(&reply, 2, 0), 0))
        return err(TOO_LARGE, "more has changed since version %lld than is kept: read everything anew",
                   (long long)since);
    *count = reply_count(&reply, 1);
    for (size_t i = 0; i < *count; i++)
        TRY(give_changed(scan, &scratch, reply_row(&reply, 1, i)));
    if (*count > 0)
        remember(&scan->after, row_text(reply_row(&reply, 1, *count - 1), C_KEY));
    return OK;
}

Err neo4j_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version)
{
    AUTO_ARENA Arena arena = {0};
    NodeScan scan = {link_of(graph), {0}, on_node, context, {.arena = &arena}};
    size_t count;
    int64_t later;

    TRY(scan_changed_page(&scan, since, version, &count));
    while (count == NODE_PAGE)
        TRY(scan_changed_page(&scan, since, &later, &count));
    return OK;
}

/* ---- version and marks */

Err neo4j_get_version(Graph *graph, int64_t *out)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_get_version(&request);
    TRY(link_read(link_of(graph), LINK_QUICK, &scratch, &request, &reply));
    *out = row_int(reply_row(&reply, 0, 0), 0);
    return OK;
}

Err neo4j_get_mark(Graph *graph, Arena *arena, Str name, Str *out)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_get_mark(&request, name);
    TRY(link_read(link_of(graph), LINK_QUICK, &scratch, &request, &reply));
    *out = str_copy(arena, row_text(reply_row(&reply, 0, 0), 0));
    return OK;
}

Err neo4j_set_mark(Graph *graph, Str name, Str value)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;

    cypher_init(&request, &scratch);
    neo4j_cypher_set_mark(&request, name, value);
    return link_write(link_of(graph), LINK_QUICK, &scratch, &request, &reply);
}
