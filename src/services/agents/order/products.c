#include "services/agents/order/products.h"

#include "base/buf.h"
#include "services/agents/text.h"

static const Str OPEN = STR("«"), CLOSE = STR("»");

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_multibyte(char c)
{
    return (unsigned char)c >= 0x80;
}

/* How much of the text from a place on is the name, spaces aside; 0 when it is something else. "nerd12s" is the name too. */
static size_t name_len(Str text, size_t at, Str name)
{
    size_t k = 0, end = at;

    if (at > 0 && is_word(text.data[at - 1]) && is_word(name.data[0]))
        return 0;
    while (k < name.len && end < text.len) {
        if (name.data[k] == text.data[end]) {
            k++;
            end++;
        } else if (name.data[k] == ' ') {
            k++;
        } else if (text.data[end] == ' ' && end > at) {
            end++;
        } else {
            return 0;
        }
    }
    if (k < name.len)
        return 0;
    if (end + 1 < text.len && text.data[end] == 's' && is_word(text.data[end - 1]) &&
        !is_word(text.data[end + 1]))
        return end - at;
    return end < text.len && is_word(text.data[end]) && !is_multibyte(text.data[end - 1]) ? 0 : end - at;
}

/* The longest name of a product that stands there. */
static size_t longest_at(const OrderProduct *product, Arena *arena, Str text, size_t at)
{
    size_t longest = 0;

    for (size_t i = 0; i < product->names.count; i++) {
        Str name = text_fold(arena, product->names.items[i]);
        size_t len = name.len > 0 ? name_len(text, at, name) : 0;
        longest = len > longest ? len : longest;
    }
    return longest;
}

static size_t find_at(OrderProducts products, Arena *arena, Str text, size_t at, size_t *which)
{
    size_t longest = 0;

    for (size_t i = 0; i < products.count && i < PRODUCTS_MASKED_MAX; i++) {
        size_t len = longest_at(&products.items[i], arena, text, at);
        if (len > longest) {
            longest = len;
            *which = i;
        }
    }
    return longest;
}

Masked products_mask(OrderProducts products, Arena *arena, Str folded)
{
    Masked masked = {.words = {{NULL, 0}}};
    Buf out;

    buf_init(&out, arena, folded.len + 16);
    for (size_t at = 0; at < folded.len;) {
        size_t which = 0, len = find_at(products, arena, folded, at, &which);
        if (len == 0) {
            buf_put_char(&out, folded.data[at++]);
            continue;
        }
        buf_format(&out, "%.*s%zu%.*s", STR_ARG(OPEN), which, STR_ARG(CLOSE));
        masked.words[which] = str_slice(folded, at, at + len);
        at += len;
    }
    masked.text = buf_str(&out);
    return masked;
}

static bool read_number(Str text, size_t *which)
{
    int64_t number;

    if (!str_to_int(text, &number) || number < 0 || number >= PRODUCTS_MASKED_MAX)
        return false;
    *which = (size_t)number;
    return true;
}

Str products_unmask(const Masked *masked, Arena *arena, Str part)
{
    Buf out;
    size_t at = 0, open, which;

    buf_init(&out, arena, part.len + 32);
    while ((open = str_find(part, OPEN, at)) != SIZE_MAX) {
        size_t close = str_find(part, CLOSE, open);
        buf_put(&out, str_slice(part, at, open));
        if (read_number(str_slice(part, open + OPEN.len, close), &which))
            buf_put(&out, masked->words[which]);
        at = close == SIZE_MAX ? part.len : close + CLOSE.len;
    }
    buf_put(&out, str_slice(part, at, part.len));
    return buf_str(&out);
}

const OrderProduct *products_at(OrderProducts products, Str number)
{
    size_t which;

    return read_number(number, &which) && which < products.count ? &products.items[which] : NULL;
}
