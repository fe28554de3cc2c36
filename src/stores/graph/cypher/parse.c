#include "stores/graph/cypher/check.h"
#include "stores/graph/cypher/parser.h"

static bool ends_query(const Parser *parser)
{
    return parser_token(parser)->kind == TOKEN_END || parser_at_sign(parser, STR("}")) ||
           parser_at_sign(parser, STR(";")) || parser_at_word(parser, STR("UNION"));
}

static Err parse_single(Parser *parser, CypherSingle *out)
{
    Growing growing = {0};

    do {
        out->clauses = parser_more(parser, &growing, out->clauses, sizeof *out->clauses);
        TRY(parse_clause(parser, &out->clauses[growing.count++]));
    } while (!ends_query(parser));
    out->clause_count = growing.count;
    return OK;
}

Err parse_query(Parser *parser, CypherQuery *out)
{
    Growing growing = {0};
    bool all = false;

    do {
        if (growing.count > 0)
            all = parser_take_word(parser, STR("ALL"));
        out->parts = parser_more(parser, &growing, out->parts, sizeof *out->parts);
        out->parts[growing.count].all = all;
        TRY(parse_single(parser, &out->parts[growing.count++]));
    } while (parser_take_word(parser, STR("UNION")));
    out->part_count = growing.count;
    return OK;
}

Err cypher_parse(Arena *arena, Str text, CypherMode mode, CypherQuery **out)
{
    Parser parser = {.arena = arena, .text = text};
    CypherQuery *query = arena_new(arena, CypherQuery);
    Token *tokens;

    (void)mode;
    if (text.len > CYPHER_MAX_BYTES)
        return cypher_error((CypherPlace){1, 1}, "the query has %zu bytes; at most %d are supported",
                            text.len, CYPHER_MAX_BYTES);
    TRY(cypher_tokenize(arena, text, CYPHER_MAX_TOKENS, &tokens));
    parser.tokens = tokens;
    TRY(parse_query(&parser, query));
    (void)parser_take_sign(&parser, STR(";"));
    if (parser_token(&parser)->kind != TOKEN_END)
        return parser_unexpected(&parser, "the end of the query");
    TRY(cypher_check(arena, query));
    *out = query;
    return OK;
}
