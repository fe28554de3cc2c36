/* How values compare, as openCypher 9 has it (and CIP2016-06-14, "Define comparability and equality as well as
 * orderability and equivalence"): equality and comparability are three-valued and know no order across types;
 * orderability is total, for ORDER BY, min and max, and its equivalence is what DISTINCT and grouping go by. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_COMPARE_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_COMPARE_H

#include "stores/graph/cypher/ast.h"
#include "stores/graph/cypher/engine/value.h"

/* UNKNOWN is null. */
typedef enum Truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN } Truth;

static inline Truth truth_of(bool boolean)
{
    return boolean ? TRUTH_TRUE : TRUTH_FALSE;
}

static inline Truth truth_not(Truth truth)
{
    return truth == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth_of(truth == TRUTH_FALSE);
}

static inline Value truth_value(Truth truth)
{
    return truth == TRUTH_UNKNOWN ? value_null() : value_boolean(truth == TRUTH_TRUE);
}

/* a = b. What is null in it makes it unknown, unless something else already differs. */
Truth value_equal(Value a, Value b);

/* a < b and its like: unknown for what can't be compared, false where there is a NaN among numbers. */
Truth value_compare(CypherComparison comparison, Value a, Value b);

/* The total order: maps, nodes, relationships, lists, paths, texts, booleans, numbers, NaN, null. Less than, equal to
 * or greater than 0. */
int value_order(Value a, Value b);

/* Equal for values whose order is 0. */
uint64_t value_hash(Value value);

#endif
