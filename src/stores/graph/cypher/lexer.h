/* What the files of the lexer share: a place in the text, and the literals that have a file of their own. */
#ifndef NERDX_STORES_GRAPH_CYPHER_LEXER_H
#define NERDX_STORES_GRAPH_CYPHER_LEXER_H

#include "stores/graph/cypher/token.h"

typedef struct Lexer {
    Arena *arena;
    Str text; /* well-formed UTF-8 */
    size_t at;
    CypherPlace place; /* of what stands at `at` */
} Lexer;

/* The byte so far ahead, '\0' behind the end. */
char lexer_peek(const Lexer *lexer, size_t ahead);
/* The character at the place; false at the end. */
bool lexer_character(const Lexer *lexer, uint32_t *character);
/* Moves behind the character at the place. */
void lexer_advance(Lexer *lexer);

/* A token that begins at the place; what it reads is left behind. */
Err lex_number(Lexer *lexer, Token *token);
Err lex_string(Lexer *lexer, Token *token);
/* A name in backquotes, of which two in a row are one. */
Err lex_quoted(Lexer *lexer, Str *name);

/* Unicode's letters and digits, near enough: outside ASCII all but what its blocks of signs, spaces and symbols hold. */
bool is_name_start(uint32_t character);
bool is_name_character(uint32_t character);
bool is_white_space(uint32_t character);

#endif
