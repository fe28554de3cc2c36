/* Runs a query on a store's reads. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_EXECUTE_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_EXECUTE_H

#include "stores/graph/cypher/engine/reads.h"
#include "stores/graph/cypher/engine/run.h"

/* Errors: UNPROCESSABLE when a value doesn't fit (with line and column), a parameter is missing, or the budget is used
 * up; those of the reads. clock: for the budget of time. */
Err execute_query(const CypherReads *reads, const GraphReading *reading, const Clock *clock, Arena *arena,
                  GraphTable *out);

/* CYPHER_EXISTS_SUBQUERY: does it give a row, for the row under work? */
Err execute_exists(Run *run, const CypherQuery *query, bool *found);

#endif
