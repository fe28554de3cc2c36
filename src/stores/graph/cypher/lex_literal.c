#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "stores/graph/cypher/lexer.h"

/* ---- Numbers ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 99;
}

/* A number is followed by what can't be part of it: 12ab and 0x1G are slips. */
static Err check_end(const Lexer *lexer, const Token *token, const char *expected)
{
    uint32_t character;

    if (lexer_character(lexer, &character) && is_name_character(character))
        return cypher_error(token->place, "this number has a letter in it: expected %s", expected);
    return OK;
}

static Err lex_integer(Lexer *lexer, Token *token, unsigned base, const char *expected)
{
    size_t start = lexer->at;
    unsigned digit;

    token->kind = TOKEN_INTEGER;
    while ((digit = digit_value(lexer_peek(lexer, 0))) < base) {
        if (token->integer > (UINT64_MAX - digit) / base)
            return cypher_error(token->place,
                                "this number is too large: integers end at 9223372036854775807");
        token->integer = token->integer * base + digit;
        lexer_advance(lexer);
    }
    if (lexer->at == start)
        return cypher_error(token->place, "this number has no digits: expected %s", expected);
    return check_end(lexer, token, expected);
}

static void skip_digits(Lexer *lexer)
{
    while (is_digit(lexer_peek(lexer, 0)))
        lexer_advance(lexer);
}

/* The dot of a fraction, not one of 1..3 or of 1.name. */
static bool at_fraction(const Lexer *lexer)
{
    return lexer_peek(lexer, 0) == '.' && is_digit(lexer_peek(lexer, 1));
}

static bool at_exponent(const Lexer *lexer)
{
    char sign = lexer_peek(lexer, 1);

    return (lexer_peek(lexer, 0) | 0x20) == 'e' &&
           (is_digit(sign) || ((sign == '-' || sign == '+') && is_digit(lexer_peek(lexer, 2))));
}

static Err lex_float(Lexer *lexer, Token *token)
{
    skip_digits(lexer);
    if (at_fraction(lexer)) {
        lexer_advance(lexer);
        skip_digits(lexer);
    }
    if (at_exponent(lexer)) {
        lexer_advance(lexer);
        lexer_advance(lexer);
        skip_digits(lexer);
    }
    token->kind = TOKEN_FLOAT;
    token->number = strtod(str_c(lexer->arena, str_slice(lexer->text, token->start, lexer->at)), NULL);
    if (!isfinite(token->number))
        return cypher_error(token->place, "this number is too large: floats end at 1.7976931348623157e308");
    return check_end(lexer, token, "a number such as 12, 0.5 or 1e-3");
}

static bool is_float(Lexer lexer)
{
    skip_digits(&lexer);
    return at_fraction(&lexer) || at_exponent(&lexer);
}

Err lex_number(Lexer *lexer, Token *token)
{
    char kind = (char)(lexer_peek(lexer, 1) | 0x20);
    bool prefixed = lexer_peek(lexer, 0) == '0' && (kind == 'x' || kind == 'o');

    if (is_float(*lexer))
        return lex_float(lexer, token);
    if (!prefixed)
        return lex_integer(lexer, token, 10, "a number such as 12, 0.5 or 1e-3");
    lexer_advance(lexer);
    lexer_advance(lexer);
    return kind == 'x' ? lex_integer(lexer, token, 16, "hexadecimal digits, as in 0x1F")
                       : lex_integer(lexer, token, 8, "octal digits, as in 0o17");
}

/* ---- Strings and quoted names ---- */

typedef struct Escape {
    char letter;
    char meaning;
} Escape;

static const Escape ESCAPES[] = {
    {'\\', '\\'}, {'\'', '\''}, {'"', '"'},  {'`', '`'},  {'b', '\b'},
    {'f', '\f'},  {'n', '\n'},  {'r', '\r'}, {'t', '\t'},
};

static Err lex_hex_digits(Lexer *lexer, size_t digits, uint32_t *code)
{
    CypherPlace start = lexer->place;

    *code = 0;
    for (size_t i = 0; i < digits; i++) {
        unsigned digit = digit_value(lexer_peek(lexer, 0));

        if (digit > 15)
            return cypher_error(start, "expected %zu hexadecimal digits, as in \\u00e9 or \\U0001F376",
                                digits);
        *code = *code << 4 | digit;
        lexer_advance(lexer);
    }
    return OK;
}

static bool is_high_surrogate(uint32_t code)
{
    return code >= 0xD800 && code < 0xDC00;
}

/* The second half of a character beyond U+FFFF that is written as UTF-16 has it. */
static Err lex_low_surrogate(Lexer *lexer, uint32_t *code)
{
    uint32_t low = 0;

    if (lexer_peek(lexer, 0) != '\\' || lexer_peek(lexer, 1) != 'u')
        return OK;
    lexer_advance(lexer);
    lexer_advance(lexer);
    TRY(lex_hex_digits(lexer, 4, &low));
    if (low >= 0xDC00 && low < 0xE000)
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return OK;
}

static Err lex_code_point(Lexer *lexer, size_t digits, Buf *out)
{
    CypherPlace start = lexer->place;
    uint32_t code;

    TRY(lex_hex_digits(lexer, digits, &code));
    if (is_high_surrogate(code))
        TRY(lex_low_surrogate(lexer, &code));
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return cypher_error(start, "U+%04X isn't a character that text can hold", code);
    out->len += utf8_encode(code, buf_reserve(out, 4));
    return OK;
}

static Err lex_escape(Lexer *lexer, Buf *out)
{
    CypherPlace start = lexer->place;
    char letter = lexer_peek(lexer, 1);

    lexer_advance(lexer);
    lexer_advance(lexer);
    if (letter == 'u' || letter == 'U')
        return lex_code_point(lexer, letter == 'u' ? 4 : 8, out);
    for (size_t i = 0; i < sizeof ESCAPES / sizeof *ESCAPES; i++) {
        if (ESCAPES[i].letter != letter)
            continue;
        buf_put_char(out, ESCAPES[i].meaning);
        return OK;
    }
    return cypher_error(start,
                        "this escape means nothing: expected \\\\ \\' \\\" \\b \\f \\n \\r \\t \\uXXXX or "
                        "\\UXXXXXXXX");
}

static void take_character(Lexer *lexer, Buf *out)
{
    size_t start = lexer->at;

    lexer_advance(lexer);
    buf_put(out, str_slice(lexer->text, start, lexer->at));
}

Err lex_string(Lexer *lexer, Token *token)
{
    Buf out = {.arena = lexer->arena};
    char quote = lexer_peek(lexer, 0);

    token->kind = TOKEN_STRING;
    lexer_advance(lexer);
    while (lexer->at < lexer->text.len && lexer_peek(lexer, 0) != quote) {
        if (lexer_peek(lexer, 0) == '\\')
            TRY(lex_escape(lexer, &out));
        else if (lexer_peek(lexer, 0) == '\0')
            return cypher_error(lexer->place, "U+0000 isn't a character that text can hold");
        else
            take_character(lexer, &out);
    }
    if (lexer->at == lexer->text.len)
        return cypher_error(token->place, "this string doesn't end: expected %c behind it", quote);
    lexer_advance(lexer);
    token->text = out.len > 0 ? buf_str(&out) : STR("");
    return OK;
}

/* At a backquote: whether the name ends here. Of two in a row the second is left, to be taken as it is. */
static bool ends_name(Lexer *lexer)
{
    if (lexer_peek(lexer, 0) != '`')
        return false;
    lexer_advance(lexer);
    return lexer_peek(lexer, 0) != '`';
}

Err lex_quoted(Lexer *lexer, Str *name)
{
    Buf out = {.arena = lexer->arena};
    CypherPlace start = lexer->place;

    lexer_advance(lexer);
    while (!ends_name(lexer)) {
        if (lexer_peek(lexer, 0) == '\0')
            return cypher_error(start, "this name doesn't end: expected ` behind it");
        take_character(lexer, &out);
    }
    if (out.len == 0)
        return cypher_error(start, "expected a name between two `");
    *name = buf_str(&out);
    return OK;
}
