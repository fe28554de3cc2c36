/* A set of rows of values, told apart as DISTINCT and grouping do (1 is 1.0, null is null); each may carry something.
 * They stay in the order they came. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_TUPLES_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_TUPLES_H

#include "stores/graph/cypher/engine/value.h"

typedef struct Tuple {
    const Value *values;
    uint64_t hash;
    void *carried; /* NULL in one that is new */
} Tuple;

typedef struct Tuples {
    Arena *arena;
    size_t width;
    Tuple *items;
    size_t count;
    size_t room;
    size_t *slots; /* place + 1; 0 = free */
    size_t slot_count;
} Tuples;

void tuples_init(Tuples *tuples, Arena *arena, size_t width);

/* Finds the row or adds a copy of it; the pointer is good until the next call. */
Tuple *tuples_put(Tuples *tuples, const Value *values, bool *is_new);

#endif
