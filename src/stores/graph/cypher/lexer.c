#include "stores/graph/cypher/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Longest first. */
static const Str SIGNS[] = {
    STR(".."), STR("<="), STR(">="), STR("<>"), STR("=~"), STR("+="), STR("||"), STR("::"),
    STR("("),  STR(")"),  STR("["),  STR("]"),  STR("{"),  STR("}"),  STR(","),  STR("."),
    STR(":"),  STR(";"),  STR("|"),  STR("+"),  STR("-"),  STR("*"),  STR("/"),  STR("%"),
    STR("^"),  STR("="),  STR("<"),  STR(">"),  STR("&"),  STR("!"),
};

Err cypher_error(CypherPlace place, const char *message, ...)
{
    char text[ERR_TEXT];
    va_list arguments;

    va_start(arguments, message);
    (void)vsnprintf(text, sizeof text, message, arguments);
    va_end(arguments);
    return err(INVALID, "line %u, column %u: %s", place.line, place.column, text);
}

bool token_is_word(const Token *token, Str word)
{
    return token->kind == TOKEN_NAME && str_equal_nocase(token->text, word);
}

bool token_is_sign(const Token *token, Str sign)
{
    return token->kind == TOKEN_SIGN && str_equal(token->text, sign);
}

char lexer_peek(const Lexer *lexer, size_t ahead)
{
    return ahead < lexer->text.len - lexer->at ? lexer->text.data[lexer->at + ahead] : '\0';
}

bool lexer_character(const Lexer *lexer, uint32_t *character)
{
    size_t at = lexer->at;

    return utf8_next(lexer->text, &at, character);
}

void lexer_advance(Lexer *lexer)
{
    uint32_t character;

    if (!utf8_next(lexer->text, &lexer->at, &character))
        return;
    lexer->place.column++;
    if (character == '\n')
        lexer->place = (CypherPlace){.line = lexer->place.line + 1, .column = 1};
}

static bool starts(const Lexer *lexer, Str sign)
{
    return str_starts(str_slice(lexer->text, lexer->at, lexer->text.len), sign);
}

static void skip_line(Lexer *lexer)
{
    while (lexer->at < lexer->text.len && lexer_peek(lexer, 0) != '\n')
        lexer_advance(lexer);
}

static Err skip_block(Lexer *lexer)
{
    CypherPlace start = lexer->place;
    size_t end = str_find(lexer->text, STR("*/"), lexer->at + 2);

    if (end == SIZE_MAX)
        return cypher_error(start, "this comment doesn't end: expected */ behind it");
    while (lexer->at < end + 2)
        lexer_advance(lexer);
    return OK;
}

static Err skip_separators(Lexer *lexer)
{
    uint32_t character;

    while (lexer_character(lexer, &character)) {
        if (starts(lexer, STR("//")))
            skip_line(lexer);
        else if (starts(lexer, STR("/*")))
            TRY(skip_block(lexer));
        else if (is_white_space(character))
            lexer_advance(lexer);
        else
            break;
    }
    return OK;
}

static Str lex_name(Lexer *lexer)
{
    size_t start = lexer->at;
    uint32_t character;

    while (lexer_character(lexer, &character) && is_name_character(character))
        lexer_advance(lexer);
    return str_slice(lexer->text, start, lexer->at);
}

static Err lex_parameter(Lexer *lexer, Token *token)
{
    token->kind = TOKEN_PARAMETER;
    lexer_advance(lexer);
    if (lexer_peek(lexer, 0) == '`')
        return lex_quoted(lexer, &token->text);
    token->text = lex_name(lexer);
    if (token->text.len == 0)
        return cypher_error(token->place, "expected the name of a parameter behind $, as in $name");
    return OK;
}

static Err lex_sign(Lexer *lexer, Token *token)
{
    size_t length = utf8_length_at(lexer->text, lexer->at);

    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        if (!starts(lexer, SIGNS[i]))
            continue;
        token->kind = TOKEN_SIGN;
        token->text = SIGNS[i];
        for (size_t used = 0; used < SIGNS[i].len; used++)
            lexer_advance(lexer);
        return OK;
    }
    return cypher_error(token->place, "%.*s means nothing in Cypher outside quotes", (int)length,
                        lexer->text.data + lexer->at);
}

static Err lex_token(Lexer *lexer, Token *token)
{
    char first = lexer_peek(lexer, 0);
    char second = lexer_peek(lexer, 1);
    uint32_t character;

    if (!lexer_character(lexer, &character))
        return OK;
    if ((first >= '0' && first <= '9') || (first == '.' && second >= '0' && second <= '9'))
        return lex_number(lexer, token);
    if (first == '\'' || first == '"')
        return lex_string(lexer, token);
    if (first == '$')
        return lex_parameter(lexer, token);
    if (first == '`') {
        token->kind = TOKEN_QUOTED;
        return lex_quoted(lexer, &token->text);
    }
    if (!is_name_start(character))
        return lex_sign(lexer, token);
    token->kind = TOKEN_NAME;
    token->text = lex_name(lexer);
    return OK;
}

static Err next_token(Lexer *lexer, Token *token)
{
    TRY(skip_separators(lexer));
    *token = (Token){.kind = TOKEN_END, .place = lexer->place, .start = lexer->at};
    TRY(lex_token(lexer, token));
    token->end = lexer->at;
    return OK;
}

/* Counted first, so that the array has its size: a query is short. */
static Err count_tokens(Lexer lexer, size_t max_tokens, size_t *count)
{
    Token token;

    *count = 0;
    do {
        TRY(next_token(&lexer, &token));
        if (++*count > max_tokens)
            return cypher_error(
                token.place, "the text is too long: at most %zu words and signs are supported", max_tokens);
    } while (token.kind != TOKEN_END);
    return OK;
}

static Err check_encoding(Lexer lexer)
{
    size_t valid = utf8_valid_until(lexer.text);

    while (lexer.at < valid)
        lexer_advance(&lexer);
    return valid < lexer.text.len ? cypher_error(lexer.place, "expected UTF-8, found another encoding") : OK;
}

Err cypher_tokenize(Arena *arena, Str text, size_t max_tokens, Token **out)
{
    Lexer lexer = {.arena = arena, .text = text, .place = {.line = 1, .column = 1}};
    Token *tokens;
    size_t count;

    TRY(check_encoding(lexer));
    TRY(count_tokens(lexer, max_tokens, &count));
    tokens = arena_array(arena, Token, count);
    for (size_t i = 0; i < count; i++)
        TRY(next_token(&lexer, &tokens[i]));
    *out = tokens;
    return OK;
}
