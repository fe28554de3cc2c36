/* Everything that is wrong with a query and can be known before it runs: names, scopes, types, aggregations, columns.
 * On the way each name gets its slot. The rules are those that the openCypher TCK demands at compile time. */
#ifndef NERDX_STORES_GRAPH_CYPHER_CHECK_H
#define NERDX_STORES_GRAPH_CYPHER_CHECK_H

#include "base/err.h"
#include "stores/graph/cypher/ast.h"

/* Errors: INVALID with line and column. */
Err cypher_check(Arena *arena, CypherQuery *query);

#endif
