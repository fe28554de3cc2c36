#include "services/world/review/quote.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static size_t skip_blanks(Str text, size_t at)
{
    while (at < text.len && is_blank(text.data[at]))
        at++;
    return at;
}

/* Where the quotation ends if it begins here; SIZE_MAX when it doesn't. */
static size_t ends_at(Str text, size_t at, Str quote)
{
    size_t i = 0;

    while (i < quote.len) {
        if (at == text.len || is_blank(text.data[at]) != is_blank(quote.data[i]))
            return SIZE_MAX;
        if (is_blank(quote.data[i])) {
            i = skip_blanks(quote, i);
            at = skip_blanks(text, at);
        } else if (text.data[at++] != quote.data[i++]) {
            return SIZE_MAX;
        }
    }
    return at;
}

Str quote_find(Str text, Str quote)
{
    quote = str_trim(quote);
    for (size_t at = 0; quote.len > 0 && at < text.len; at++) {
        size_t end = ends_at(text, at, quote);

        if (end != SIZE_MAX)
            return str_slice(text, at, end);
    }
    return (Str){0};
}
