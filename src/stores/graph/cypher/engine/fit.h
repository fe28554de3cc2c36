/* Does a node or relationship fit what a pattern says of it? */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_FIT_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_FIT_H

#include "stores/graph/cypher/engine/run.h"

bool fit_labels(const ValueNode *node, const CypherNodePattern *pattern);
bool fit_type(const CypherRelationshipPattern *pattern, const ValueRelationship *relationship);

/* Has the node or relationship the properties that the map says? */
Err fit_properties(Run *run, const CypherExpression *map, Value entity, bool *fit);

/* A condition of WHERE, looked at before its time: where it fails, nothing is known yet. Errors: those of reading. */
Err fit_early(Run *run, const CypherExpression *condition, bool *fit);

#endif
