#include "stores/graph/cypher/checker.h"
#include "stores/graph/cypher/functions.h"

static Err check_aggregation(const Checker *checker, CypherPlace place)
{
    if (checker->aggregation == AGGREGATION_REFUSED)
        return cypher_error(place, "an aggregation can't stand here; it can in the items of WITH and RETURN");
    if (checker->aggregation == AGGREGATION_WITHIN)
        return cypher_error(place,
                            "an aggregation can't stand within another one: put the inner one into a WITH");
    return OK;
}

static Err check_number_of_arguments(const CypherExpression *e, const FunctionRow *row)
{
    size_t count = e->call.argument_count;

    if (count >= row->min_arguments && count <= row->max_arguments)
        return OK;
    if (row->min_arguments == row->max_arguments)
        return cypher_error(e->place, "%.*s expects %d arguments, found %zu", STR_ARG(row->name),
                            row->min_arguments, count);
    return cypher_error(e->place, "%.*s expects %d to %d arguments, found %zu", STR_ARG(row->name),
                        row->min_arguments, row->max_arguments, count);
}

typedef struct Hint {
    Str name;
    const char *hint;
} Hint;

static const char TIMES[] = "times are texts here: compare them as RFC 3339";

static const Hint HINTS[] = {
    {STR("id"), "nodes are told apart by their property id"},
    {STR("elementId"), "nodes are told apart by their property id"},
    {STR("date"), TIMES},
    {STR("datetime"), TIMES},
    {STR("localdatetime"), TIMES},
    {STR("time"), TIMES},
    {STR("localtime"), TIMES},
    {STR("duration"), TIMES},
    {STR("timestamp"), TIMES},
};

static Err refuse_function(const CypherExpression *e)
{
    for (size_t i = 0; i < sizeof HINTS / sizeof *HINTS; i++)
        if (str_equal_nocase(e->call.name, HINTS[i].name))
            return cypher_error(e->place, "%.*s() isn't supported: %s", STR_ARG(HINTS[i].name),
                                HINTS[i].hint);
    return cypher_error(e->place, "there is no function %.*s here", STR_ARG(str_slice(e->call.name, 0, 60)));
}

static Err check_form(const Checker *checker, const CypherExpression *e, const FunctionRow *row)
{
    if (row == NULL)
        return refuse_function(e);
    TRY(check_number_of_arguments(e, row));
    if (row->aggregates)
        TRY(check_aggregation(checker, e->place));
    else if (e->call.distinct)
        return cypher_error(e->place, "DISTINCT can stand only in an aggregation such as count(DISTINCT …)");
    if (row->function == CYPHER_FN_RAND && checker->aggregation == AGGREGATION_WITHIN)
        return cypher_error(e->place, "rand() can't stand within an aggregation");
    return OK;
}

/* exists(n.property) is an older way to say n.property IS NOT NULL. */
static Err check_exists(CypherExpression *e)
{
    CypherExpression *operand = e->call.arguments[0];

    if (operand->kind != CYPHER_PROPERTY && operand->kind != CYPHER_INDEX)
        return cypher_error(operand->place, "exists expects a property or a pattern");
    e->kind = CYPHER_UNARY;
    e->unary.operator= CYPHER_IS_NOT_NULL;
    e->unary.operand = operand;
    return OK;
}

static Type result_type(const FunctionRow *row, Type first, Type either)
{
    switch (row->result) {
    case RESULT_FIXED:
        return (Type){.kinds = row->kinds, .items = row->items};
    case RESULT_SAME:
        return first;
    case RESULT_ITEM:
        return type_item(first);
    case RESULT_LIST_OF:
        return type_list(first.kinds);
    case RESULT_EITHER:
        return either;
    }
    return type_of(KIND_ANY);
}

static Err check_arguments(Checker *checker, CypherExpression *e, const FunctionRow *row, Type *result)
{
    Type first = type_of(KIND_ANY);
    Type either = {0};
    Type type = {0};

    for (size_t i = 0; i < e->call.argument_count; i++) {
        TRY(check_expression(checker, e->call.arguments[i], &type));
        if (i == 0)
            TRY(type_demand(type, row->first, e->call.arguments[i]->place, str_c(checker->arena, row->name)));
        first = i == 0 ? type : first;
        either = type_join(either, type);
    }
    e->call.entity = (first.kinds & KIND_ENTITY) != 0;
    *result = result_type(row, first, either);
    return OK;
}

static Err check_function(Checker *checker, CypherExpression *e, Type *type)
{
    const FunctionRow *row = function_find(e->call.name);
    Aggregation outside = checker->aggregation;

    TRY(check_form(checker, e, row));
    e->call.function = row->function;
    if (row->aggregates)
        checker->aggregation = AGGREGATION_WITHIN;
    TRY(check_arguments(checker, e, row, type));
    checker->aggregation = outside;
    e->aggregates = row->aggregates;
    return row->function == CYPHER_FN_EXISTS ? check_exists(e) : OK;
}

Err check_call(Checker *checker, CypherExpression *e, Type *type)
{
    if (e->kind == CYPHER_CALL)
        return check_function(checker, e, type);
    TRY(check_aggregation(checker, e->place));
    e->aggregates = true;
    *type = type_of(KIND_INTEGER);
    return OK;
}
