#include "stores/graph/cypher/engine/call.h"

typedef struct Function {
    Err (*run)(const Call *call, Value *out);
    bool takes_nulls; /* otherwise a null argument makes the result null */
} Function;

static Err exists(const Call *call, Value *out)
{
    *out = value_boolean(!value_is_null(call->arguments[0]));
    return OK;
}

/* Aggregations aren't here (aggregate.c), nor is coalesce, which doesn't look at what follows the first value. */
static const Function FUNCTIONS[CYPHER_FUNCTION_COUNT] = {
    [CYPHER_FN_ABS] = {number_keep_type, false},
    [CYPHER_FN_CEIL] = {number_round, false},
    [CYPHER_FN_FLOOR] = {number_round, false},
    [CYPHER_FN_ROUND] = {number_round, false},
    [CYPHER_FN_SIGN] = {number_sign, false},
    [CYPHER_FN_SQRT] = {number_of_float, false},
    [CYPHER_FN_EXP] = {number_of_float, false},
    [CYPHER_FN_LOG] = {number_of_float, false},
    [CYPHER_FN_LOG10] = {number_of_float, false},
    [CYPHER_FN_SIN] = {number_of_float, false},
    [CYPHER_FN_COS] = {number_of_float, false},
    [CYPHER_FN_TAN] = {number_of_float, false},
    [CYPHER_FN_ASIN] = {number_of_float, false},
    [CYPHER_FN_ACOS] = {number_of_float, false},
    [CYPHER_FN_ATAN] = {number_of_float, false},
    [CYPHER_FN_E] = {number_constant, false},
    [CYPHER_FN_PI] = {number_constant, false},
    [CYPHER_FN_RAND] = {number_constant, false},
    [CYPHER_FN_TO_INTEGER] = {number_to_integer, false},
    [CYPHER_FN_TO_FLOAT] = {number_to_float, false},
    [CYPHER_FN_TO_BOOLEAN] = {text_to_boolean, false},
    [CYPHER_FN_TO_STRING] = {text_to_string, false},
    [CYPHER_FN_TO_UPPER] = {text_change_case, false},
    [CYPHER_FN_TO_LOWER] = {text_change_case, false},
    [CYPHER_FN_TRIM] = {text_trim, false},
    [CYPHER_FN_LTRIM] = {text_trim, false},
    [CYPHER_FN_RTRIM] = {text_trim, false},
    [CYPHER_FN_REPLACE] = {text_replace, false},
    [CYPHER_FN_SUBSTRING] = {text_substring, false},
    [CYPHER_FN_LEFT] = {text_end, false},
    [CYPHER_FN_RIGHT] = {text_end, false},
    [CYPHER_FN_SPLIT] = {text_split, false},
    [CYPHER_FN_SIZE] = {list_size, false},
    [CYPHER_FN_HEAD] = {list_item, false},
    [CYPHER_FN_LAST] = {list_item, false},
    [CYPHER_FN_TAIL] = {list_tail, false},
    [CYPHER_FN_REVERSE] = {list_reverse, false},
    [CYPHER_FN_RANGE] = {list_range, false},
    [CYPHER_FN_KEYS] = {entity_keys, false},
    [CYPHER_FN_PROPERTIES] = {entity_properties, false},
    [CYPHER_FN_EXISTS] = {exists, true},
    [CYPHER_FN_LABELS] = {entity_labels, false},
    [CYPHER_FN_TYPE] = {entity_type, false},
    [CYPHER_FN_NODES] = {entity_path, false},
    [CYPHER_FN_RELATIONSHIPS] = {entity_path, false},
    [CYPHER_FN_LENGTH] = {entity_path, false},
    [CYPHER_FN_START_NODE] = {entity_end, false},
    [CYPHER_FN_END_NODE] = {entity_end, false},
};

Err call_refuse(const Call *call, const char *needed, Value found)
{
    return run_refuse(call->place, "%.*s(): %s is needed, not %s", STR_ARG(call->name), needed,
                      value_type_name(found.type));
}

Err call_integer(const Call *call, size_t place, int64_t least, int64_t *out)
{
    Value value = call->arguments[place];

    if (value.type != VALUE_INTEGER)
        return call_refuse(call, "an integer", value);
    if (value.integer < least)
        return run_refuse(call->place, "%.*s(): %lld is less than %lld", STR_ARG(call->name),
                          (long long)value.integer, (long long)least);
    *out = value.integer;
    return OK;
}

static Err coalesce(Run *run, const CypherCall *call, Value *out)
{
    *out = value_null();
    for (size_t i = 0; i < call->argument_count && value_is_null(*out); i++)
        TRY(evaluate(run, call->arguments[i], out));
    return OK;
}

Err call_function(Run *run, const CypherExpression *expression, Value *out)
{
    const CypherCall *written = &expression->call;
    const Function *function = &FUNCTIONS[written->function];
    Call call = {run, expression->place, written->function, written->name, {{0}}, written->argument_count};
    bool null = false;

    if (written->function == CYPHER_FN_COALESCE)
        return coalesce(run, written, out);
    if (function->run == NULL)
        return run_refuse(expression->place, "%.*s() can't stand here: only in WITH and RETURN",
                          STR_ARG(written->name));
    if (call.count > CALL_MAX_ARGUMENTS)
        return run_refuse(expression->place, "%.*s() has too many arguments", STR_ARG(written->name));
    for (size_t i = 0; i < call.count; i++) {
        TRY(evaluate(run, written->arguments[i], &call.arguments[i]));
        null |= value_is_null(call.arguments[i]);
    }
    *out = value_null();
    return null && !function->takes_nulls ? OK : function->run(&call, out);
}
