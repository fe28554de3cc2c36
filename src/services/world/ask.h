/* The world asked in Cypher. */
#ifndef NERDX_SERVICES_WORLD_ASK_H
#define NERDX_SERVICES_WORLD_ASK_H

#include "services/world/world.h"
#include "stores/graph/graph.h"

/* Who asks: what may be seen, and how much may be used, depends on it. */
typedef enum Asker {
    ASKER_ANYBODY, /* over the network: the catalogue and what content tells of it, nothing of visitors */
    ASKER_OWNER,   /* at the machine: everything */
    ASKER_COUNT
} Asker;

/* parameters: a JSON object; absent when there are none.
 * Errors: INVALID for what isn't supported, UNPROCESSABLE for what turns out wrong or too much: both say where. */
Err world_ask(World *world, Arena *arena, Str cypher, Json parameters, Asker asker, GraphTable *out);

#endif
