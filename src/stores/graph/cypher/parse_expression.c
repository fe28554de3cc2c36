#include "stores/graph/cypher/parser.h"
#include "stores/graph/cypher/syntax.h"

static size_t operator_length(const Parser *parser, const Operator *operator)
{
    size_t length = 0;

    while (length < 3 && operator->words[length].data != NULL) {
        const Token *token = parser_ahead(parser, length);

        if (!token_is_word(token, operator->words[length]) && !token_is_sign(token, operator->words[length]))
            return 0;
        length++;
    }
    return length;
}

/* The operator at the place, taken when it binds at least as strongly as `level`; or NULL. */
static const Operator *take_operator(Parser *parser, int level)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        size_t length = operator_length(parser, &OPERATORS[i]);

        if (length == 0)
            continue;
        if (OPERATORS[i].level < level)
            return NULL;
        parser->at += length;
        return &OPERATORS[i];
    }
    return NULL;
}

static Err parse_operators(Parser *parser, int level, CypherExpression **out);

static Err make_unary(Parser *parser, CypherUnary operator, CypherPlace place, CypherExpression *operand,
                      CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_UNARY, place);

    made->unary.operator= operator;
    made->unary.operand = operand;
    *out = made;
    return parser_grow(parser, made);
}

/* ---- What stands behind an operand ---- */

static Err parse_property(Parser *parser, CypherExpression **of)
{
    CypherExpression *made = parser_new(parser, CYPHER_PROPERTY, (*of)->place);

    made->property.of = *of;
    TRY(parse_name(parser, "the name of a property", &made->property.key));
    if (parser_at_sign(parser, STR("(")))
        return cypher_error((*of)->place, "functions with a dot in their name aren't supported");
    *of = made;
    return parser_grow(parser, made);
}

static Err parse_slice(Parser *parser, CypherExpression *from, CypherExpression **of)
{
    CypherExpression *made = parser_new(parser, CYPHER_SLICE, (*of)->place);

    made->slice.of = *of;
    made->slice.from = from;
    if (!parser_at_sign(parser, STR("]")))
        TRY(parse_expression(parser, &made->slice.to));
    TRY(parser_expect_sign(parser, STR("]")));
    *of = made;
    return parser_grow(parser, made);
}

static Err parse_index(Parser *parser, CypherExpression **of)
{
    CypherExpression *at = NULL;
    CypherExpression *made;

    if (!parser_at_sign(parser, STR("..")))
        TRY(parse_expression(parser, &at));
    if (parser_take_sign(parser, STR("..")))
        return parse_slice(parser, at, of);
    TRY(parser_expect_sign(parser, STR("]")));
    made = parser_new(parser, CYPHER_INDEX, (*of)->place);
    made->index.of = *of;
    made->index.at = at;
    *of = made;
    return parser_grow(parser, made);
}

static Err parse_has_labels(Parser *parser, CypherExpression **of)
{
    CypherExpression *made = parser_new(parser, CYPHER_HAS_LABELS, (*of)->place);

    made->has_labels.of = *of;
    TRY(parse_labels(parser, &made->has_labels.labels, &made->has_labels.label_count));
    *of = made;
    return parser_grow(parser, made);
}

static Err parse_postfix(Parser *parser, CypherExpression **out)
{
    TRY(parse_atom(parser, out));
    for (;;) {
        if (parser_take_sign(parser, STR(".")))
            TRY(parse_property(parser, out));
        else if (parser_take_sign(parser, STR("[")))
            TRY(parse_index(parser, out));
        else
            break;
    }
    if (parser_at_sign(parser, STR("{")))
        return cypher_error(parser_token(parser)->place, "map projections, name {…}, aren't supported");
    return parser_at_sign(parser, STR(":")) ? parse_has_labels(parser, out) : OK;
}

/* ---- What stands before an operand ---- */

/* Of all integers only the smallest needs its sign to be one. */
static bool take_smallest_integer(Parser *parser, CypherExpression **out)
{
    const Token *token = parser_token(parser);

    if (token->kind != TOKEN_INTEGER || token->integer != (uint64_t)INT64_MAX + 1)
        return false;
    *out = parser_new(parser, CYPHER_INTEGER, token->place);
    (*out)->integer = INT64_MIN;
    (*out)->height = 1;
    parser->at++;
    return true;
}

static Err parse_sign(Parser *parser, CypherExpression **out)
{
    CypherPlace place = parser_token(parser)->place;
    CypherUnary operator= parser_take_sign(parser, STR("-")) ? CYPHER_MINUS : CYPHER_PLUS;
    CypherExpression *operand = NULL;

    if (operator== CYPHER_PLUS)
        (void)parser_take_sign(parser, STR("+"));
    else if (take_smallest_integer(parser, out))
        return OK;
    TRY(parser_enter(parser));
    if (parser_at_sign(parser, STR("-")) || parser_at_sign(parser, STR("+")))
        TRY(parse_sign(parser, &operand));
    else
        TRY(parse_postfix(parser, &operand));
    parser_leave(parser);
    return make_unary(parser, operator, place, operand, out);
}

static Err parse_not(Parser *parser, CypherExpression **out)
{
    CypherPlace place = parser_token(parser)->place;
    CypherExpression *operand;

    TRY(parser_expect_word(parser, STR("NOT")));
    TRY(parser_enter(parser));
    TRY(parse_operators(parser, LEVEL_NOT, &operand));
    parser_leave(parser);
    return make_unary(parser, CYPHER_NOT, place, operand, out);
}

static Err parse_operand(Parser *parser, int level, CypherExpression **out)
{
    if (level <= LEVEL_NOT && parser_at_word(parser, STR("NOT")))
        return parse_not(parser, out);
    if (parser_at_sign(parser, STR("-")) || parser_at_sign(parser, STR("+")))
        return parse_sign(parser, out);
    return parse_postfix(parser, out);
}

/* ---- What stands between operands ---- */

static Err parse_binary(Parser *parser, const Operator *operator, CypherExpression ** left)
{
    CypherExpression *made = parser_new(parser, CYPHER_BINARY, (*left)->place);

    made->binary.operator=(CypherBinary) operator->meaning;
    made->binary.left = *left;
    TRY(parse_operators(parser, operator->level + 1, &made->binary.right));
    *left = made;
    return parser_grow(parser, made);
}

/* a < b <= c, from behind the first operator on. */
static Err parse_comparison(Parser *parser, const Operator *operator, CypherExpression ** left)
{
    CypherExpression *made = parser_new(parser, CYPHER_COMPARISON, (*left)->place);
    CypherComparisonChain *chain = &made->comparison;
    Growing operands = {0};
    Growing operators = {0};
    CypherComparison *kinds = NULL;

    chain->operands = parser_more(parser, &operands, NULL, sizeof *chain->operands);
    chain->operands[operands.count++] = *left;
    for (; operator!= NULL; operator= take_operator(parser, LEVEL_COMPARISON)) {
        kinds = parser_more(parser, &operators, kinds, sizeof *kinds);
        kinds[operators.count++] = (CypherComparison) operator->meaning;
        chain->operands = parser_more(parser, &operands, chain->operands, sizeof *chain->operands);
        TRY(parse_operators(parser, LEVEL_COMPARISON + 1, &chain->operands[operands.count++]));
    }
    chain->operators = kinds;
    chain->count = operators.count;
    *left = made;
    return parser_grow(parser, made);
}

/* Precedence climbing: operands with all operators between them that bind at least as strongly as `level`. */
static Err parse_operators(Parser *parser, int level, CypherExpression **out)
{
    const Operator *operator;

    TRY(parse_operand(parser, level, out));
    while ((operator= take_operator(parser, level)) != NULL) {
        if (operator->kind == OPERATOR_BINARY)
            TRY(parse_binary(parser, operator, out));
        else if (operator->kind == OPERATOR_COMPARISON)
            TRY(parse_comparison(parser, operator, out));
        else
            TRY(make_unary(parser, (CypherUnary) operator->meaning, (*out)->place, *out, out));
    }
    return OK;
}

Err parse_expression(Parser *parser, CypherExpression **out)
{
    TRY(parser_enter(parser));
    TRY(parse_operators(parser, LEVEL_OR, out));
    parser_leave(parser);
    if (parser_at_sign(parser, STR("=~")))
        return cypher_error(parser_token(parser)->place,
                            "regular expressions (=~) aren't supported; CONTAINS, STARTS "
                            "WITH and ENDS WITH are");
    return OK;
}
