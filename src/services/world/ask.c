#include "services/world/ask.h"

#include "services/world/room.h"
#include "stores/graph/cypher/cypher.h"

enum { SECOND_US = 1000000 };

static const GraphBudget BUDGETS[ASKER_COUNT] = {
    [ASKER_ANYBODY] = {.rows = 1000, .reads = 200000, .bytes = 128 << 20, .time_us = 2LL * SECOND_US},
    [ASKER_OWNER] = {.rows = 1000000, .reads = 20000000, .bytes = 2048LL << 20, .time_us = 60LL * SECOND_US},
};

/* What visitors are and did is nobody else's business. */
static GraphSight without_visitors(Arena *arena, const Schema *schema)
{
    size_t label_count;
    size_t type_count;
    const SchemaLabel *labels = schema_labels(schema, &label_count);
    const SchemaRelationship *types = schema_relationships(schema, &type_count);
    Str *hidden_labels = arena_array(arena, Str, label_count);
    Str *hidden_types = arena_array(arena, Str, type_count);
    GraphSight sight = {.hidden_labels = hidden_labels, .hidden_types = hidden_types};

    for (size_t i = 0; i < label_count; i++)
        if (!labels[i].in_catalogue)
            hidden_labels[sight.hidden_label_count++] = labels[i].name;
    for (size_t i = 0; i < type_count; i++)
        if (types[i].learned)
            hidden_types[sight.hidden_type_count++] = types[i].name;
    return sight;
}

Err world_ask(World *world, Arena *arena, Str cypher, Json parameters, Asker asker, GraphTable *out)
{
    GraphReading reading = {.parameters = parameters, .budget = BUDGETS[asker]};
    CypherQuery *query;

    TRY(cypher_parse(arena, cypher, CYPHER_READ, &query));
    reading.query = query;
    if (asker == ASKER_ANYBODY)
        reading.sight = without_visitors(arena, world->schema);
    return graph_read(world->graph, arena, &reading, out);
}
