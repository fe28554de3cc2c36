#include "stores/graph/cypher/engine/fit.h"

#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/parts.h"

/* Null when there is no such property, which equals nothing. */
static bool has_properties(ValueMap properties, ValueMap wanted)
{
    for (size_t i = 0; i < wanted.count; i++) {
        const Value *found = value_map_get(properties, wanted.entries[i].key);

        if (found == NULL || value_equal(*found, wanted.entries[i].value) != TRUTH_TRUE)
            return false;
    }
    return true;
}

/* Of a node or relationship: has it the properties that the map says? */
Err fit_properties(Run *run, const CypherExpression *map, Value entity, bool *fit)
{
    ValueMap properties;
    Value wanted;

    TRY(evaluate(run, map, &wanted));
    if (wanted.type != VALUE_MAP)
        return run_refuse(map->place, "properties are a map, not %s", value_type_name(wanted.type));
    TRY(element_map(run, entity, &properties, fit));
    *fit = *fit && has_properties(properties, wanted.map);
    return OK;
}

/* WHERE is evaluated whole at the end: here an error only means that nothing is known yet. */
Err fit_early(Run *run, const CypherExpression *condition, bool *fit)
{
    size_t depth = run->depth;
    Truth truth;
    Err e = evaluate_truth(run, condition, &truth);

    if (failed(&e)) {
        run->depth = depth;
        *fit = true;
        return e.code == UNPROCESSABLE ? OK : e;
    }
    *fit = truth == TRUTH_TRUE;
    return OK;
}

bool fit_labels(const ValueNode *node, const CypherNodePattern *pattern)
{
    for (size_t i = 0; i < pattern->label_count; i++) {
        size_t at = 0;

        while (at < node->label_count && !str_equal(node->labels[at], pattern->labels[i]))
            at++;
        if (at == node->label_count)
            return false;
    }
    return true;
}

bool fit_type(const CypherRelationshipPattern *pattern, const ValueRelationship *relationship)
{
    for (size_t i = 0; i < pattern->type_count; i++)
        if (str_equal(pattern->types[i], relationship->type))
            return true;
    return pattern->type_count == 0;
}
