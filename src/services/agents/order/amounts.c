#include "services/agents/order/amounts.h"

#include "base/utf8.h"
#include "services/agents/grounding/numerals.h"

static const double TEN_THOUSAND = 10000;

static Str rest_at(Str text, size_t at)
{
    return str_slice(text, at, text.len);
}

/* The whole text is one amount: a word of content, a native Korean number, or words of English. */
static bool read_word(const OrderBook *book, Str text, Arena *arena, double *out)
{
    Str joined = squeeze(arena, text);
    int64_t known = order_word_value(book, "amounts", text, -1);

    *out = (double)known;
    return known >= 0 || (numeral_native(book->numerals, joined, out) == joined.len && joined.len > 0) ||
           (numeral_english(book->numerals, text, out) == text.len && text.len > 0);
}

typedef struct Found {
    double value;
    bool has_place;
} Found;

/* One amount at the start of the text; how much of it that takes, 0 when none begins there. */
static size_t read_one(const OrderBook *book, Str text, Found *out)
{
    size_t len = numeral_mixed(book->numerals, text, &out->value, &out->has_place);

    if (len == 0) {
        out->has_place = false;
        len = numeral_english(book->numerals, text, &out->value);
    }
    Str scale = len > 0 ? latin_run(rest_at(text, len)) : STR("");
    int64_t times = order_word_value(book, "scales", scale, 1);
    out->value *= (double)times;
    return times > 1 ? len + scale.len : len;
}

/* Past what begins no amount: a word of Latin letters as a whole, else a character. */
static size_t skip(Str text)
{
    Str latin = latin_run(text);

    return latin.len > 0 ? latin.len : utf8_cut(text, 1).len;
}

static size_t read_all(const OrderBook *book, Str text, Found *out, size_t most)
{
    size_t count = 0;

    for (size_t at = 0; at < text.len && count < most;) {
        size_t len = read_one(book, rest_at(text, at), &out[count]);
        count += len > 0;
        at += len > 0 ? len : skip(rest_at(text, at));
    }
    return count;
}

bool amounts_read(const OrderBook *book, Str folded, Arena *arena, Amounts *out)
{
    Found found[2];
    double one;

    if (read_word(book, folded, arena, &one)) {
        *out = (Amounts){one, one, false};
        return true;
    }
    size_t count = read_all(book, folded, found, 2);
    if (count == 0)
        return false;
    Found *last = &found[count - 1];
    if (count == 2 && !found[0].has_place && last->has_place && found[0].value * TEN_THOUSAND <= last->value)
        found[0].value *= TEN_THOUSAND;
    *out = (Amounts){found[0].value, last->value, count == 2};
    return true;
}

size_t amounts_whole(Str text, int64_t out[3])
{
    size_t count = 0;

    for (size_t at = 0; at < text.len && count < 3; at++) {
        size_t end = at;
        while (end < text.len && text.data[end] >= '0' && text.data[end] <= '9')
            end++;
        if (end == at)
            continue;
        count += str_to_int(str_slice(text, at, end), &out[count]);
        at = end;
    }
    return count;
}
