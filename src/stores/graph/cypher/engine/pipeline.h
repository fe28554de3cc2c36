/* A query as a chain of operators: each takes the row under work, changes it and pushes it on, or keeps it until there
 * are no more. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_PIPELINE_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_PIPELINE_H

#include "stores/graph/cypher/engine/run.h"

typedef struct Operator Operator;

struct Operator {
    Err (*push)(Operator *self, Run *run);
    Err (*finish)(Operator *self, Run *run); /* pushes what was kept; NULL when nothing is */
    Operator *next;                          /* NULL for the last */
    bool full;                               /* it needs no more rows */
};

/* Pushes a row on to the next operator, and is full when that is. */
Err pipeline_push_on(Operator *self, Run *run);

/* Makes the operators of the clauses, in the scratch arena, with `last` behind them.
 * Errors: UNPROCESSABLE for a SKIP or LIMIT that is no number of rows. */
Err pipeline_build(Run *run, const CypherSingle *single, Operator *last, Operator **out);

/* Feeds it the one empty row that a query begins with, and finishes it. */
Err pipeline_run(Run *run, Operator *first);

/* project.c: the operators of a WITH or RETURN, in their order; *end is where the next one is to be put. */
Err project_build(Run *run, const CypherProjection *projection, Operator ***end);

/* group.c: those of an aggregating projection, until the items are set; sort.c: ORDER BY. */
Operator *group_build(Run *run, const CypherProjection *projection);
Operator *sort_build(Run *run, const CypherProjection *projection, size_t rows_needed);

#endif
