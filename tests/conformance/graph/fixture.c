#include "conformance/graph/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static const char *wanted_url;

void garden_use_url(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s sqlite | URL of an empty graph\n", argv[0]);
        exit(EXIT_FAILURE);
    }
    wanted_url = argv[1];
}

int open_garden(void **state)
{
    Garden *garden = memory_new(Garden);

    arena_init(&garden->arena);
    (void)snprintf(garden->folder, sizeof garden->folder, "/tmp/nerdx-graph-XXXXXX");
    assert_non_null(mkdtemp(garden->folder));
    if (strcmp(wanted_url, "sqlite") == 0)
        (void)snprintf(garden->url, sizeof garden->url, "sqlite:%s/world.db", garden->folder);
    else
        (void)snprintf(garden->url, sizeof garden->url, "%s", wanted_url);
    check_ok(graph_open(garden->url, &garden->graph));
    *state = garden;
    return 0;
}

int close_garden(void **state)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    Garden *garden = *state;
    char path[128];

    graph_close(garden->graph);
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        (void)snprintf(path, sizeof path, "%s/world.db%s", garden->folder, suffixes[i]);
        (void)unlink(path);
    }
    (void)rmdir(garden->folder);
    arena_finish(&garden->arena);
    memory_free(garden);
    return 0;
}

void reopen(Garden *garden)
{
    graph_close(garden->graph);
    check_ok(graph_open(garden->url, &garden->graph));
}

void put_node(Garden *garden, const char *key, const char *label, const char *properties)
{
    Str labels[] = {str_from(label)};
    GraphNode node = {str_from(key), labels, 1, str_from(properties)};

    check_ok(graph_put(garden->graph, (GraphBatch){.nodes = &node, .node_count = 1}));
}

void put_relationship(Garden *garden, const char *type, const char *from, const char *to, int64_t at_us)
{
    GraphRelationship r = {str_from(type), str_from(from), str_from(to), at_us, STR("{}")};

    check_ok(graph_put(garden->graph, (GraphBatch){.relationships = &r, .relationship_count = 1}));
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

Str neighbours(Garden *garden, const char *key, GraphDirection direction, const char *type, size_t limit)
{
    Str types[] = {str_from(type)};
    GraphView view = {direction, types, type != NULL ? 1 : 0, limit};
    GraphNeighbour *list;
    size_t count;

    check_ok(graph_get_neighbours(garden->graph, &garden->arena, str_from(key), view, &list, &count));
    return told(garden, list, count);
}

Str context(Garden *garden, const char *user, size_t limit)
{
    GraphNeighbour *list;
    size_t count;

    check_ok(graph_get_user_context(garden->graph, &garden->arena, str_from(user), limit, &list, &count));
    return told(garden, list, count);
}
