/* Bytes as a Cypher file: what is accepted has keys, types and ends that are there, and properties that are JSON. */
#include <stdlib.h>

#include "base/json.h"
#include "stores/graph/cypher/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand_object(Json text)
{
    AUTO_JSON json_t *value = NULL;
    Err failure = json_read(text, &value);

    if (failed(&failure) || !json_is_object(value))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    CypherLoad loaded;
    Err failure;

    arena_init(&arena);
    failure = cypher_load(&arena, str_copy(&arena, (Str){(const char *)data, size}),
                          (CypherLoadOptions){.now_us = 1700000000000000}, &loaded);
    if (failed(&failure))
        return 0;
    for (size_t i = 0; i < loaded.node_count; i++) {
        if (loaded.nodes[i].key.len == 0)
            abort();
        demand_object(loaded.nodes[i].properties);
    }
    for (size_t i = 0; i < loaded.relationship_count; i++) {
        if (loaded.relationships[i].type.len == 0 || loaded.relationships[i].from.len == 0 ||
            loaded.relationships[i].to.len == 0)
            abort();
        demand_object(loaded.relationships[i].properties);
    }
    return 0;
}
