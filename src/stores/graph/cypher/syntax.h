/* The operators of Cypher: how they are written and how strongly they bind, for the parser and the printer. */
#ifndef NERDX_STORES_GRAPH_CYPHER_SYNTAX_H
#define NERDX_STORES_GRAPH_CYPHER_SYNTAX_H

#include "base/buf.h"
#include "stores/graph/cypher/ast.h"

/* Precedence, weakest first, as CIP2021-08-10 of openCypher has it. */
enum {
    LEVEL_OR = 1,
    LEVEL_XOR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARISON,
    LEVEL_PREDICATE,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_POWER,
    LEVEL_SIGN,
    LEVEL_POSTFIX, /* .key, [index], :Label */
    LEVEL_ATOM
};

typedef enum OperatorKind { OPERATOR_BINARY, OPERATOR_COMPARISON, OPERATOR_POSTFIX } OperatorKind;

typedef struct Operator {
    Str words[3]; /* a sign, or words one after another */
    int level;
    OperatorKind kind;
    int meaning; /* CypherBinary, CypherComparison or CypherUnary */
} Operator;

enum { OPERATOR_COUNT = 21 };

/* Those that stand between operands or behind one. */
extern const Operator OPERATORS[OPERATOR_COUNT];

const Operator *operator_of(OperatorKind kind, int meaning);

/* How strongly the expression's own operator binds. */
int expression_level(const CypherExpression *expression);

/* The shortest digits that read back as the same number, with a dot or an exponent so that it stays a float; in Cypher and
 * in JSON. The number is finite. */
void syntax_put_float(Buf *buf, double number);

#endif
