/* Atoms that begin with a word and a bracket, and lists in all their forms. */
#include "stores/graph/cypher/parser.h"

static Err parse_arguments(Parser *parser, CypherCall *call)
{
    Growing growing = {0};

    TRY(parser_expect_sign(parser, STR("(")));
    call->distinct = parser_take_word(parser, STR("DISTINCT"));
    while (!parser_at_sign(parser, STR(")"))) {
        if (growing.count > 0)
            TRY(parser_expect_sign(parser, STR(",")));
        call->arguments = parser_more(parser, &growing, call->arguments, sizeof *call->arguments);
        TRY(parse_expression(parser, &call->arguments[growing.count++]));
    }
    parser->at++;
    call->argument_count = growing.count;
    return OK;
}

static Err parse_function(Parser *parser, CypherExpression **out)
{
    *out = parser_new(parser, CYPHER_CALL, parser_token(parser)->place);
    TRY(parse_name(parser, "a function", &(*out)->call.name));
    TRY(parse_arguments(parser, &(*out)->call));
    return parser_grow(parser, *out);
}

static Err parse_count_all(Parser *parser, CypherExpression **out)
{
    *out = parser_new(parser, CYPHER_COUNT_ALL, parser_token(parser)->place);
    parser->at += 3;
    TRY(parser_expect_sign(parser, STR(")")));
    return parser_grow(parser, *out);
}

/* x IN list */
static Err parse_source(Parser *parser, CypherName *name, CypherExpression **list)
{
    TRY(parse_variable(parser, name));
    TRY(parser_expect_word(parser, STR("IN")));
    return parse_expression(parser, list);
}

static Err parse_quantifier(Parser *parser, CypherQuantifier quantifier, CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_QUANTIFIER, parser_token(parser)->place);

    parser->at += 2;
    made->quantifier.quantifier = quantifier;
    TRY(parse_source(parser, &made->quantifier.name, &made->quantifier.list));
    TRY(parser_expect_word(parser, STR("WHERE")));
    TRY(parse_expression(parser, &made->quantifier.where));
    TRY(parser_expect_sign(parser, STR(")")));
    *out = made;
    return parser_grow(parser, made);
}

/* sum = 0, */
static Err parse_accumulator(Parser *parser, CypherExpression *made)
{
    TRY(parse_variable(parser, &made->reduce.accumulator));
    TRY(parser_expect_sign(parser, STR("=")));
    TRY(parse_expression(parser, &made->reduce.initial));
    return parser_expect_sign(parser, STR(","));
}

static Err parse_reduce(Parser *parser, CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_REDUCE, parser_token(parser)->place);

    parser->at += 2;
    TRY(parse_accumulator(parser, made));
    TRY(parse_source(parser, &made->reduce.name, &made->reduce.list));
    TRY(parser_expect_sign(parser, STR("|")));
    TRY(parse_expression(parser, &made->reduce.step));
    TRY(parser_expect_sign(parser, STR(")")));
    *out = made;
    return parser_grow(parser, made);
}

typedef struct QuantifierWord {
    Str word;
    CypherQuantifier quantifier;
} QuantifierWord;

static const QuantifierWord QUANTIFIERS[] = {{STR("all"), CYPHER_ALL},
                                             {STR("any"), CYPHER_ANY},
                                             {STR("none"), CYPHER_NONE},
                                             {STR("single"), CYPHER_SINGLE}};

Err parse_call(Parser *parser, CypherExpression **out)
{
    for (size_t i = 0; i < sizeof QUANTIFIERS / sizeof *QUANTIFIERS; i++)
        if (parser_at_word(parser, QUANTIFIERS[i].word))
            return parse_quantifier(parser, QUANTIFIERS[i].quantifier, out);
    if (parser_at_word(parser, STR("reduce")))
        return parse_reduce(parser, out);
    if (parser_at_word(parser, STR("count")) && token_is_sign(parser_ahead(parser, 2), STR("*")))
        return parse_count_all(parser, out);
    if (parser_at_word(parser, STR("shortestPath")) || parser_at_word(parser, STR("allShortestPaths")))
        return cypher_error(parser_token(parser)->place,
                            "shortest paths aren't supported; paths of a bounded length "
                            "are, as in (a)-[*1..4]->(b)");
    return parse_function(parser, out);
}

/* ---- EXISTS ---- */

/* EXISTS { (a)-->(b) WHERE … } is short for EXISTS { MATCH (a)-->(b) WHERE … }. */
static Err parse_short_subquery(Parser *parser, CypherQuery *query)
{
    CypherClause *clause = arena_new(parser->arena, CypherClause);

    clause->kind = CYPHER_MATCH;
    clause->place = parser_token(parser)->place;
    TRY(parse_match(parser, &clause->match));
    query->parts = arena_new(parser->arena, CypherSingle);
    query->part_count = 1;
    query->parts->clauses = clause;
    query->parts->clause_count = 1;
    return OK;
}

/* What is in the subquery counts for the height of the whole. */
static Err parse_subquery(Parser *parser, CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_EXISTS_SUBQUERY, parser_token(parser)->place);
    size_t outside = parser->tallest;

    parser->at += 2;
    parser->tallest = 0;
    made->subquery = arena_new(parser->arena, CypherQuery);
    TRY(parser_enter(parser));
    if (parser_at_sign(parser, STR("(")) || token_is_sign(parser_ahead(parser, 1), STR("=")))
        TRY(parse_short_subquery(parser, made->subquery));
    else
        TRY(parse_query(parser, made->subquery));
    parser_leave(parser);
    TRY(parser_expect_sign(parser, STR("}")));
    made->height = (uint16_t)parser->tallest;
    parser->tallest = outside > parser->tallest ? outside : parser->tallest;
    *out = made;
    return parser_grow(parser, made);
}

/* exists(pattern) is the pattern, exists(n.property) a call. */
Err parse_exists(Parser *parser, CypherExpression **out)
{
    Parser inside = *parser;

    if (token_is_sign(parser_ahead(parser, 1), STR("{")))
        return parse_subquery(parser, out);
    inside.at += 2;
    if (!parser_at_pattern(&inside))
        return parse_function(parser, out);
    *parser = inside;
    TRY(parse_expression(parser, out));
    if ((*out)->kind != CYPHER_PATTERN)
        return cypher_error((*out)->place, "expected nothing but a pattern in exists(…)");
    (*out)->pattern->called = true;
    return parser_expect_sign(parser, STR(")"));
}

/* ---- Lists ---- */

static Err parse_list_comprehension(Parser *parser, CypherExpression *made)
{
    made->kind = CYPHER_LIST_COMPREHENSION;
    TRY(parse_source(parser, &made->comprehension.name, &made->comprehension.list));
    if (parser_take_word(parser, STR("WHERE")))
        TRY(parse_expression(parser, &made->comprehension.where));
    if (parser_take_sign(parser, STR("|")))
        TRY(parse_expression(parser, &made->comprehension.projection));
    return OK;
}

static Err parse_pattern_comprehension(Parser *parser, CypherExpression *made)
{
    made->kind = CYPHER_PATTERN_COMPREHENSION;
    made->matching.path = arena_new(parser->arena, CypherPath);
    TRY(parse_path(parser, made->matching.path));
    if (parser_take_word(parser, STR("WHERE")))
        TRY(parse_expression(parser, &made->matching.where));
    TRY(parser_expect_sign(parser, STR("|")));
    return parse_expression(parser, &made->matching.projection);
}

static Err parse_items(Parser *parser, CypherExpression *made)
{
    Growing growing = {0};

    while (!parser_at_sign(parser, STR("]"))) {
        if (growing.count > 0)
            TRY(parser_expect_sign(parser, STR(",")));
        made->list.items = parser_more(parser, &growing, made->list.items, sizeof *made->list.items);
        TRY(parse_expression(parser, &made->list.items[growing.count++]));
    }
    made->list.count = growing.count;
    return OK;
}

Err parse_list(Parser *parser, CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_LIST, parser_token(parser)->place);

    TRY(parser_expect_sign(parser, STR("[")));
    if (parser_at_name(parser) && token_is_word(parser_ahead(parser, 1), STR("IN")))
        TRY(parse_list_comprehension(parser, made));
    else if (parser_at_pattern(parser) || parser_at_named_pattern(parser))
        TRY(parse_pattern_comprehension(parser, made));
    else
        TRY(parse_items(parser, made));
    TRY(parser_expect_sign(parser, STR("]")));
    *out = made;
    return parser_grow(parser, made);
}
