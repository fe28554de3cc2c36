#include "stores/graph/cypher/parser.h"

/* ---- Looking ahead: a pattern or an expression in brackets? ---- */

/* From { to behind its }, or NULL. */
static const Token *skip_braces(const Token *token)
{
    size_t open = 0;

    for (; token->kind != TOKEN_END; token++) {
        if (token_is_sign(token, STR("{")))
            open++;
        else if (token_is_sign(token, STR("}")) && --open == 0)
            return token + 1;
    }
    return NULL;
}

static bool is_name(const Token *token)
{
    return token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED;
}

/* From ( to behind its ), when that can be a node; or NULL. */
static const Token *skip_node(const Token *token)
{
    if (!token_is_sign(token++, STR("(")))
        return NULL;
    token += is_name(token);
    while (token_is_sign(token, STR(":")) && is_name(token + 1))
        token += 2;
    if (token->kind == TOKEN_PARAMETER)
        token++;
    else if (token_is_sign(token, STR("{")))
        token = skip_braces(token);
    return token != NULL && token_is_sign(token, STR(")")) ? token + 1 : NULL;
}

/* (a)-[, (a)--(, (a)-->, (a)<-[ and (a)<--. What is a minus and an unknown sign isn't. */
static bool is_pattern(const Token *token)
{
    const Token *behind = skip_node(token);
    bool left;

    if (behind == NULL)
        return false;
    left = token_is_sign(behind, STR("<"));
    behind += left;
    if (!token_is_sign(behind, STR("-")))
        return false;
    if (token_is_sign(behind + 1, STR("[")))
        return true;
    return token_is_sign(behind + 1, STR("-")) &&
           (left || token_is_sign(behind + 2, STR("(")) || token_is_sign(behind + 2, STR(">")));
}

bool parser_at_pattern(const Parser *parser)
{
    return is_pattern(parser_token(parser));
}

bool parser_at_named_pattern(const Parser *parser)
{
    return parser_at_name(parser) && token_is_sign(parser_ahead(parser, 1), STR("=")) &&
           is_pattern(parser_ahead(parser, 2));
}

/* ---- Nodes and relationships ---- */

static Err parse_properties(Parser *parser, CypherExpression **out)
{
    if (parser_token(parser)->kind == TOKEN_PARAMETER)
        return cypher_error(parser_token(parser)->place,
                            "a parameter can't stand for all properties of a pattern; "
                            "expected {key: $parameter}");
    if (parser_at_sign(parser, STR("{")))
        return parse_map(parser, out);
    return OK;
}

static Err parse_node(Parser *parser, CypherNodePattern *out)
{
    *out = (CypherNodePattern){.place = parser_token(parser)->place};
    out->name.place = out->place;
    TRY(parser_expect_sign(parser, STR("(")));
    if (parser_at_name(parser))
        TRY(parse_variable(parser, &out->name));
    TRY(parse_labels(parser, &out->labels, &out->label_count));
    TRY(parse_properties(parser, &out->properties));
    return parser_take_sign(parser, STR(")"))
               ? OK
               : parser_unexpected(parser, "a node such as (n:Label {key: value})");
}

/* :A|B|:C */
static Err parse_types(Parser *parser, CypherRelationshipPattern *out)
{
    Growing growing = {0};
    Str *types = NULL;

    if (!parser_take_sign(parser, STR(":")))
        return OK;
    do {
        if (growing.count > 0)
            (void)parser_take_sign(parser, STR(":"));
        types = parser_more(parser, &growing, types, sizeof *types);
        TRY(parse_name(parser, "a type of relationship", &types[growing.count++]));
    } while (parser_take_sign(parser, STR("|")));
    out->types = types;
    out->type_count = growing.count;
    return OK;
}

static Err parse_bound(Parser *parser, int64_t *bound, bool *written)
{
    const Token *token = parser_token(parser);

    *written = token->kind == TOKEN_INTEGER;
    if (!*written)
        return OK;
    if (token->integer > INT64_MAX)
        return cypher_error(token->place, "a path can't have so many relationships");
    *bound = (int64_t)token->integer;
    parser->at++;
    return OK;
}

/* *, *2, *1..3, *..3, *2.. */
static Err parse_length(Parser *parser, CypherRelationshipPattern *out)
{
    bool has_min;
    bool has_max;

    out->min = out->max = 1;
    if (!parser_take_sign(parser, STR("*")))
        return OK;
    out->var_length = true;
    TRY(parse_bound(parser, &out->min, &has_min));
    out->max = has_min ? out->min : CYPHER_NO_LIMIT;
    if (!parser_take_sign(parser, STR("..")))
        return OK;
    TRY(parse_bound(parser, &out->max, &has_max));
    if (!has_max)
        out->max = CYPHER_NO_LIMIT;
    return OK;
}

static Err parse_relationship_inside(Parser *parser, CypherRelationshipPattern *out)
{
    if (parser_at_name(parser))
        TRY(parse_variable(parser, &out->name));
    TRY(parse_types(parser, out));
    TRY(parse_length(parser, out));
    TRY(parse_properties(parser, &out->properties));
    return parser_take_sign(parser, STR("]"))
               ? OK
               : parser_unexpected(parser, "a relationship such as [r:TYPE {key: value}]");
}

static Err parse_relationship(Parser *parser, CypherRelationshipPattern *out)
{
    bool left;
    bool right;

    *out = (CypherRelationshipPattern){.place = parser_token(parser)->place, .min = 1, .max = 1};
    out->name.place = out->place;
    left = parser_take_sign(parser, STR("<"));
    TRY(parser_expect_sign(parser, STR("-")));
    if (parser_take_sign(parser, STR("[")))
        TRY(parse_relationship_inside(parser, out));
    TRY(parser_expect_sign(parser, STR("-")));
    right = parser_take_sign(parser, STR(">"));
    out->direction = left == right ? CYPHER_EITHER : left ? CYPHER_LEFT : CYPHER_RIGHT;
    return OK;
}

/* ---- Paths ---- */

static Err parse_path_name(Parser *parser, CypherPath *out)
{
    if (!parser_at_name(parser))
        return OK;
    if (token_is_sign(parser_ahead(parser, 1), STR("(")))
        return cypher_error(parser_token(parser)->place,
                            "%.*s isn't supported; paths of a bounded length are, as in "
                            "(a)-[*1..4]->(b)",
                            STR_ARG(str_slice(parser_token(parser)->text, 0, 30)));
    TRY(parse_variable(parser, &out->name));
    TRY(parser_expect_sign(parser, STR("=")));
    return parser_at_name(parser) ? parse_path_name(parser, out) : OK;
}

Err parse_path(Parser *parser, CypherPath *out)
{
    Growing nodes = {0};
    Growing relationships = {0};

    *out = (CypherPath){.place = parser_token(parser)->place};
    TRY(parse_path_name(parser, out));
    out->nodes = parser_more(parser, &nodes, NULL, sizeof *out->nodes);
    TRY(parse_node(parser, &out->nodes[nodes.count++]));
    while (parser_at_sign(parser, STR("-")) || parser_at_sign(parser, STR("<"))) {
        out->relationships =
            parser_more(parser, &relationships, out->relationships, sizeof *out->relationships);
        TRY(parse_relationship(parser, &out->relationships[relationships.count++]));
        out->nodes = parser_more(parser, &nodes, out->nodes, sizeof *out->nodes);
        TRY(parse_node(parser, &out->nodes[nodes.count++]));
    }
    out->relationship_count = relationships.count;
    return OK;
}

Err parse_paths(Parser *parser, CypherPath **out, size_t *count)
{
    Growing growing = {0};
    CypherPath *paths = NULL;

    do {
        paths = parser_more(parser, &growing, paths, sizeof *paths);
        TRY(parse_path(parser, &paths[growing.count++]));
    } while (parser_take_sign(parser, STR(",")));
    *out = paths;
    *count = growing.count;
    return OK;
}
