/* Expressions -> values, for the row under work. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_EVALUATE_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_EVALUATE_H

#include "stores/graph/cypher/engine/compare.h"
#include "stores/graph/cypher/engine/run.h"

/* The value lives in the scratch arena, or in what it was taken from.
 * Errors: UNPROCESSABLE with line and column for a type that doesn't fit, an overflow, a division by zero; those of
 * reading; those of the budget. */
Err evaluate(Run *run, const CypherExpression *expression, Value *out);

/* A predicate: what is neither boolean nor null is refused. */
Err evaluate_truth(Run *run, const CypherExpression *expression, Truth *out);

#endif
