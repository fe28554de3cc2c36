/* The kinds of expression that have a file of their own; evaluate.c hands over to them. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_PARTS_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_PARTS_H

#include "stores/graph/cypher/engine/evaluate.h"

/* operators.c: all but AND, OR and XOR, whose second side isn't always looked at. */
Err operate_unary(Run *run, const CypherExpression *expression, Value operand, Value *out);
Err operate_binary(Run *run, const CypherExpression *expression, Value left, Value right, Value *out);

/* Element of a list, text: is x in it? Three-valued. */
Truth list_contains(ValueList list, Value wanted);

/* iterate.c */
Err iterate_comprehension(Run *run, const CypherExpression *expression, Value *out);
Err iterate_quantifier(Run *run, const CypherExpression *expression, Value *out);
Err iterate_reduce(Run *run, const CypherExpression *expression, Value *out);

/* call.c: functions but aggregations */
Err call_function(Run *run, const CypherExpression *expression, Value *out);

/* element.c: of.key, of[at], of[from..to], of:Label */
Err element_property(Run *run, const CypherExpression *expression, Value of, Str key, Value *out);
Err element_index(Run *run, const CypherExpression *expression, Value *out);
Err element_slice(Run *run, const CypherExpression *expression, Value *out);
Err element_has_labels(Run *run, const CypherExpression *expression, Value *out);

/* The properties of a node or relationship, or the map itself; false for everything else. */
Err element_map(Run *run, Value of, ValueMap *out, bool *has);

#endif
