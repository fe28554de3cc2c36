#include "stores/graph/cypher/parser.h"

static const char SUPPORTED[] =
    "MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, RETURN, ORDER BY, SKIP, LIMIT and UNION";

/* Clauses of Cypher that change something, or call what may. */
static const Str WRITES[] = {
    STR("CREATE"),  STR("MERGE"),  STR("SET"),     STR("DELETE"),  STR("DETACH"), STR("REMOVE"),
    STR("FOREACH"), STR("CALL"),   STR("LOAD"),    STR("DROP"),    STR("ALTER"),  STR("GRANT"),
    STR("DENY"),    STR("REVOKE"), STR("USE"),     STR("INSERT"),  STR("START"),  STR("STOP"),
    STR("RENAME"),  STR("SHOW"),   STR("EXPLAIN"), STR("PROFILE"), STR("CYPHER"),
};

Err parse_match(Parser *parser, CypherMatch *out)
{
    TRY(parse_paths(parser, &out->paths, &out->path_count));
    if (parser_take_word(parser, STR("WHERE")))
        TRY(parse_expression(parser, &out->where));
    return OK;
}

static Err parse_unwind(Parser *parser, CypherUnwind *out)
{
    TRY(parse_expression(parser, &out->list));
    TRY(parser_expect_word(parser, STR("AS")));
    return parse_variable(parser, &out->name);
}

/* An expression with AS and a name, or with its own text as its name. */
static Err parse_item(Parser *parser, CypherItem *out)
{
    const Token *first = parser_token(parser);

    TRY(parse_expression(parser, &out->expression));
    out->named = parser_take_word(parser, STR("AS"));
    if (out->named)
        return parse_variable(parser, &out->name);
    out->name.place = first->place;
    out->name.text = str_slice(parser->text, first->start, parser->tokens[parser->at - 1].end);
    if (out->expression->kind == CYPHER_VARIABLE)
        out->name.text = out->expression->name.text;
    return OK;
}

static Err parse_items(Parser *parser, CypherProjection *out)
{
    Growing growing = {0};

    out->star = parser_take_sign(parser, STR("*"));
    if (out->star && !parser_take_sign(parser, STR(",")))
        return OK;
    do {
        out->items = parser_more(parser, &growing, out->items, sizeof *out->items);
        TRY(parse_item(parser, &out->items[growing.count++]));
    } while (parser_take_sign(parser, STR(",")));
    out->item_count = growing.count;
    return OK;
}

static bool take_descending(Parser *parser)
{
    if (parser_take_word(parser, STR("DESC")) || parser_take_word(parser, STR("DESCENDING")))
        return true;
    (void)(parser_take_word(parser, STR("ASC")) || parser_take_word(parser, STR("ASCENDING")));
    return false;
}

static Err parse_order(Parser *parser, CypherProjection *out)
{
    Growing growing = {0};

    TRY(parser_expect_word(parser, STR("BY")));
    do {
        out->order = parser_more(parser, &growing, out->order, sizeof *out->order);
        TRY(parse_expression(parser, &out->order[growing.count].expression));
        out->order[growing.count++].descending = take_descending(parser);
    } while (parser_take_sign(parser, STR(",")));
    out->order_count = growing.count;
    return OK;
}

Err parse_projection(Parser *parser, bool with, CypherProjection *out)
{
    out->distinct = parser_take_word(parser, STR("DISTINCT"));
    TRY(parse_items(parser, out));
    if (parser_take_word(parser, STR("ORDER")))
        TRY(parse_order(parser, out));
    if (parser_take_word(parser, STR("SKIP")))
        TRY(parse_expression(parser, &out->skip));
    if (parser_take_word(parser, STR("LIMIT")))
        TRY(parse_expression(parser, &out->limit));
    if (with && parser_take_word(parser, STR("WHERE")))
        TRY(parse_expression(parser, &out->where));
    return OK;
}

typedef struct ClauseWord {
    Str word;
    CypherClauseKind kind;
} ClauseWord;

static const ClauseWord CLAUSES[] = {
    {STR("MATCH"), CYPHER_MATCH}, {STR("OPTIONAL"), CYPHER_MATCH}, {STR("UNWIND"), CYPHER_UNWIND},
    {STR("WITH"), CYPHER_WITH},   {STR("RETURN"), CYPHER_RETURN},  {STR("CREATE"), CYPHER_CREATE},
};

static const ClauseWord *clause_word(const Parser *parser)
{
    for (size_t i = 0; i < sizeof CLAUSES / sizeof *CLAUSES; i++)
        if (parser_at_word(parser, CLAUSES[i].word) && (CLAUSES[i].kind != CYPHER_CREATE || parser->loads))
            return &CLAUSES[i];
    return NULL;
}

bool parser_at_clause(const Parser *parser)
{
    return clause_word(parser) != NULL;
}

static Err refuse_clause(const Parser *parser)
{
    CypherPlace place = parser_token(parser)->place;

    for (size_t i = 0; i < sizeof WRITES / sizeof *WRITES; i++)
        if (parser_at_word(parser, WRITES[i]))
            return cypher_error(place, "%.*s isn't supported: queries only read. Supported are %s",
                                STR_ARG(WRITES[i]), SUPPORTED);
    return parser_unexpected(parser, parser->loads ? "CREATE, UNWIND, MATCH or the end" : SUPPORTED);
}

static Err parse_clause_inside(Parser *parser, CypherClause *out)
{
    switch (out->kind) {
    case CYPHER_MATCH:
        out->match.optional = token_is_word(&parser->tokens[parser->at - 1], STR("OPTIONAL"));
        if (out->match.optional)
            TRY(parser_expect_word(parser, STR("MATCH")));
        return parse_match(parser, &out->match);
    case CYPHER_UNWIND:
        return parse_unwind(parser, &out->unwind);
    case CYPHER_WITH:
    case CYPHER_RETURN:
        return parse_projection(parser, out->kind == CYPHER_WITH, &out->projection);
    case CYPHER_CREATE:
        return parse_paths(parser, &out->create.paths, &out->create.path_count);
    }
    return OK;
}

Err parse_clause(Parser *parser, CypherClause *out)
{
    const ClauseWord *word = clause_word(parser);

    if (word == NULL)
        return refuse_clause(parser);
    *out = (CypherClause){.kind = word->kind, .place = parser_token(parser)->place};
    parser->at++;
    return parse_clause_inside(parser, out);
}
