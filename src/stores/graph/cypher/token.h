/* The words of a query: names, numbers, strings and signs, each with its place. Words that mean something to Cypher are
 * names here, for nearly all of them may name things too; the parser asks for them by token_is_word.
 * Comments and white space separate. All numbers are unsigned. */
#ifndef NERDX_STORES_GRAPH_CYPHER_TOKEN_H
#define NERDX_STORES_GRAPH_CYPHER_TOKEN_H

#include "base/err.h"
#include "stores/graph/cypher/ast.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_NAME,      /* text */
    TOKEN_QUOTED,    /* text: `a name` without its quotes */
    TOKEN_PARAMETER, /* text: the name behind $ */
    TOKEN_INTEGER,   /* integer */
    TOKEN_FLOAT,     /* number */
    TOKEN_STRING,    /* text: with the escapes undone */
    TOKEN_SIGN       /* text: ( ) [ ] { } , . .. : ; | + - * / % ^ = <> < <= > >= =~ += ... */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    CypherPlace place;
    size_t start; /* where it stands in the text: bytes [start, end) */
    size_t end;
    Str text;
    uint64_t integer;
    double number;
} Token;

/* Always ends with a TOKEN_END. The texts of tokens are in the arena or in the query.
 * Errors: INVALID with line and column; also when there are more tokens than CYPHER_MAX_TOKENS. */
Err cypher_tokenize(Arena *arena, Str text, size_t max_tokens, Token **out);

bool token_is_word(const Token *token, Str word); /* a name, not quoted, in any case */
bool token_is_sign(const Token *token, Str sign);

/* INVALID "line 1, column 8: …" */
Err cypher_error(CypherPlace place, const char *message, ...) __attribute__((format(printf, 2, 3)));

#endif
