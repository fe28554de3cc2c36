#include "stores/graph/cypher/engine/evaluate.h"

#include "stores/graph/cypher/engine/aggregate.h"
#include "stores/graph/cypher/engine/match.h"
#include "stores/graph/cypher/engine/parts.h"
#include "stores/graph/cypher/engine/execute.h"

typedef Err (*Evaluator)(Run *run, const CypherExpression *expression, Value *out);

/* ---- Literals and names ---- */

static Err evaluate_null(Run *run, const CypherExpression *expression, Value *out)
{
    (void)run;
    (void)expression;
    *out = value_null();
    return OK;
}

static Err evaluate_boolean(Run *run, const CypherExpression *expression, Value *out)
{
    (void)run;
    *out = value_boolean(expression->boolean);
    return OK;
}

static Err evaluate_integer(Run *run, const CypherExpression *expression, Value *out)
{
    (void)run;
    *out = value_integer(expression->integer);
    return OK;
}

static Err evaluate_float(Run *run, const CypherExpression *expression, Value *out)
{
    (void)run;
    *out = value_float(expression->number);
    return OK;
}

static Err evaluate_string(Run *run, const CypherExpression *expression, Value *out)
{
    (void)run;
    *out = value_text(expression->text);
    return OK;
}

static Err evaluate_list(Run *run, const CypherExpression *expression, Value *out)
{
    CypherList list = expression->list;
    Value *items = arena_array(&run->scratch, Value, list.count);

    for (size_t i = 0; i < list.count; i++)
        TRY(evaluate(run, list.items[i], &items[i]));
    *out = value_list(items, list.count);
    return OK;
}

static Err evaluate_map(Run *run, const CypherExpression *expression, Value *out)
{
    const CypherMap *map = &expression->map;
    ValueEntry *entries = arena_array(&run->scratch, ValueEntry, map->count);

    for (size_t i = 0; i < map->count; i++) {
        entries[i].key = map->keys[i];
        TRY(evaluate(run, map->values[i], &entries[i].value));
    }
    *out = value_from_map(value_map(entries, map->count));
    return OK;
}

static Err evaluate_parameter(Run *run, const CypherExpression *expression, Value *out)
{
    const Value *value = value_map_get(run->parameters, expression->text);

    if (value == NULL)
        return run_refuse(expression->place, "the parameter $%.*s isn't given", STR_ARG(expression->text));
    *out = *value;
    return OK;
}

static Err evaluate_variable(Run *run, const CypherExpression *expression, Value *out)
{
    *out = run->row[expression->name.slot];
    return OK;
}

/* ---- Parts of values ---- */

static Err evaluate_property(Run *run, const CypherExpression *expression, Value *out)
{
    Value of;

    TRY(evaluate(run, expression->property.of, &of));
    return element_property(run, expression, of, expression->property.key, out);
}

/* ---- Logic ---- */

/* AND ends with the first false, OR with the first true. */
static Err evaluate_until(Run *run, const CypherExpression *expression, Truth last, Value *out)
{
    Truth left;
    Truth right;

    TRY(evaluate_truth(run, expression->binary.left, &left));
    if (left == last) {
        *out = truth_value(left);
        return OK;
    }
    TRY(evaluate_truth(run, expression->binary.right, &right));
    *out = truth_value(right == last || left != TRUTH_UNKNOWN ? right : TRUTH_UNKNOWN);
    return OK;
}

static Err evaluate_xor(Run *run, const CypherExpression *expression, Value *out)
{
    Truth left;
    Truth right;

    TRY(evaluate_truth(run, expression->binary.left, &left));
    TRY(evaluate_truth(run, expression->binary.right, &right));
    *out = left == TRUTH_UNKNOWN || right == TRUTH_UNKNOWN ? value_null() : value_boolean(left != right);
    return OK;
}

static Err evaluate_binary(Run *run, const CypherExpression *expression, Value *out)
{
    Value left;
    Value right;

    switch (expression->binary.operator) {
    case CYPHER_AND:
        return evaluate_until(run, expression, TRUTH_FALSE, out);
    case CYPHER_OR:
        return evaluate_until(run, expression, TRUTH_TRUE, out);
    case CYPHER_XOR:
        return evaluate_xor(run, expression, out);
    default:
        TRY(evaluate(run, expression->binary.left, &left));
        TRY(evaluate(run, expression->binary.right, &right));
        return operate_binary(run, expression, left, right, out);
    }
}

static Err evaluate_unary(Run *run, const CypherExpression *expression, Value *out)
{
    Truth truth;
    Value operand;
    CypherUnary op = expression->unary.operator;

    if (op == CYPHER_NOT) {
        TRY(evaluate_truth(run, expression->unary.operand, &truth));
        *out = truth_value(truth_not(truth));
        return OK;
    }
    TRY(evaluate(run, expression->unary.operand, &operand));
    return operate_unary(run, expression, operand, out);
}

/* a < b < c: as a < b AND b < c. */
static Err evaluate_comparison(Run *run, const CypherExpression *expression, Value *out)
{
    const CypherComparisonChain *chain = &expression->comparison;
    Truth all = TRUTH_TRUE;
    Value left;

    TRY(evaluate(run, chain->operands[0], &left));
    for (size_t i = 0; i < chain->count && all != TRUTH_FALSE; i++) {
        Value right;

        TRY(evaluate(run, chain->operands[i + 1], &right));
        Truth one = value_compare(chain->operators[i], left, right);
        all = one == TRUTH_FALSE || all == TRUTH_TRUE ? one : all;
        left = right;
    }
    *out = truth_value(all);
    return OK;
}

static Err case_holds(Run *run, const CypherCase *choice, size_t place, Value subject, bool *out)
{
    Value value;
    Truth truth;

    *out = false;
    if (choice->subject == NULL) {
        TRY(evaluate_truth(run, choice->conditions[place], &truth));
    } else {
        TRY(evaluate(run, choice->conditions[place], &value));
        truth = value_equal(subject, value);
    }
    *out = truth == TRUTH_TRUE;
    return OK;
}

static Err evaluate_case(Run *run, const CypherExpression *expression, Value *out)
{
    const CypherCase *choice = &expression->choice;
    Value subject = value_null();

    if (choice->subject)
        TRY(evaluate(run, choice->subject, &subject));
    for (size_t i = 0; i < choice->count; i++) {
        bool holds;

        TRY(case_holds(run, choice, i, subject, &holds));
        if (holds)
            return evaluate(run, choice->results[i], out);
    }
    *out = value_null();
    return choice->otherwise ? evaluate(run, choice->otherwise, out) : OK;
}

/* ---- Calls and patterns ---- */

static Err evaluate_call(Run *run, const CypherExpression *expression, Value *out)
{
    if (aggregate_result(run, expression, out))
        return OK;
    return call_function(run, expression, out);
}

static Err evaluate_count_all(Run *run, const CypherExpression *expression, Value *out)
{
    if (aggregate_result(run, expression, out))
        return OK;
    return run_refuse(expression->place, "count(*) can't stand here: only in WITH and RETURN");
}

static Err evaluate_pattern(Run *run, const CypherExpression *expression, Value *out)
{
    bool found;

    TRY(match_exists(run, expression->pattern, &found));
    *out = value_boolean(found);
    return OK;
}

static Err evaluate_exists(Run *run, const CypherExpression *expression, Value *out)
{
    bool found;

    TRY(execute_exists(run, expression->subquery, &found));
    *out = value_boolean(found);
    return OK;
}

static const Evaluator EVALUATORS[] = {
    [CYPHER_NULL] = evaluate_null,
    [CYPHER_BOOLEAN] = evaluate_boolean,
    [CYPHER_INTEGER] = evaluate_integer,
    [CYPHER_FLOAT] = evaluate_float,
    [CYPHER_STRING] = evaluate_string,
    [CYPHER_LIST] = evaluate_list,
    [CYPHER_MAP] = evaluate_map,
    [CYPHER_PARAMETER] = evaluate_parameter,
    [CYPHER_VARIABLE] = evaluate_variable,
    [CYPHER_PROPERTY] = evaluate_property,
    [CYPHER_INDEX] = element_index,
    [CYPHER_SLICE] = element_slice,
    [CYPHER_HAS_LABELS] = element_has_labels,
    [CYPHER_UNARY] = evaluate_unary,
    [CYPHER_BINARY] = evaluate_binary,
    [CYPHER_COMPARISON] = evaluate_comparison,
    [CYPHER_CASE] = evaluate_case,
    [CYPHER_CALL] = evaluate_call,
    [CYPHER_COUNT_ALL] = evaluate_count_all,
    [CYPHER_LIST_COMPREHENSION] = iterate_comprehension,
    [CYPHER_QUANTIFIER] = iterate_quantifier,
    [CYPHER_REDUCE] = iterate_reduce,
    [CYPHER_PATTERN] = evaluate_pattern,
    [CYPHER_PATTERN_COMPREHENSION] = match_comprehension,
    [CYPHER_EXISTS_SUBQUERY] = evaluate_exists,
};

Err evaluate(Run *run, const CypherExpression *expression, Value *out)
{
    TRY(run_enter(run));
    TRY(EVALUATORS[expression->kind](run, expression, out));
    run_leave(run);
    if (out->depth > RUN_MAX_NESTING)
        return run_refuse(expression->place, "lists and maps nested deeper than %d levels", RUN_MAX_NESTING);
    return OK;
}

Err evaluate_truth(Run *run, const CypherExpression *expression, Truth *out)
{
    Value value;

    *out = TRUTH_UNKNOWN;
    TRY(evaluate(run, expression, &value));
    if (value.type != VALUE_NULL && value.type != VALUE_BOOLEAN)
        return run_refuse(expression->place, "true or false is needed here, not %s",
                          value_type_name(value.type));
    if (value.type == VALUE_BOOLEAN)
        *out = truth_of(value.boolean);
    return OK;
}
