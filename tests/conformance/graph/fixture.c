#include "conformance/graph/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "drop_store.h"
#include "stores/graph/neo4j/link.h"

static const char *wanted_url;

void garden_use_url(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s sqlite | URL of a Neo4j that may be emptied\n", argv[0]);
        exit(EXIT_FAILURE);
    }
    wanted_url = argv[1];
}

/* Past everything the twin promises. */
static void empty_neo4j(const GraphAccess *access)
{
    AUTO_ARENA Arena scratch = {0};
    AUTO_REPLY CypherReply reply = {0};
    CypherRequest request;
    Link *link;

    check_ok(link_create(access, &link));
    cypher_init(&request, &scratch);
    cypher_begin(&request, STR("\"MATCH (n) DETACH DELETE n\""));
    cypher_end(&request);
    check_ok(link_write(link, LINK_LONG, &scratch, &request, &reply));
    link_destroy(link);
}

int open_garden(void **state)
{
    Garden *garden = memory_new(Garden);

    arena_init(&garden->arena);
    (void)snprintf(garden->folder, sizeof garden->folder, "%s/nerdx-graph-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                 : "/tmp"); /* the disk isn't what is tested here */
    assert_non_null(mkdtemp(garden->folder));
    if (strcmp(wanted_url, "sqlite") == 0)
        (void)snprintf(garden->url, sizeof garden->url, "sqlite:%s/world.db", garden->folder);
    else
        (void)snprintf(garden->url, sizeof garden->url, "%s", wanted_url);
    garden->access =
        (GraphAccess){garden->url, getenv("NERDX_WORLD_GRAPH_USER"), getenv("NERDX_WORLD_GRAPH_PASSWORD")};
    if (strcmp(wanted_url, "sqlite") != 0)
        empty_neo4j(&garden->access);
    check_ok(graph_open(&garden->access, &garden->graph));
    *state = garden;
    return 0;
}

int close_garden(void **state)
{
    Garden *garden = *state;

    graph_close(garden->graph);
    drop_store(garden->folder, "world.db");
    arena_finish(&garden->arena);
    memory_free(garden);
    return 0;
}

void reopen(Garden *garden)
{
    graph_close(garden->graph);
    check_ok(graph_open(&garden->access, &garden->graph));
}

void say_node(Garden *garden, GraphOrigin origin, const char *key, const char *label, const char *properties)
{
    Str labels[] = {str_from(label)};
    GraphNode node = {
        .key = str_from(key), .labels = labels, .label_count = 1, .properties = str_from(properties)};

    check_ok(graph_put(garden->graph, origin, (GraphBatch){.nodes = &node, .node_count = 1}));
}

void say(Garden *garden, GraphOrigin origin, GraphRelationship relationship)
{
    if (relationship.properties.data == NULL)
        relationship.properties = STR("{}");
    check_ok(graph_put(garden->graph, origin,
                       (GraphBatch){.relationships = &relationship, .relationship_count = 1}));
}

void put_node(Garden *garden, const char *key, const char *label, const char *properties)
{
    say_node(garden, BOOK, key, label, properties);
}

void put_relationship(Garden *garden, const char *type, const char *from, const char *to, int64_t at_us)
{
    say(garden, BOOK,
        (GraphRelationship){
            .type = str_from(type), .from = str_from(from), .to = str_from(to), .at_us = at_us});
}

Err record(Garden *garden, GraphInteraction interaction, size_t *accepted)
{
    if (interaction.properties.data == NULL)
        interaction.properties = STR("{}");
    return graph_record(garden->graph, &interaction, 1, STR("{\"created_at\":\"then\"}"), accepted);
}

static Str told(Garden *garden, const GraphNeighbour *list, size_t count)
{
    Buf text = {.arena = &garden->arena};

    buf_put(&text, STR(""));
    for (size_t i = 0; i < count; i++)
        buf_format(&text, "%s%.*s%c%.*s@%lld %.*s", i > 0 ? "; " : "", STR_ARG(list[i].relationship),
                   list[i].direction == GRAPH_OUT ? '>' : '<', STR_ARG(list[i].key), (long long)list[i].at_us,
                   STR_ARG(list[i].properties));
    return buf_str(&text);
}

Str node_at(Garden *garden, const char *key, int64_t moment_us)
{
    Buf text = {.arena = &garden->arena};
    GraphNode node;
    Err e = graph_get_node(garden->graph, &garden->arena, str_from(key), moment_us, &node);

    if (e.code == NOT_FOUND)
        return STR("none");
    check_ok(e);
    for (size_t i = 0; i < node.label_count; i++)
        buf_format(&text, "%s%.*s", i > 0 ? "," : "", STR_ARG(node.labels[i]));
    buf_format(&text, "@%lld %.*s", (long long)node.since_us, STR_ARG(node.properties));
    return buf_str(&text);
}

static Str claims_told(Garden *garden, const GraphClaim *list, size_t count)
{
    Buf text = {.arena = &garden->arena};

    buf_put(&text, STR(""));
    for (size_t i = 0; i < count; i++) {
        buf_format(&text, "%s%.*s", i > 0 ? "; " : "", STR_ARG(list[i].origin));
        if (list[i].line > 0)
            buf_format(&text, ":%lld", (long long)list[i].line);
        buf_format(&text, "@%lld", (long long)list[i].since_us);
        if (list[i].until_us != GRAPH_FOREVER)
            buf_format(&text, "-%lld", (long long)list[i].until_us);
        buf_format(&text, " %.*s", STR_ARG(list[i].properties));
    }
    return buf_str(&text);
}

Str node_claims(Garden *garden, const char *key)
{
    GraphClaim *list;
    size_t count;

    check_ok(graph_get_node_claims(garden->graph, &garden->arena, str_from(key), &list, &count));
    return claims_told(garden, list, count);
}

Str relationship_claims(Garden *garden, const char *type, const char *from, const char *to)
{
    GraphClaim *list;
    size_t count;

    check_ok(graph_get_relationship_claims(garden->graph, &garden->arena, str_from(type), str_from(from),
                                           str_from(to), &list, &count));
    return claims_told(garden, list, count);
}

static Str neighbours_of(Garden *garden, const char *key, GraphView view)
{
    GraphNeighbour *list;
    size_t count;

    check_ok(graph_get_neighbours(garden->graph, &garden->arena, str_from(key), view, &list, &count));
    return told(garden, list, count);
}

Str neighbours(Garden *garden, const char *key, GraphDirection direction, const char *type, size_t limit)
{
    Str types[] = {str_from(type)};

    return neighbours_of(garden, key, (GraphView){direction, types, type != NULL ? 1 : 0, .limit = limit});
}

Str neighbours_at(Garden *garden, const char *key, int64_t moment_us)
{
    return neighbours_of(garden, key,
                         (GraphView){.direction = GRAPH_BOTH, .limit = 100, .as_of_us = moment_us});
}

Str context(Garden *garden, const char *user, size_t limit)
{
    GraphNeighbour *list;
    size_t count;

    check_ok(graph_get_user_context(garden->graph, &garden->arena, str_from(user), limit, &list, &count));
    return told(garden, list, count);
}
