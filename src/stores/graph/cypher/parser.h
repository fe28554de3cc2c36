/* What the files of the parser share: the tokens and the place in them. Recursive descent: a function takes what it is
 * named after, from the token at the place, and leaves what is behind it.
 * Nesting is bounded by parser_enter and parser_leave, the height of a tree by parser_grow. */
#ifndef NERDX_STORES_GRAPH_CYPHER_PARSER_H
#define NERDX_STORES_GRAPH_CYPHER_PARSER_H

#include "stores/graph/cypher/cypher.h"
#include "stores/graph/cypher/token.h"

typedef struct Parser {
    Arena *arena;
    Str text;
    const Token *tokens;
    size_t at;
    size_t depth;
    size_t tallest; /* height of the tallest expression so far */
    bool loads;     /* CREATE is allowed */
} Parser;

/* A list that grows while it is read: items = parser_more(…) makes room for one more. */
typedef struct Growing {
    size_t count;
    size_t capacity;
} Growing;

void *parser_more(Parser *parser, Growing *growing, void *items, size_t size);

const Token *parser_token(const Parser *parser);
const Token *parser_ahead(const Parser *parser, size_t count); /* TOKEN_END behind the end */
bool parser_at_word(const Parser *parser, Str word);
bool parser_at_sign(const Parser *parser, Str sign);
bool parser_take_word(Parser *parser, Str word);
bool parser_take_sign(Parser *parser, Str sign);
Err parser_expect_word(Parser *parser, Str word);
Err parser_expect_sign(Parser *parser, Str sign);
Err parser_enter(Parser *parser);
void parser_leave(Parser *parser);
Err parser_unexpected(const Parser *parser, const char *expected);

/* A name of anything, quoted or not. `what` is for the error: "a label". */
Err parse_name(Parser *parser, const char *what, Str *out);
Err parse_variable(Parser *parser, CypherName *out);
bool parser_at_name(const Parser *parser);
/* : A : B, from the colon on. */
Err parse_labels(Parser *parser, const Str **labels, size_t *count);

CypherExpression *parser_new(Parser *parser, CypherExpressionKind kind, CypherPlace place);
/* Gives a finished expression its height, of which it may already have a part. */
Err parser_grow(Parser *parser, CypherExpression *expression);

Err parse_expression(Parser *parser, CypherExpression **out);
/* What operators stand between: a literal, a variable, a call, something in brackets. */
Err parse_atom(Parser *parser, CypherExpression **out);
/* Atoms that begin with a bracket. */
Err parse_list(Parser *parser, CypherExpression **out);
Err parse_map(Parser *parser, CypherExpression **out);
/* Those that begin with a name and (. */
Err parse_call(Parser *parser, CypherExpression **out);
Err parse_exists(Parser *parser, CypherExpression **out);

/* name = (a)-[r]->(b): a path with or without its name. */
Err parse_path(Parser *parser, CypherPath *out);
Err parse_paths(Parser *parser, CypherPath **out, size_t *count);
/* Whether ( here begins a pattern with a relationship, and not an expression in brackets. */
bool parser_at_pattern(const Parser *parser);
/* Whether name = ( is here, with such a pattern. */
bool parser_at_named_pattern(const Parser *parser);

/* All clauses up to the end, UNION or }. */
Err parse_query(Parser *parser, CypherQuery *out);
Err parse_clause(Parser *parser, CypherClause *out);
bool parser_at_clause(const Parser *parser);
Err parse_match(Parser *parser, CypherMatch *out);
Err parse_projection(Parser *parser, bool with, CypherProjection *out);

#endif
