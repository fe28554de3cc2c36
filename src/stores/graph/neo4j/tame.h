/* Which questions a server may be asked that counts neither the memory nor the time of expressions: Neo4j stops between
 * rows and hops, and counts what it groups and sorts, but builds whatever text or list an expression says, however large.
 * Those that could grow on are for the engine of ../cypher, which counts everything. */
#ifndef NERDX_STORES_GRAPH_NEO4J_TAME_H
#define NERDX_STORES_GRAPH_NEO4J_TAME_H

#include <stdbool.h>

#include "stores/graph/cypher/ast.h"

/* No more clauses, nodes in patterns and expressions than a planner takes well; no range(), replace(), reduce(), list made anew in a loop or loop in a loop, and what doubles values (+, lists and maps
 * of variables) at most TAME_MOST_DOUBLINGS times: a value is then at most so many times twice as large as what is
 * stored or given. */
enum { TAME_MOST_DOUBLINGS = 8, TAME_MOST_CLAUSES = 32, TAME_MOST_NODES = 24, TAME_MOST_EXPRESSIONS = 1000 };
bool question_is_tame(const CypherQuery *query);

#endif
