/* Expressions as trees: what all that walk them share. */
#ifndef NERDX_STORES_GRAPH_CYPHER_TREE_H
#define NERDX_STORES_GRAPH_CYPHER_TREE_H

#include "stores/graph/cypher/ast.h"

/* Where the child with this number stands, NULL behind the last one. What stands there is NULL for a part that wasn't
 * written. A pattern's children are its properties; a subquery has none. */
CypherExpression **tree_child(CypherExpression *expression, size_t number);

/* Whether both say the same in the same words: names are compared by their text. */
bool tree_equal(const CypherExpression *a, const CypherExpression *b);
bool tree_equal_queries(const CypherQuery *a, const CypherQuery *b);

#endif
