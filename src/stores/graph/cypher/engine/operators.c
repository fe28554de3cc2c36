/* Operators but AND, OR and XOR. What is null gives null, but for IS NULL. */
#include <math.h>
#include <string.h>

#include "stores/graph/cypher/engine/parts.h"

/* ---- Arithmetic ---- */

static Err refuse_types(const CypherExpression *expression, const char *sign, Value left, Value right)
{
    return run_refuse(expression->place, "%s doesn't go with %s and %s", sign, value_type_name(left.type),
                      value_type_name(right.type));
}

static Err refuse_overflow(const CypherExpression *expression)
{
    return run_refuse(expression->place, "the result is outside the 64-bit integers");
}

static double float_of(CypherBinary op, double left, double right)
{
    switch (op) {
    case CYPHER_ADD:
        return left + right;
    case CYPHER_SUBTRACT:
        return left - right;
    case CYPHER_MULTIPLY:
        return left * right;
    case CYPHER_DIVIDE:
        return left / right;
    case CYPHER_MODULO:
        return fmod(left, right);
    default:
        return pow(left, right);
    }
}

static Err divide_integers(const CypherExpression *expression, int64_t left, int64_t right, int64_t *out)
{
    CypherBinary op = expression->binary.operator;
    bool modulo = op == CYPHER_MODULO;

    if (right == 0)
        return run_refuse(expression->place, "an integer can't be divided by zero");
    if (right == -1) { /* the least integer has no opposite */
        *out = 0;
        return !modulo && __builtin_sub_overflow(0, left, out) ? refuse_overflow(expression) : OK;
    }
    *out = modulo ? left % right : left / right;
    return OK;
}

static Err calculate_integers(const CypherExpression *expression, int64_t left, int64_t right, int64_t *out)
{
    bool overflow = false;

    switch (expression->binary.operator) {
    case CYPHER_ADD:
        overflow = __builtin_add_overflow(left, right, out);
        break;
    case CYPHER_SUBTRACT:
        overflow = __builtin_sub_overflow(left, right, out);
        break;
    case CYPHER_MULTIPLY:
        overflow = __builtin_mul_overflow(left, right, out);
        break;
    default:
        return divide_integers(expression, left, right, out);
    }
    return overflow ? refuse_overflow(expression) : OK;
}

static Err calculate(const CypherExpression *expression, Value left, Value right, Value *out)
{
    static const char *const NAMES[] = {
        [CYPHER_ADD] = "+",    [CYPHER_SUBTRACT] = "-", [CYPHER_MULTIPLY] = "*",
        [CYPHER_DIVIDE] = "/", [CYPHER_MODULO] = "%",   [CYPHER_POWER] = "^",
    };
    CypherBinary op = expression->binary.operator;
    int64_t integer = 0;

    if (!value_is_number(left) || !value_is_number(right))
        return refuse_types(expression, NAMES[op], left, right);
    if (left.type == VALUE_INTEGER && right.type == VALUE_INTEGER && op != CYPHER_POWER) {
        TRY(calculate_integers(expression, left.integer, right.integer, &integer));
        *out = value_integer(integer);
        return OK;
    }
    *out = value_float(float_of(op, value_to_double(left), value_to_double(right)));
    return OK;
}

/* ---- + of texts and lists ---- */

static Str text_of(Arena *arena, Value value)
{
    if (value.type == VALUE_INTEGER)
        return str_format(arena, "%lld", (long long)value.integer);
    return value.type == VALUE_FLOAT ? value_float_text(arena, value.number) : value.text;
}

static Err join_texts(Run *run, const CypherExpression *expression, Value left, Value right, Value *out)
{
    Str a = text_of(&run->scratch, left);
    Str b = text_of(&run->scratch, right);

    TRY(run_reserve_text(run, expression->place, a.len + b.len));
    char *data = arena_alloc(&run->scratch, a.len + b.len);
    memcpy(data, a.data, a.len);
    memcpy(data + a.len, b.data, b.len);
    *out = value_text((Str){data, a.len + b.len});
    return OK;
}

static ValueList as_list(const Value *value)
{
    return value->type == VALUE_LIST ? value->list : (ValueList){value, 1};
}

static Err join_lists(Run *run, const CypherExpression *expression, Value left, Value right, Value *out)
{
    ValueList a = as_list(&left);
    ValueList b = as_list(&right);

    TRY(run_reserve_items(run, expression->place, a.count + b.count));
    Value *items = arena_array(&run->scratch, Value, a.count + b.count);
    if (a.count > 0)
        memcpy(items, a.items, a.count * sizeof(*items));
    if (b.count > 0)
        memcpy(items + a.count, b.items, b.count * sizeof(*items));
    *out = value_list(items, a.count + b.count);
    return OK;
}

static Err add(Run *run, const CypherExpression *expression, Value left, Value right, Value *out)
{
    bool texts = (left.type == VALUE_STRING || value_is_number(left)) &&
                 (right.type == VALUE_STRING || value_is_number(right));

    if (left.type == VALUE_LIST || right.type == VALUE_LIST)
        return join_lists(run, expression, left, right, out);
    if (texts && (left.type == VALUE_STRING || right.type == VALUE_STRING))
        return join_texts(run, expression, left, right, out);
    return calculate(expression, left, right, out);
}

/* ---- IN, CONTAINS, STARTS WITH, ENDS WITH ---- */

Truth list_contains(ValueList list, Value wanted)
{
    Truth result = TRUTH_FALSE;

    for (size_t i = 0; i < list.count; i++) {
        Truth one = value_equal(list.items[i], wanted);

        if (one == TRUTH_TRUE)
            return TRUTH_TRUE;
        if (one == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return result;
}

static Err is_in(const CypherExpression *expression, Value left, Value right, Value *out)
{
    *out = value_null();
    if (value_is_null(right))
        return OK;
    if (right.type != VALUE_LIST)
        return run_refuse(expression->place, "IN needs a list on its right, not %s",
                          value_type_name(right.type));
    *out = truth_value(list_contains(right.list, left));
    return OK;
}

static Value search_text(CypherBinary op, Value left, Value right)
{
    if (left.type != VALUE_STRING || right.type != VALUE_STRING)
        return value_null();
    if (op == CYPHER_STARTS_WITH)
        return value_boolean(str_starts(left.text, right.text));
    if (op == CYPHER_ENDS_WITH)
        return value_boolean(str_ends(left.text, right.text));
    return value_boolean(str_find(left.text, right.text, 0) != SIZE_MAX);
}

Err operate_binary(Run *run, const CypherExpression *expression, Value left, Value right, Value *out)
{
    CypherBinary op = expression->binary.operator;

    if (op == CYPHER_IN)
        return is_in(expression, left, right, out);
    *out = value_null();
    if (value_is_null(left) || value_is_null(right))
        return OK;
    if (op == CYPHER_ADD)
        return add(run, expression, left, right, out);
    if (op <= CYPHER_POWER)
        return calculate(expression, left, right, out);
    *out = search_text(op, left, right);
    return OK;
}

static Err negate(const CypherExpression *expression, Value operand, Value *out)
{
    if (operand.type == VALUE_FLOAT) {
        *out = value_float(-operand.number);
        return OK;
    }
    *out = value_integer(0);
    return __builtin_sub_overflow(0, operand.integer, &out->integer) ? refuse_overflow(expression) : OK;
}

Err operate_unary(Run *run, const CypherExpression *expression, Value operand, Value *out)
{
    CypherUnary op = expression->unary.operator;

    (void)run;
    *out = operand;
    if (op == CYPHER_IS_NULL || op == CYPHER_IS_NOT_NULL)
        *out = value_boolean(value_is_null(operand) == (op == CYPHER_IS_NULL));
    else if (!value_is_null(operand) && !value_is_number(operand))
        return run_refuse(expression->place, "a sign goes with a number, not with %s",
                          value_type_name(operand.type));
    else if (op == CYPHER_MINUS && !value_is_null(operand))
        return negate(expression, operand, out);
    return OK;
}
