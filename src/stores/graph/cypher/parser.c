#include "stores/graph/cypher/parser.h"

#include "stores/graph/cypher/tree.h"

void *parser_more(Parser *parser, Growing *growing, void *items, size_t size)
{
    return arena_more(parser->arena, items, growing->count, &growing->capacity, 2, size);
}

const Token *parser_ahead(const Parser *parser, size_t count)
{
    size_t at = parser->at;

    while (count-- > 0 && parser->tokens[at].kind != TOKEN_END)
        at++;
    return &parser->tokens[at];
}

const Token *parser_token(const Parser *parser)
{
    return &parser->tokens[parser->at];
}

bool parser_at_word(const Parser *parser, Str word)
{
    return token_is_word(parser_token(parser), word);
}

bool parser_at_sign(const Parser *parser, Str sign)
{
    return token_is_sign(parser_token(parser), sign);
}

bool parser_take_word(Parser *parser, Str word)
{
    bool here = parser_at_word(parser, word);

    parser->at += here;
    return here;
}

bool parser_take_sign(Parser *parser, Str sign)
{
    bool here = parser_at_sign(parser, sign);

    parser->at += here;
    return here;
}

/* The token as the query has it, cut where it is long. */
static Str found(const Parser *parser, const Token *token)
{
    return token->kind == TOKEN_END ? STR("the end") : str_slice(parser->text, token->start, token->end);
}

Err parser_unexpected(const Parser *parser, const char *expected)
{
    const Token *token = parser_token(parser);
    Str text = found(parser, token);

    return cypher_error(token->place, "expected %s, found %.*s", expected, text.len < 40 ? (int)text.len : 40,
                        text.data);
}

Err parser_expect_word(Parser *parser, Str word)
{
    return parser_take_word(parser, word) ? OK : parser_unexpected(parser, str_c(parser->arena, word));
}

Err parser_expect_sign(Parser *parser, Str sign)
{
    return parser_take_sign(parser, sign) ? OK : parser_unexpected(parser, str_c(parser->arena, sign));
}

Err parser_enter(Parser *parser)
{
    if (++parser->depth > CYPHER_MAX_DEPTH)
        return cypher_error(parser_token(parser)->place,
                            "this is nested too deeply: at most %d levels are supported", CYPHER_MAX_DEPTH);
    return OK;
}

void parser_leave(Parser *parser)
{
    parser->depth--;
}

bool parser_at_name(const Parser *parser)
{
    return parser_token(parser)->kind == TOKEN_NAME || parser_token(parser)->kind == TOKEN_QUOTED;
}

Err parse_name(Parser *parser, const char *what, Str *out)
{
    if (!parser_at_name(parser))
        return parser_unexpected(parser, what);
    *out = parser->tokens[parser->at++].text;
    return OK;
}

Err parse_variable(Parser *parser, CypherName *out)
{
    *out = (CypherName){.place = parser_token(parser)->place};
    return parse_name(parser, "the name of a variable", &out->text);
}

Err parse_labels(Parser *parser, const Str **labels, size_t *count)
{
    Growing growing = {0};
    Str *items = NULL;

    while (parser_take_sign(parser, STR(":"))) {
        items = parser_more(parser, &growing, items, sizeof *items);
        TRY(parse_name(parser, "a label", &items[growing.count++]));
    }
    *labels = items;
    *count = growing.count;
    return OK;
}

CypherExpression *parser_new(Parser *parser, CypherExpressionKind kind, CypherPlace place)
{
    CypherExpression *made = arena_new(parser->arena, CypherExpression);

    made->kind = kind;
    made->place = place;
    return made;
}

Err parser_grow(Parser *parser, CypherExpression *expression)
{
    size_t height = expression->height;
    CypherExpression **child;

    for (size_t i = 0; (child = tree_child(expression, i)) != NULL; i++)
        if (*child != NULL && (*child)->height > height)
            height = (*child)->height;
    expression->height = (uint16_t)(height + 1);
    if (expression->height > parser->tallest)
        parser->tallest = expression->height;
    if (expression->height > CYPHER_MAX_HEIGHT)
        return cypher_error(expression->place,
                            "this expression is too long: at most %d operators may stand in a row",
                            CYPHER_MAX_HEIGHT);
    return OK;
}
