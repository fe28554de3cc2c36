/* What the engine must know of expressions before it evaluates them. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_WALK_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "stores/graph/cypher/ast.h"

/* Has everything that the expression reads a value, given the slots that have one? What it declares itself is marked
 * in `bound` too: no other part of the query has its slots. False for EXISTS { … }, whose inside isn't looked at. */
bool walk_is_ready(const CypherExpression *expression, bool *bound);

/* Marks the slots that the expression reads and doesn't declare itself, EXISTS { … } included; what stands in an
 * aggregation is left out when `around_aggregations`. declared: as long as reads, false; to work on. */
void walk_reads(const CypherExpression *expression, bool around_aggregations, size_t slot_count, bool *reads,
                bool *declared);

/* count(…), collect(…) and their like in an expression: how many, put into calls unless that is NULL. */
size_t walk_aggregations(const CypherExpression *expression, const CypherExpression **calls);

#endif
