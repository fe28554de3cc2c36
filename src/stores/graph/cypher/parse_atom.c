#include "stores/graph/cypher/parser.h"

static const char AN_EXPRESSION[] = "an expression";

static Err leaf(Parser *parser, CypherExpressionKind kind, CypherExpression **out)
{
    *out = parser_new(parser, kind, parser_token(parser)->place);
    parser->at++;
    return parser_grow(parser, *out);
}

static Err parse_integer(Parser *parser, CypherExpression **out)
{
    const Token *token = parser_token(parser);

    if (token->integer > INT64_MAX)
        return cypher_error(token->place, "this number is too large: integers end at 9223372036854775807");
    TRY(leaf(parser, CYPHER_INTEGER, out));
    (*out)->integer = (int64_t)token->integer;
    return OK;
}

static Err parse_text(Parser *parser, CypherExpressionKind kind, CypherExpression **out)
{
    const Token *token = parser_token(parser);

    TRY(leaf(parser, kind, out));
    (*out)->text = token->text;
    return OK;
}

static Err parse_float(Parser *parser, CypherExpression **out)
{
    const Token *token = parser_token(parser);

    TRY(leaf(parser, CYPHER_FLOAT, out));
    (*out)->number = token->number;
    return OK;
}

static Err parse_boolean(Parser *parser, CypherExpression **out)
{
    bool value = parser_at_word(parser, STR("true"));

    TRY(leaf(parser, CYPHER_BOOLEAN, out));
    (*out)->boolean = value;
    return OK;
}

static Err parse_reference(Parser *parser, CypherExpression **out)
{
    *out = parser_new(parser, CYPHER_VARIABLE, parser_token(parser)->place);
    TRY(parse_variable(parser, &(*out)->name));
    return parser_grow(parser, *out);
}

static Err parse_pattern_atom(Parser *parser, CypherExpression **out)
{
    *out = parser_new(parser, CYPHER_PATTERN, parser_token(parser)->place);
    (*out)->pattern = arena_new(parser->arena, CypherPath);
    TRY(parse_path(parser, (*out)->pattern));
    return parser_grow(parser, *out);
}

static Err parse_brackets(Parser *parser, CypherExpression **out)
{
    if (parser_at_pattern(parser))
        return parse_pattern_atom(parser, out);
    TRY(parser_expect_sign(parser, STR("(")));
    TRY(parse_expression(parser, out));
    return parser_expect_sign(parser, STR(")"));
}

Err parse_map(Parser *parser, CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_MAP, parser_token(parser)->place);
    Growing names = {0};
    Growing values = {0};
    Str *keys = NULL;

    TRY(parser_expect_sign(parser, STR("{")));
    while (!parser_at_sign(parser, STR("}"))) {
        if (names.count > 0)
            TRY(parser_expect_sign(parser, STR(",")));
        keys = parser_more(parser, &names, keys, sizeof *keys);
        made->map.values = parser_more(parser, &values, made->map.values, sizeof *made->map.values);
        TRY(parse_name(parser, "a key, as in {key: value}", &keys[names.count++]));
        TRY(parser_expect_sign(parser, STR(":")));
        TRY(parse_expression(parser, &made->map.values[values.count++]));
    }
    parser->at++;
    made->map.keys = keys;
    made->map.count = names.count;
    *out = made;
    return parser_grow(parser, made);
}

/* One WHEN … THEN … */
static Err parse_branch(Parser *parser, Growing *conditions, Growing *results, CypherCase *choice)
{
    TRY(parser_expect_word(parser, STR("WHEN")));
    choice->conditions = parser_more(parser, conditions, choice->conditions, sizeof *choice->conditions);
    choice->results = parser_more(parser, results, choice->results, sizeof *choice->results);
    TRY(parse_expression(parser, &choice->conditions[conditions->count++]));
    TRY(parser_expect_word(parser, STR("THEN")));
    TRY(parse_expression(parser, &choice->results[results->count++]));
    choice->count = results->count;
    return OK;
}

static Err parse_case(Parser *parser, CypherExpression **out)
{
    CypherExpression *made = parser_new(parser, CYPHER_CASE, parser_token(parser)->place);
    CypherCase *choice = &made->choice;
    Growing conditions = {0};
    Growing results = {0};

    parser->at++;
    if (!parser_at_word(parser, STR("WHEN")))
        TRY(parse_expression(parser, &choice->subject));
    do
        TRY(parse_branch(parser, &conditions, &results, choice));
    while (parser_at_word(parser, STR("WHEN")));
    if (parser_take_word(parser, STR("ELSE")))
        TRY(parse_expression(parser, &choice->otherwise));
    TRY(parser_expect_word(parser, STR("END")));
    *out = made;
    return parser_grow(parser, made);
}

typedef struct Word {
    Str word;
    Err (*parse)(Parser *parser, CypherExpression **out);
} Word;

static Err parse_null(Parser *parser, CypherExpression **out)
{
    return leaf(parser, CYPHER_NULL, out);
}

static const Word WORDS[] = {
    {STR("null"), parse_null},
    {STR("true"), parse_boolean},
    {STR("false"), parse_boolean},
};

static Err parse_word(Parser *parser, CypherExpression **out)
{
    const Token *next = parser_ahead(parser, 1);
    bool brackets = token_is_sign(next, STR("("));

    if (parser_at_word(parser, STR("CASE")))
        return parse_case(parser, out);
    if (parser_at_word(parser, STR("EXISTS")) && (brackets || token_is_sign(next, STR("{"))))
        return parse_exists(parser, out);
    if (brackets)
        return parse_call(parser, out);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (parser_at_word(parser, WORDS[i].word))
            return WORDS[i].parse(parser, out);
    return parse_reference(parser, out);
}

static Err parse_sign_atom(Parser *parser, CypherExpression **out)
{
    if (parser_at_sign(parser, STR("(")))
        return parse_brackets(parser, out);
    if (parser_at_sign(parser, STR("[")))
        return parse_list(parser, out);
    if (parser_at_sign(parser, STR("{")))
        return parse_map(parser, out);
    return parser_unexpected(parser, AN_EXPRESSION);
}

Err parse_atom(Parser *parser, CypherExpression **out)
{
    switch (parser_token(parser)->kind) {
    case TOKEN_NAME:
        return parse_word(parser, out);
    case TOKEN_QUOTED:
        return parse_reference(parser, out);
    case TOKEN_PARAMETER:
        return parse_text(parser, CYPHER_PARAMETER, out);
    case TOKEN_INTEGER:
        return parse_integer(parser, out);
    case TOKEN_FLOAT:
        return parse_float(parser, out);
    case TOKEN_STRING:
        return parse_text(parser, CYPHER_STRING, out);
    case TOKEN_SIGN:
        return parse_sign_atom(parser, out);
    case TOKEN_END:
        break;
    }
    return parser_unexpected(parser, AN_EXPRESSION);
}
