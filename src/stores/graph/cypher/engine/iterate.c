/* What goes through a list item by item: comprehensions, quantifiers, reduce. */
#include "stores/graph/cypher/engine/parts.h"

/* Null is told, and has no items. */
static Err list_of(Run *run, const CypherExpression *expression, ValueList *list, bool *null)
{
    Value value;

    *list = (ValueList){0};
    *null = true;
    TRY(evaluate(run, expression, &value));
    if (value_is_null(value))
        return OK;
    if (value.type != VALUE_LIST)
        return run_refuse(expression->place, "a list is needed here, not %s", value_type_name(value.type));
    *list = value.list;
    *null = false;
    return OK;
}

/* For the item in its slot. */
static Err holds(Run *run, const CypherExpression *where, Truth *out)
{
    *out = TRUTH_TRUE;
    TRY(run_tick(run));
    return where ? evaluate_truth(run, where, out) : OK;
}

Err iterate_comprehension(Run *run, const CypherExpression *expression, Value *out)
{
    const CypherExpression *projection = expression->comprehension.projection;
    size_t slot = expression->comprehension.name.slot;
    size_t count = 0;
    ValueList list;
    bool null;

    TRY(list_of(run, expression->comprehension.list, &list, &null));
    TRY(run_reserve_items(run, expression->place, list.count));
    Value *items = arena_array(&run->scratch, Value, list.count);
    for (size_t i = 0; i < list.count; i++) {
        Truth truth;

        run->row[slot] = list.items[i];
        TRY(holds(run, expression->comprehension.where, &truth));
        if (truth != TRUTH_TRUE)
            continue;
        items[count] = list.items[i];
        if (projection)
            TRY(evaluate(run, projection, &items[count]));
        count++;
    }
    *out = null ? value_null() : value_list(items, count);
    return OK;
}

/* How many items the predicate holds for, doesn't, and can't tell. */
typedef struct Tally {
    size_t of[3];
} Tally;

static Truth judge(CypherQuantifier quantifier, const Tally *tally)
{
    size_t yes = tally->of[TRUTH_TRUE];
    size_t no = tally->of[TRUTH_FALSE];
    bool unknown = tally->of[TRUTH_UNKNOWN] > 0;

    switch (quantifier) {
    case CYPHER_ALL:
        return no > 0 ? TRUTH_FALSE : unknown ? TRUTH_UNKNOWN : TRUTH_TRUE;
    case CYPHER_ANY:
        return yes > 0 ? TRUTH_TRUE : unknown ? TRUTH_UNKNOWN : TRUTH_FALSE;
    case CYPHER_NONE:
        return yes > 0 ? TRUTH_FALSE : unknown ? TRUTH_UNKNOWN : TRUTH_TRUE;
    default:
        return yes > 1 ? TRUTH_FALSE : unknown ? TRUTH_UNKNOWN : truth_of(yes == 1);
    }
}

Err iterate_quantifier(Run *run, const CypherExpression *expression, Value *out)
{
    Tally tally = {0};
    ValueList list;
    bool null;

    TRY(list_of(run, expression->quantifier.list, &list, &null));
    for (size_t i = 0; i < list.count; i++) {
        Truth truth;

        run->row[expression->quantifier.name.slot] = list.items[i];
        TRY(holds(run, expression->quantifier.where, &truth));
        tally.of[truth]++;
    }
    *out = null ? value_null() : truth_value(judge(expression->quantifier.quantifier, &tally));
    return OK;
}

Err iterate_reduce(Run *run, const CypherExpression *expression, Value *out)
{
    Value *accumulator = &run->row[expression->reduce.accumulator.slot];
    Value result;
    ValueList list;
    bool null;

    TRY(list_of(run, expression->reduce.list, &list, &null));
    TRY(evaluate(run, expression->reduce.initial, &result));
    for (size_t i = 0; i < list.count; i++) {
        TRY(run_tick(run));
        *accumulator = result;
        run->row[expression->reduce.name.slot] = list.items[i];
        TRY(evaluate(run, expression->reduce.step, &result));
    }
    *out = null ? value_null() : result;
    return OK;
}
