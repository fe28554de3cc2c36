#include "stores/graph/cypher/syntax.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Operator OPERATORS[OPERATOR_COUNT] = {
    {{STR("OR")}, LEVEL_OR, OPERATOR_BINARY, CYPHER_OR},
    {{STR("XOR")}, LEVEL_XOR, OPERATOR_BINARY, CYPHER_XOR},
    {{STR("AND")}, LEVEL_AND, OPERATOR_BINARY, CYPHER_AND},
    {{STR("=")}, LEVEL_COMPARISON, OPERATOR_COMPARISON, CYPHER_EQUAL},
    {{STR("<>")}, LEVEL_COMPARISON, OPERATOR_COMPARISON, CYPHER_UNEQUAL},
    {{STR("<")}, LEVEL_COMPARISON, OPERATOR_COMPARISON, CYPHER_LESS},
    {{STR("<=")}, LEVEL_COMPARISON, OPERATOR_COMPARISON, CYPHER_LESS_EQUAL},
    {{STR(">")}, LEVEL_COMPARISON, OPERATOR_COMPARISON, CYPHER_GREATER},
    {{STR(">=")}, LEVEL_COMPARISON, OPERATOR_COMPARISON, CYPHER_GREATER_EQUAL},
    {{STR("IN")}, LEVEL_PREDICATE, OPERATOR_BINARY, CYPHER_IN},
    {{STR("CONTAINS")}, LEVEL_PREDICATE, OPERATOR_BINARY, CYPHER_CONTAINS},
    {{STR("STARTS"), STR("WITH")}, LEVEL_PREDICATE, OPERATOR_BINARY, CYPHER_STARTS_WITH},
    {{STR("ENDS"), STR("WITH")}, LEVEL_PREDICATE, OPERATOR_BINARY, CYPHER_ENDS_WITH},
    {{STR("IS"), STR("NULL")}, LEVEL_PREDICATE, OPERATOR_POSTFIX, CYPHER_IS_NULL},
    {{STR("IS"), STR("NOT"), STR("NULL")}, LEVEL_PREDICATE, OPERATOR_POSTFIX, CYPHER_IS_NOT_NULL},
    {{STR("+")}, LEVEL_SUM, OPERATOR_BINARY, CYPHER_ADD},
    {{STR("-")}, LEVEL_SUM, OPERATOR_BINARY, CYPHER_SUBTRACT},
    {{STR("*")}, LEVEL_PRODUCT, OPERATOR_BINARY, CYPHER_MULTIPLY},
    {{STR("/")}, LEVEL_PRODUCT, OPERATOR_BINARY, CYPHER_DIVIDE},
    {{STR("%")}, LEVEL_PRODUCT, OPERATOR_BINARY, CYPHER_MODULO},
    {{STR("^")}, LEVEL_POWER, OPERATOR_BINARY, CYPHER_POWER},
};

const Operator *operator_of(OperatorKind kind, int meaning)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++)
        if (OPERATORS[i].kind == kind && OPERATORS[i].meaning == meaning)
            return &OPERATORS[i];
    return NULL;
}

static int unary_level(CypherUnary operator)
{
    if (operator== CYPHER_NOT)
        return LEVEL_NOT;
    return operator== CYPHER_MINUS || operator== CYPHER_PLUS ? LEVEL_SIGN : LEVEL_PREDICATE;
}

int expression_level(const CypherExpression *expression)
{
    switch (expression->kind) {
    case CYPHER_UNARY:
        return unary_level(expression->unary.operator);
    case CYPHER_BINARY:
        return operator_of(OPERATOR_BINARY, (int)expression->binary.operator)->level;
    case CYPHER_COMPARISON:
        return LEVEL_COMPARISON;
    case CYPHER_INTEGER:
        return expression->integer < 0 ? LEVEL_SIGN : LEVEL_ATOM;
    case CYPHER_PROPERTY:
    case CYPHER_INDEX:
    case CYPHER_SLICE:
        return LEVEL_POSTFIX;
    default:
        return LEVEL_ATOM;
    }
}

void syntax_put_float(Buf *buf, double number)
{
    char text[40];
    int precision = 15;

    do
        (void)snprintf(text, sizeof text, "%.*g", precision, number);
    while (precision++ < 17 && strtod(text, NULL) != number);
    for (const char *c = text; *c != '\0'; c++)
        if (*c != '+')
            buf_put_char(buf, *c);
    if (strpbrk(text, ".e") == NULL)
        buf_put(buf, STR(".0"));
}
