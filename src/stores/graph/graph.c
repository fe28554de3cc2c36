#include "stores/graph/graph.h"

#include <assert.h>
#include <string.h>

#include "stores/graph/twin.h"

static const GraphTwin *const TWINS[] = {&GRAPH_TWIN_SQLITE, &GRAPH_TWIN_NEO4J};

/* NULL when the URL names none. */
static const GraphTwin *find_twin(const char *url)
{
    assert(url != NULL);
    for (size_t i = 0; i < sizeof(TWINS) / sizeof(TWINS[0]); i++)
        if (strncmp(url, TWINS[i]->scheme, strlen(TWINS[i]->scheme)) == 0)
            return TWINS[i];
    return NULL;
}

static Err no_twin(const char *url)
{
    return err(INVALID,
               "world_graph: %s names no graph store; sqlite:/path/world.db or neo4j://localhost:7474 would",
               url);
}

Err graph_open(const GraphAccess *access, Graph **out)
{
    const GraphTwin *twin = find_twin(access->url);

    return twin != NULL ? twin->open(access, out) : no_twin(access->url);
}

Err graph_check(const GraphAccess *access, Arena *arena, Str *report)
{
    const GraphTwin *twin = find_twin(access->url);

    return twin != NULL ? twin->check(access, arena, report) : no_twin(access->url);
}

bool graph_tables(const char *url, SqlMigrations *out)
{
    const GraphTwin *twin = find_twin(url);
    bool has_tables = twin != NULL && twin->tables != NULL;

    *out = has_tables ? *twin->tables : (SqlMigrations){0};
    return has_tables;
}

void graph_close(Graph *graph)
{
    if (graph != NULL)
        graph->twin->close(graph);
}

size_t graph_batch(const Graph *graph)
{
    return graph->twin->batch;
}

bool graph_reads_block(const Graph *graph)
{
    return graph->twin->reads_block(graph);
}

Err graph_get_node(Graph *graph, Arena *arena, Str key, int64_t as_of_us, GraphNode *out)
{
    return graph->twin->get_node(graph, arena, key, as_of_us, out);
}

/* A twin may leave out what isn't asked for; that none of it is seen is seen to here, for all of them. */
Err graph_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                         size_t *count)
{
    TRY(graph->twin->get_neighbours(graph, arena, key, view, out, count));
    for (size_t i = 0; view.bare && i < *count; i++)
        (*out)[i].label = (*out)[i].name = (Str){0};
    return OK;
}

Err graph_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                           size_t *count)
{
    return graph->twin->get_user_context(graph, arena, user, limit, out, count);
}

Err graph_get_node_claims(Graph *graph, Arena *arena, Str key, GraphClaim **out, size_t *count)
{
    return graph->twin->get_node_claims(graph, arena, key, out, count);
}

Err graph_get_relationship_claims(Graph *graph, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                  size_t *count)
{
    return graph->twin->get_relationship_claims(graph, arena, type, from, to, out, count);
}

/* What graph_record writes has origins of its own. */
static Err check_origin(Str name)
{
    assert(name.len > 0);
    if (str_equal(name, STR("events")) || str_starts(name, STR("event:")))
        return err(INVALID, "%.*s can't be an origin: events are recorded, not put; use another name",
                   STR_ARG(name));
    return OK;
}

Err graph_put(Graph *graph, GraphOrigin origin, GraphBatch batch)
{
    TRY(check_origin(origin.name));
    return graph->twin->put(graph, origin, batch);
}

Err graph_replace(Graph *graph, GraphOrigin origin, GraphBatch batch, Str mark_name, Str mark_value)
{
    TRY(check_origin(origin.name));
    return graph->twin->replace(graph, origin, batch, mark_name, mark_value);
}

Err graph_retract(Graph *graph, Str origin, int64_t now_us, int64_t *claims)
{
    return graph->twin->retract(graph, origin, now_us, claims);
}

Err graph_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted)
{
    return graph->twin->record(graph, interactions, count, new_user_properties, accepted);
}

Err graph_move_user(Graph *graph, Str from, Str to, Json new_user_properties, int64_t *events)
{
    assert(!str_equal(from, to));
    return graph->twin->move_user(graph, from, to, new_user_properties, events);
}

Err graph_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context)
{
    return graph->twin->scan_nodes(graph, label, on_node, context);
}

Err graph_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context)
{
    return graph->twin->scan_relationships(graph, type, on_relationship, context);
}

Err graph_get_version(Graph *graph, int64_t *out)
{
    return graph->twin->get_version(graph, out);
}

Err graph_scan_changed(Graph *graph, int64_t since, GraphNodeFn on_node, void *context, int64_t *version)
{
    return graph->twin->scan_changed(graph, since, on_node, context, version);
}

Err graph_read(Graph *graph, Arena *arena, const GraphReading *reading, GraphTable *out)
{
    return graph->twin->read(graph, arena, reading, out);
}

Err graph_list_outbox(Graph *graph, Arena *arena, size_t most, GraphHappening **out, size_t *count)
{
    return graph->twin->list_outbox(graph, arena, most, out, count);
}

Err graph_drop_outbox(Graph *graph, int64_t number)
{
    return graph->twin->drop_outbox(graph, number);
}

Err graph_get_mark(Graph *graph, Arena *arena, Str name, Str *out)
{
    return graph->twin->get_mark(graph, arena, name, out);
}

Err graph_set_mark(Graph *graph, Str name, Str value)
{
    return graph->twin->set_mark(graph, name, value);
}
