/* GET entity/{id}: an entity and its neighbours. */
#include "services/world/room.h"

static Neighbour describe_neighbour(const GraphNeighbour *neighbour)
{
    return (Neighbour){
        .relationship = neighbour->relationship,
        .direction = neighbour->direction == GRAPH_OUT ? NEIGHBOUR_DIRECTION_OUT : NEIGHBOUR_DIRECTION_IN,
        .id = neighbour->key,
        .label = neighbour->label,
        .name = neighbour->name,
        .properties = neighbour->properties,
    };
}

/* What visitors did is theirs: it is read from their side only. From the other it would tell who they are, and push
 * the entity's own neighbours out of the list. */
static GraphView view_of(const Schema *schema, const GraphNode *node, int64_t limit)
{
    StrSet told = schema_told_types(schema);

    if (!schema_shows(schema, graph_main_label(node)))
        return (GraphView){.direction = GRAPH_OUT, .limit = (size_t)limit};
    return (GraphView){GRAPH_BOTH, told.items, told.count, .limit = (size_t)limit};
}

/* Reads one entity with its neighbours. NOT_FOUND names the id. */
Err world_get_entity(Call *call, const WorldGetEntityInput *in, Entity *out)
{
    World *world = call->service;
    GraphNeighbour *neighbours = NULL;
    size_t neighbour_count = 0;
    GraphNode node;

    TRY(graph_get_node(world->graph, call->arena, in->id, GRAPH_NOW, &node));
    if (in->limit > 0)
        TRY(graph_get_neighbours(world->graph, call->arena, in->id, view_of(world->schema, &node, in->limit),
                                 &neighbours, &neighbour_count));
    out->id = node.key;
    out->labels = world_copy_list(call->arena, (StrSet){node.labels, node.label_count});
    out->properties = node.properties;
    out->neighbours.items = arena_array(call->arena, Neighbour, neighbour_count);
    out->neighbours.count = neighbour_count;
    for (size_t i = 0; i < neighbour_count; i++)
        out->neighbours.items[i] = describe_neighbour(&neighbours[i]);
    return OK;
}
