#include "stores/graph/cypher/functions.h"

#define FIXED(kinds) RESULT_FIXED, (kinds), KIND_ANY
#define LIST_OF(items) RESULT_FIXED, KIND_LIST, (items)
#define LIKE(result) (result), KIND_ANY, KIND_ANY

static const FunctionRow FUNCTIONS[] = {
    {STR("count"), CYPHER_FN_COUNT, 1, 1, true, KIND_ANY, FIXED(KIND_INTEGER)},
    {STR("collect"), CYPHER_FN_COLLECT, 1, 1, true, KIND_ANY, LIKE(RESULT_LIST_OF)},
    {STR("sum"), CYPHER_FN_SUM, 1, 1, true, KIND_NUMBER, FIXED(KIND_NUMBER)},
    {STR("avg"), CYPHER_FN_AVG, 1, 1, true, KIND_NUMBER, FIXED(KIND_NUMBER)},
    {STR("min"), CYPHER_FN_MIN, 1, 1, true, KIND_ANY, LIKE(RESULT_SAME)},
    {STR("max"), CYPHER_FN_MAX, 1, 1, true, KIND_ANY, LIKE(RESULT_SAME)},
    {STR("percentileCont"), CYPHER_FN_PERCENTILE_CONT, 2, 2, true, KIND_NUMBER, FIXED(KIND_NUMBER)},
    {STR("percentileDisc"), CYPHER_FN_PERCENTILE_DISC, 2, 2, true, KIND_NUMBER, FIXED(KIND_NUMBER)},
    {STR("stDev"), CYPHER_FN_ST_DEV, 1, 1, true, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("stDevP"), CYPHER_FN_ST_DEV_P, 1, 1, true, KIND_NUMBER, FIXED(KIND_FLOAT)},

    {STR("abs"), CYPHER_FN_ABS, 1, 1, false, KIND_NUMBER, LIKE(RESULT_SAME)},
    {STR("ceil"), CYPHER_FN_CEIL, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("floor"), CYPHER_FN_FLOOR, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("round"), CYPHER_FN_ROUND, 1, 2, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("sign"), CYPHER_FN_SIGN, 1, 1, false, KIND_NUMBER, FIXED(KIND_INTEGER)},
    {STR("sqrt"), CYPHER_FN_SQRT, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("exp"), CYPHER_FN_EXP, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("log"), CYPHER_FN_LOG, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("log10"), CYPHER_FN_LOG10, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("e"), CYPHER_FN_E, 0, 0, false, KIND_ANY, FIXED(KIND_FLOAT)},
    {STR("pi"), CYPHER_FN_PI, 0, 0, false, KIND_ANY, FIXED(KIND_FLOAT)},
    {STR("sin"), CYPHER_FN_SIN, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("cos"), CYPHER_FN_COS, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("tan"), CYPHER_FN_TAN, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("asin"), CYPHER_FN_ASIN, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("acos"), CYPHER_FN_ACOS, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("atan"), CYPHER_FN_ATAN, 1, 1, false, KIND_NUMBER, FIXED(KIND_FLOAT)},
    {STR("rand"), CYPHER_FN_RAND, 0, 0, false, KIND_ANY, FIXED(KIND_FLOAT)},

    {STR("toInteger"), CYPHER_FN_TO_INTEGER, 1, 1, false, KIND_ANY, FIXED(KIND_INTEGER)},
    {STR("toFloat"), CYPHER_FN_TO_FLOAT, 1, 1, false, KIND_ANY, FIXED(KIND_FLOAT)},
    {STR("toBoolean"), CYPHER_FN_TO_BOOLEAN, 1, 1, false, KIND_ANY, FIXED(KIND_BOOLEAN)},
    {STR("toString"), CYPHER_FN_TO_STRING, 1, 1, false, KIND_ANY, FIXED(KIND_STRING)},

    {STR("toUpper"), CYPHER_FN_TO_UPPER, 1, 1, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("toLower"), CYPHER_FN_TO_LOWER, 1, 1, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("trim"), CYPHER_FN_TRIM, 1, 1, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("lTrim"), CYPHER_FN_LTRIM, 1, 1, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("rTrim"), CYPHER_FN_RTRIM, 1, 1, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("replace"), CYPHER_FN_REPLACE, 3, 3, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("substring"), CYPHER_FN_SUBSTRING, 2, 3, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("left"), CYPHER_FN_LEFT, 2, 2, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("right"), CYPHER_FN_RIGHT, 2, 2, false, KIND_STRING, FIXED(KIND_STRING)},
    {STR("split"), CYPHER_FN_SPLIT, 2, 2, false, KIND_STRING, LIST_OF(KIND_STRING)},

    {STR("size"), CYPHER_FN_SIZE, 1, 1, false, KIND_LIST | KIND_STRING, FIXED(KIND_INTEGER)},
    {STR("head"), CYPHER_FN_HEAD, 1, 1, false, KIND_LIST, LIKE(RESULT_ITEM)},
    {STR("last"), CYPHER_FN_LAST, 1, 1, false, KIND_LIST, LIKE(RESULT_ITEM)},
    {STR("tail"), CYPHER_FN_TAIL, 1, 1, false, KIND_LIST, LIKE(RESULT_SAME)},
    {STR("reverse"), CYPHER_FN_REVERSE, 1, 1, false, KIND_LIST | KIND_STRING, LIKE(RESULT_SAME)},
    {STR("range"), CYPHER_FN_RANGE, 2, 3, false, KIND_ANY, LIST_OF(KIND_INTEGER)},
    {STR("coalesce"), CYPHER_FN_COALESCE, 1, FUNCTION_ANY_NUMBER, false, KIND_ANY, LIKE(RESULT_EITHER)},
    {STR("keys"), CYPHER_FN_KEYS, 1, 1, false, KIND_KEYED, LIST_OF(KIND_STRING)},
    {STR("properties"), CYPHER_FN_PROPERTIES, 1, 1, false, KIND_KEYED, FIXED(KIND_MAP)},
    {STR("exists"), CYPHER_FN_EXISTS, 1, 1, false, KIND_ANY, FIXED(KIND_BOOLEAN)},

    {STR("labels"), CYPHER_FN_LABELS, 1, 1, false, KIND_NODE, LIST_OF(KIND_STRING)},
    {STR("type"), CYPHER_FN_TYPE, 1, 1, false, KIND_RELATIONSHIP, FIXED(KIND_STRING)},
    {STR("nodes"), CYPHER_FN_NODES, 1, 1, false, KIND_PATH, LIST_OF(KIND_NODE)},
    {STR("relationships"), CYPHER_FN_RELATIONSHIPS, 1, 1, false, KIND_PATH, LIST_OF(KIND_RELATIONSHIP)},
    {STR("length"), CYPHER_FN_LENGTH, 1, 1, false, KIND_PATH, FIXED(KIND_INTEGER)},
    {STR("startNode"), CYPHER_FN_START_NODE, 1, 1, false, KIND_RELATIONSHIP, FIXED(KIND_NODE)},
    {STR("endNode"), CYPHER_FN_END_NODE, 1, 1, false, KIND_RELATIONSHIP, FIXED(KIND_NODE)},
};

const FunctionRow *function_find(Str name)
{
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        if (str_equal_nocase(name, FUNCTIONS[i].name))
            return &FUNCTIONS[i];
    return NULL;
}

static const FunctionRow *row_of(CypherFunction function)
{
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        if (FUNCTIONS[i].function == function)
            return &FUNCTIONS[i];
    return NULL;
}

bool function_aggregates(CypherFunction function)
{
    return row_of(function)->aggregates;
}

Str function_name(CypherFunction function)
{
    return row_of(function)->name;
}
