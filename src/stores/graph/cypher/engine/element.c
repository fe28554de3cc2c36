/* What is inside of something: of.key, of[at], of[from..to], of:Label. */
#include "stores/graph/cypher/engine/parts.h"

Err element_map(Run *run, Value of, ValueMap *out, bool *has)
{
    *has = true;
    switch (of.type) {
    case VALUE_MAP:
        *out = of.map;
        return OK;
    case VALUE_NODE:
        TRY(access_load_node(&run->access, of.node));
        *out = of.node->properties;
        return OK;
    case VALUE_RELATIONSHIP:
        TRY(access_load_relationship(&run->access, of.relationship));
        *out = of.relationship->properties;
        return OK;
    default:
        *has = false;
        return OK;
    }
}

Err element_property(Run *run, const CypherExpression *expression, Value of, Str key, Value *out)
{
    ValueMap map;
    const Value *found;
    bool has;

    *out = value_null();
    if (value_is_null(of))
        return OK;
    TRY(element_map(run, of, &map, &has));
    if (!has)
        return run_refuse(expression->place, "%s has no properties: a node, relationship or map is needed",
                          value_type_name(of.type));
    found = value_map_get(map, key);
    if (found)
        *out = *found;
    return OK;
}

/* A place that may be counted from the end. */
static int64_t place_in(int64_t at, size_t count)
{
    return at < 0 ? at + (int64_t)count : at;
}

static Err item_at(const CypherExpression *expression, ValueList list, Value at, Value *out)
{
    int64_t place;

    if (at.type != VALUE_INTEGER)
        return run_refuse(expression->place, "the place in a list is an integer, not %s",
                          value_type_name(at.type));
    place = place_in(at.integer, list.count);
    *out = place >= 0 && place < (int64_t)list.count ? list.items[place] : value_null();
    return OK;
}

Err element_index(Run *run, const CypherExpression *expression, Value *out)
{
    Value of;
    Value at;

    TRY(evaluate(run, expression->index.of, &of));
    TRY(evaluate(run, expression->index.at, &at));
    *out = value_null();
    if (value_is_null(of) || value_is_null(at))
        return OK;
    if (of.type == VALUE_LIST)
        return item_at(expression, of.list, at, out);
    if (at.type != VALUE_STRING)
        return run_refuse(expression->place, "%s is no key of %s: only lists are asked by a number",
                          value_type_name(at.type), value_type_name(of.type));
    return element_property(run, expression, of, at.text, out);
}

/* An end of a slice: absent gives the default, null makes the whole null. */
static Err slice_end(Run *run, const CypherExpression *end, size_t count, size_t absent, size_t *out,
                     bool *null)
{
    Value value;
    int64_t place;

    *out = absent;
    if (end == NULL)
        return OK;
    TRY(evaluate(run, end, &value));
    *null |= value_is_null(value);
    if (value_is_null(value))
        return OK;
    if (value.type != VALUE_INTEGER)
        return run_refuse(end->place, "the end of a slice is an integer, not %s",
                          value_type_name(value.type));
    place = place_in(value.integer, count);
    place = place < 0 ? 0 : place;
    *out = place > (int64_t)count ? count : (size_t)place;
    return OK;
}

Err element_slice(Run *run, const CypherExpression *expression, Value *out)
{
    Value of;
    size_t from;
    size_t to;
    bool null = false;

    TRY(evaluate(run, expression->slice.of, &of));
    size_t count = of.type == VALUE_LIST ? of.list.count : 0;
    TRY(slice_end(run, expression->slice.from, count, 0, &from, &null));
    TRY(slice_end(run, expression->slice.to, count, count, &to, &null));
    *out = value_null();
    if (null || value_is_null(of))
        return OK;
    if (of.type != VALUE_LIST)
        return run_refuse(expression->place, "only a list can be sliced, not %s", value_type_name(of.type));
    *out = value_list(of.list.items + from, to > from ? to - from : 0);
    return OK;
}

static bool node_has_label(const ValueNode *node, Str label)
{
    for (size_t i = 0; i < node->label_count; i++)
        if (str_equal(node->labels[i], label))
            return true;
    return false;
}

Err element_has_labels(Run *run, const CypherExpression *expression, Value *out)
{
    bool has = true;
    Value of;

    TRY(evaluate(run, expression->has_labels.of, &of));
    *out = value_null();
    if (value_is_null(of))
        return OK;
    if (of.type != VALUE_NODE && of.type != VALUE_RELATIONSHIP)
        return run_refuse(expression->place, "%s has no labels: a node or relationship is needed",
                          value_type_name(of.type));
    if (of.type == VALUE_NODE)
        TRY(access_load_node(&run->access, of.node));
    for (size_t i = 0; i < expression->has_labels.label_count; i++) {
        Str label = expression->has_labels.labels[i];

        has = has && (of.type == VALUE_NODE ? node_has_label(of.node, label)
                                            : str_equal(of.relationship->type, label));
    }
    *out = value_boolean(has);
    return OK;
}
