/* What a fact would change in the graph as it is now, whoever said what is there. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_CHANGE_H
#define NERDX_SERVICES_WORLD_REVIEW_CHANGE_H

#include "services/world/ingest/fact.h"

typedef struct Change {
    Str property;
    Json before; /* absent = it has none */
    Json after;
} Change;

typedef struct Changes {
    bool is_new; /* there is no such entity, or no such relationship between the two */
    const Change *items;
    size_t count;
} Changes;

/* fact: in the interchange form, with ids. Errors: those of the graph. */
Err changes_of(Graph *graph, Arena *arena, const Fact *fact, Changes *out);

static inline bool changes_nothing(const Changes *changes)
{
    return !changes->is_new && changes->count == 0;
}

#endif
