/* count, collect, sum and their like: what a group of rows adds up to. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_AGGREGATE_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_AGGREGATE_H

#include "stores/graph/cypher/engine/run.h"

/* The calls of a projection, each with its result for one group. */
typedef struct Aggregation {
    const CypherExpression *const *calls;
    const Value *results;
    size_t count;
} Aggregation;

typedef struct Accumulator Accumulator;

/* True when the expression is an aggregation of the group at hand. */
bool aggregate_result(const Run *run, const CypherExpression *expression, Value *out);

Accumulator *aggregate_begin(Run *run, const CypherExpression *call);
/* Takes the row under work. Errors: those of evaluating; UNPROCESSABLE for a type that doesn't add up. */
Err aggregate_add(Run *run, Accumulator *accumulator);
/* The result, in the kept arena. */
Err aggregate_end(Run *run, Accumulator *accumulator, Value *out);

#endif
