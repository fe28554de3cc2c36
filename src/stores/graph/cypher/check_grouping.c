/* The grouping keys of WITH and RETURN, as CIP2021-07-07 of openCypher has them: an item that aggregates may use, outside
 * its aggregations, only items without one that are a variable or a property of a variable. */
#include "stores/graph/cypher/checker.h"
#include "stores/graph/cypher/functions.h"
#include "stores/graph/cypher/tree.h"

/* Names that an expression declares for itself, innermost first. */
typedef struct Locals {
    const struct Locals *outer;
    Str name;
} Locals;

static bool is_local(const Locals *locals, Str name)
{
    for (; locals != NULL; locals = locals->outer)
        if (str_equal(locals->name, name))
            return true;
    return false;
}

static bool is_key(const CypherProjection *projection, const CypherExpression *e)
{
    if (e->kind != CYPHER_VARIABLE && (e->kind != CYPHER_PROPERTY || e->property.of->kind != CYPHER_VARIABLE))
        return false;
    for (size_t i = 0; i < projection->item_count; i++)
        if (!projection->items[i].expression->aggregates && tree_equal(projection->items[i].expression, e))
            return true;
    return false;
}

static Err check_constant(const CypherProjection *projection, CypherExpression *e, const Locals *locals);

static Err check_children(const CypherProjection *projection, CypherExpression *e, size_t from, size_t until,
                          const Locals *locals)
{
    CypherExpression **child;

    for (size_t i = from; i < until && (child = tree_child(e, i)) != NULL; i++)
        if (*child != NULL)
            TRY(check_constant(projection, *child, locals));
    return OK;
}

/* The first children come before the names, the others see them. */
static Err check_with_names(const CypherProjection *projection, CypherExpression *e, size_t before,
                            const Locals *locals)
{
    Locals inner = {.outer = locals};
    Locals accumulator = {.outer = &inner};

    inner.name = e->kind == CYPHER_LIST_COMPREHENSION ? e->comprehension.name.text
                 : e->kind == CYPHER_QUANTIFIER       ? e->quantifier.name.text
                                                      : e->reduce.name.text;
    accumulator.name = e->kind == CYPHER_REDUCE ? e->reduce.accumulator.text : inner.name;
    TRY(check_children(projection, e, 0, before, locals));
    return check_children(projection, e, before, SIZE_MAX, &accumulator);
}

static Err refuse(const CypherExpression *e)
{
    return cypher_error(e->place,
                        "beside an aggregation only grouping keys can stand: make this an item of its own, "
                        "in a WITH before");
}

static Err check_constant(const CypherProjection *projection, CypherExpression *e, const Locals *locals)
{
    switch (e->kind) {
    case CYPHER_COUNT_ALL:
        return OK;
    case CYPHER_CALL:
        return function_aggregates(e->call.function) ? OK
                                                     : check_children(projection, e, 0, SIZE_MAX, locals);
    case CYPHER_VARIABLE:
        return is_local(locals, e->name.text) || is_key(projection, e) ? OK : refuse(e);
    case CYPHER_PROPERTY:
        return is_key(projection, e) ? OK : check_constant(projection, e->property.of, locals);
    case CYPHER_LIST_COMPREHENSION:
    case CYPHER_QUANTIFIER:
        return check_with_names(projection, e, 1, locals);
    case CYPHER_REDUCE:
        return check_with_names(projection, e, 2, locals);
    case CYPHER_PATTERN:
    case CYPHER_PATTERN_COMPREHENSION:
    case CYPHER_EXISTS_SUBQUERY:
        return refuse(e);
    default:
        return check_children(projection, e, 0, SIZE_MAX, locals);
    }
}

Err check_grouping(const CypherProjection *projection)
{
    for (size_t i = 0; i < projection->item_count; i++)
        if (projection->items[i].expression->aggregates)
            TRY(check_constant(projection, projection->items[i].expression, NULL));
    return OK;
}
