#include "stores/graph/cypher/checker.h"
#include "stores/graph/cypher/tree.h"

static Err check_child(Checker *checker, CypherExpression *child, Kinds kinds, const char *what, Type *type)
{
    TRY(check_expression(checker, child, type));
    return type_demand(*type, kinds, child->place, what);
}

static Err check_variable(Checker *checker, CypherName *name, Type *type)
{
    Binding *binding = checker_find(checker, name->text);
    size_t at;

    if (checker->constant)
        return cypher_error(name->place, "SKIP and LIMIT expect a number that doesn't depend on a row");
    if (binding == NULL)
        return cypher_error(name->place, "%.*s isn't defined: expected a variable of this part of the query",
                            STR_ARG(name->text));
    at = (size_t)(binding - checker->bindings);
    if (at >= checker->bound && at < checker->ready)
        return cypher_error(name->place,
                            "%.*s has no value before this pattern is matched: compare with it in WHERE",
                            STR_ARG(name->text));
    name->slot = binding->slot;
    name->bound = at < checker->bound;
    *type = binding->type;
    return OK;
}

static Err check_leaf(Checker *checker, const CypherExpression *e, Type *type)
{
    static const Kinds LEAVES[] = {
        [CYPHER_NULL] = KIND_ANY,    [CYPHER_BOOLEAN] = KIND_BOOLEAN, [CYPHER_INTEGER] = KIND_INTEGER,
        [CYPHER_FLOAT] = KIND_FLOAT, [CYPHER_STRING] = KIND_STRING,   [CYPHER_PARAMETER] = KIND_ANY,
    };

    if (e->kind == CYPHER_PARAMETER)
        checker_use_parameter(checker, e->text);
    *type = type_of(LEAVES[e->kind]);
    return OK;
}

static Err check_property(Checker *checker, CypherExpression *e, Type *type)
{
    TRY(check_child(checker, e->property.of, KIND_KEYED, "a property", type));
    e->property.entity = (type->kinds & KIND_ENTITY) != 0;
    *type = type_of(KIND_ANY);
    return OK;
}

static Err check_has_labels(Checker *checker, CypherExpression *e, Type *type)
{
    TRY(check_child(checker, e->has_labels.of, KIND_ENTITY, ":Label", type));
    *type = type_of(KIND_BOOLEAN);
    return OK;
}

static Err check_list(Checker *checker, CypherList *list, Type *type)
{
    Kinds items = 0;

    for (size_t i = 0; i < list->count; i++) {
        TRY(check_expression(checker, list->items[i], type));
        items |= type->kinds;
    }
    *type = type_list(list->count > 0 ? items : KIND_ANY);
    return OK;
}

static Err check_map(Checker *checker, CypherMap *map, Type *type)
{
    for (size_t i = 0; i < map->count; i++)
        TRY(check_expression(checker, map->values[i], type));
    *type = type_of(KIND_MAP);
    return OK;
}

static Err check_index(Checker *checker, CypherExpression *e, Type *type)
{
    Type of = {0};
    Type at = {0};

    TRY(check_child(checker, e->index.of, KIND_LIST | KIND_KEYED, "[…]", &of));
    TRY(check_child(checker, e->index.at, KIND_INTEGER | KIND_STRING, "[…]", &at));
    if (of.kinds == KIND_LIST)
        TRY(type_demand(at, KIND_INTEGER, e->index.at->place, "the place in a list"));
    if ((of.kinds & KIND_LIST) == 0)
        TRY(type_demand(at, KIND_STRING, e->index.at->place, "the key of a map"));
    e->index.entity = (of.kinds & KIND_ENTITY) && (at.kinds & KIND_STRING);
    *type = type_item(of);
    return OK;
}

static Err check_slice(Checker *checker, CypherExpression *e, Type *type)
{
    Type ignored = {0};

    TRY(check_child(checker, e->slice.of, KIND_LIST, "[from..to]", type));
    if (e->slice.from != NULL)
        TRY(check_child(checker, e->slice.from, KIND_INTEGER, "[from..to]", &ignored));
    if (e->slice.to != NULL)
        TRY(check_child(checker, e->slice.to, KIND_INTEGER, "[from..to]", &ignored));
    return OK;
}

static Err check_unary(Checker *checker, CypherExpression *e, Type *type)
{
    switch (e->unary.operator) {
    case CYPHER_MINUS:
    case CYPHER_PLUS:
        return check_child(checker, e->unary.operand, KIND_NUMBER, "a sign", type);
    case CYPHER_NOT:
        *type = type_of(KIND_BOOLEAN);
        return check_predicate(checker, e->unary.operand, "NOT");
    case CYPHER_IS_NULL:
    case CYPHER_IS_NOT_NULL:
        TRY(check_expression(checker, e->unary.operand, type));
        *type = type_of(KIND_BOOLEAN);
        return OK;
    }
    return OK;
}

/* Numbers, strings, or a list with anything. */
static Err check_addition(Checker *checker, CypherExpression *e, Type *type)
{
    const Kinds summands = KIND_NUMBER | KIND_STRING | KIND_LIST;
    Type left = {0};
    Type right = {0};

    TRY(check_expression(checker, e->binary.left, &left));
    TRY(check_expression(checker, e->binary.right, &right));
    if ((right.kinds & KIND_LIST) == 0)
        TRY(type_demand(left, summands, e->binary.left->place, "+"));
    if ((left.kinds & KIND_LIST) == 0)
        TRY(type_demand(right, summands, e->binary.right->place, "+"));
    *type = type_of(summands);
    if (left.kinds == KIND_LIST || right.kinds == KIND_LIST)
        *type = type_list(KIND_ANY);
    else if ((left.kinds | right.kinds | KIND_NUMBER) == KIND_NUMBER)
        *type = type_join(left, right);
    return OK;
}

static Err check_arithmetic(Checker *checker, CypherExpression *e, const char *what, Type *type)
{
    Type left = {0};
    Type right = {0};

    TRY(check_child(checker, e->binary.left, KIND_NUMBER, what, &left));
    TRY(check_child(checker, e->binary.right, KIND_NUMBER, what, &right));
    *type = type_of(KIND_NUMBER);
    if (left.kinds == KIND_INTEGER && right.kinds == KIND_INTEGER && e->binary.operator!= CYPHER_POWER)
        *type = type_of(KIND_INTEGER);
    return OK;
}

static Err check_logic(Checker *checker, CypherExpression *e, const char *what, Type *type)
{
    TRY(check_predicate(checker, e->binary.left, what));
    TRY(check_predicate(checker, e->binary.right, what));
    *type = type_of(KIND_BOOLEAN);
    return OK;
}

static Err check_test(Checker *checker, CypherExpression *e, Kinds right, const char *what, Type *type)
{
    TRY(check_expression(checker, e->binary.left, type));
    TRY(check_child(checker, e->binary.right, right, what, type));
    *type = type_of(KIND_BOOLEAN);
    return OK;
}

static Err check_binary(Checker *checker, CypherExpression *e, Type *type)
{
    switch (e->binary.operator) {
    case CYPHER_OR:
        return check_logic(checker, e, "OR", type);
    case CYPHER_XOR:
        return check_logic(checker, e, "XOR", type);
    case CYPHER_AND:
        return check_logic(checker, e, "AND", type);
    case CYPHER_ADD:
        return check_addition(checker, e, type);
    case CYPHER_SUBTRACT:
        return check_arithmetic(checker, e, "-", type);
    case CYPHER_MULTIPLY:
        return check_arithmetic(checker, e, "*", type);
    case CYPHER_DIVIDE:
        return check_arithmetic(checker, e, "/", type);
    case CYPHER_MODULO:
        return check_arithmetic(checker, e, "%", type);
    case CYPHER_POWER:
        return check_arithmetic(checker, e, "^", type);
    case CYPHER_IN:
        return check_test(checker, e, KIND_LIST, "IN", type);
    case CYPHER_CONTAINS:
    case CYPHER_STARTS_WITH:
    case CYPHER_ENDS_WITH:
        return check_test(checker, e, KIND_ANY, "", type);
    }
    return OK;
}

static Err check_comparison(Checker *checker, CypherComparisonChain *chain, Type *type)
{
    for (size_t i = 0; i <= chain->count; i++)
        TRY(check_expression(checker, chain->operands[i], type));
    *type = type_of(KIND_BOOLEAN);
    return OK;
}

static Err check_case(Checker *checker, CypherCase *choice, Type *type)
{
    Type one = type_of(KIND_ANY);

    *type = (Type){0};
    if (choice->subject != NULL)
        TRY(check_expression(checker, choice->subject, &one));
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->subject != NULL)
            TRY(check_expression(checker, choice->conditions[i], &one));
        else
            TRY(check_predicate(checker, choice->conditions[i], "WHEN"));
        TRY(check_expression(checker, choice->results[i], &one));
        *type = type_join(*type, one);
    }
    if (choice->otherwise != NULL)
        TRY(check_expression(checker, choice->otherwise, &one));
    *type = choice->otherwise != NULL ? type_join(*type, one) : *type;
    return OK;
}

/* ---- Expressions with names of their own ---- */

/* Aggregations belong to rows, and what follows is evaluated for each item of a list. */
static Aggregation enter_items(Checker *checker)
{
    Aggregation outside = checker->aggregation;

    checker->aggregation = AGGREGATION_REFUSED;
    return outside;
}

static void leave_items(Checker *checker, size_t names, Aggregation aggregation)
{
    checker->count = names;
    checker->aggregation = aggregation;
}

static Err check_comprehension(Checker *checker, CypherExpression *e, Type *type)
{
    size_t names = checker->count;
    Aggregation outside;
    Type item = {0};

    TRY(check_child(checker, e->comprehension.list, KIND_LIST, "IN", type));
    item = type_item(*type);
    outside = enter_items(checker);
    checker_declare(checker, &e->comprehension.name, item);
    if (e->comprehension.where != NULL)
        TRY(check_predicate(checker, e->comprehension.where, "WHERE"));
    if (e->comprehension.projection != NULL)
        TRY(check_expression(checker, e->comprehension.projection, &item));
    leave_items(checker, names, outside);
    *type = type_list(item.kinds);
    return OK;
}

static Err check_quantifier(Checker *checker, CypherExpression *e, Type *type)
{
    size_t names = checker->count;
    Aggregation outside;

    TRY(check_child(checker, e->quantifier.list, KIND_LIST, "IN", type));
    outside = enter_items(checker);
    checker_declare(checker, &e->quantifier.name, type_item(*type));
    TRY(check_predicate(checker, e->quantifier.where, "WHERE"));
    leave_items(checker, names, outside);
    *type = type_of(KIND_BOOLEAN);
    return OK;
}

static Err check_reduce(Checker *checker, CypherExpression *e, Type *type)
{
    size_t names = checker->count;
    Aggregation outside;
    Type list = {0};

    TRY(check_expression(checker, e->reduce.initial, type));
    TRY(check_child(checker, e->reduce.list, KIND_LIST, "IN", &list));
    outside = enter_items(checker);
    checker_declare(checker, &e->reduce.accumulator, type_of(KIND_ANY));
    checker_declare(checker, &e->reduce.name, type_item(list));
    TRY(check_expression(checker, e->reduce.step, type));
    leave_items(checker, names, outside);
    *type = type_of(KIND_ANY);
    return OK;
}

static Err check_pattern_comprehension(Checker *checker, CypherExpression *e, Type *type)
{
    size_t names = checker->count;
    Aggregation outside = enter_items(checker);

    TRY(check_matching(checker, e->matching.path));
    if (e->matching.where != NULL)
        TRY(check_predicate(checker, e->matching.where, "WHERE"));
    TRY(check_expression(checker, e->matching.projection, type));
    leave_items(checker, names, outside);
    *type = type_list(type->kinds);
    return OK;
}

/* Inside, the outer names are known and stay; its own end with it. */
static Err check_subquery(Checker *checker, CypherExpression *e, Type *type)
{
    Checker outside = *checker;

    checker->outer = checker->count;
    checker->ready = 0;
    TRY(check_query(checker, e->subquery, true));
    checker->outer = outside.outer;
    checker->bound = outside.bound;
    checker->ready = outside.ready;
    leave_items(checker, outside.count, outside.aggregation);
    *type = type_of(KIND_BOOLEAN);
    return OK;
}

/* ---- All of them ---- */

static Err check_pattern_value(Checker *checker, CypherExpression *e, Type *type)
{
    *type = type_of(KIND_BOOLEAN);
    if (e->pattern->called)
        return check_pattern(checker, e->pattern);
    return cypher_error(e->place,
                        "a pattern can stand only where something true or false is expected, as in WHERE");
}

static Err check_kind(Checker *checker, CypherExpression *e, Type *type)
{
    switch (e->kind) {
    case CYPHER_NULL:
    case CYPHER_BOOLEAN:
    case CYPHER_INTEGER:
    case CYPHER_FLOAT:
    case CYPHER_STRING:
    case CYPHER_PARAMETER:
        return check_leaf(checker, e, type);
    case CYPHER_LIST:
        return check_list(checker, &e->list, type);
    case CYPHER_MAP:
        return check_map(checker, &e->map, type);
    case CYPHER_VARIABLE:
        return check_variable(checker, &e->name, type);
    case CYPHER_PROPERTY:
        return check_property(checker, e, type);
    case CYPHER_INDEX:
        return check_index(checker, e, type);
    case CYPHER_SLICE:
        return check_slice(checker, e, type);
    case CYPHER_HAS_LABELS:
        return check_has_labels(checker, e, type);
    case CYPHER_UNARY:
        return check_unary(checker, e, type);
    case CYPHER_BINARY:
        return check_binary(checker, e, type);
    case CYPHER_COMPARISON:
        return check_comparison(checker, &e->comparison, type);
    case CYPHER_CASE:
        return check_case(checker, &e->choice, type);
    case CYPHER_CALL:
    case CYPHER_COUNT_ALL:
        return check_call(checker, e, type);
    case CYPHER_LIST_COMPREHENSION:
        return check_comprehension(checker, e, type);
    case CYPHER_QUANTIFIER:
        return check_quantifier(checker, e, type);
    case CYPHER_REDUCE:
        return check_reduce(checker, e, type);
    case CYPHER_PATTERN:
        return check_pattern_value(checker, e, type);
    case CYPHER_PATTERN_COMPREHENSION:
        return check_pattern_comprehension(checker, e, type);
    case CYPHER_EXISTS_SUBQUERY:
        return check_subquery(checker, e, type);
    }
    return OK;
}

Err check_expression(Checker *checker, CypherExpression *expression, Type *type)
{
    CypherExpression **child;

    TRY(check_kind(checker, expression, type));
    for (size_t i = 0; (child = tree_child(expression, i)) != NULL; i++)
        if (*child != NULL && (*child)->aggregates)
            expression->aggregates = true;
    return OK;
}

Err check_predicate(Checker *checker, CypherExpression *expression, const char *what)
{
    Type type = {0};

    if (expression->kind == CYPHER_PATTERN)
        return check_pattern(checker, expression->pattern);
    TRY(check_expression(checker, expression, &type));
    return type_demand(type, KIND_BOOLEAN, expression->place, what);
}

Err check_where(Checker *checker, CypherExpression *where)
{
    checker->aggregation = AGGREGATION_REFUSED;
    return check_predicate(checker, where, "WHERE");
}
