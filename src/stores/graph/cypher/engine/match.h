/* Patterns against the graph. No relationship stands for two of one match's. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_MATCH_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_MATCH_H

#include "stores/graph/cypher/engine/plan.h"
#include "stores/graph/cypher/engine/run.h"

/* One match: the row has it. *stop ends the search. */
typedef Err (*MatchFn)(void *context, Run *run, bool *stop);

/* What on_match makes in the scratch arena is gone after it, unless `keeps`. Errors: those of evaluating and reading. */
Err match_each(Run *run, const Plan *plan, bool keeps, MatchFn on_match, void *context);

/* patterns.c. A pattern as an expression: is there any? */
Err match_exists(Run *run, const CypherPath *path, bool *found);
/* CYPHER_PATTERN_COMPREHENSION */
Err match_comprehension(Run *run, const CypherExpression *expression, Value *out);

#endif
