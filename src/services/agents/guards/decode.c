#include "services/agents/guards/decode.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { SHORTEST_CODE = 12, SHORTEST_TEXT = 4, TAG_FIRST = 0xE0020, TAG_LAST = 0xE007E };

/* Decoded bytes are text when they are UTF-8, and nearly all letters, digits, spaces and Hangul. */
static bool is_readable(Str bytes)
{
    size_t at = 0, good = 0, all = 0;
    uint32_t c;

    if (bytes.len < SHORTEST_TEXT || !utf8_valid(bytes))
        return false;
    while (utf8_next(bytes, &at, &c)) {
        good += c < 0x80 ? isalnum((int)c) != 0 || c == ' ' || c == '\n' : (c >= 0xAC00 && c <= 0xD7A3);
        all++;
    }
    return good * 10 >= all * 8;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

static int binary_value(char c)
{
    return c == '0' || c == '1' ? c - '0' : -1;
}

/* How the digits of a code are read, how many bits each is, and what may stand between them. */
typedef struct Code {
    int (*value)(char c);
    unsigned bits;
    const char *between;
} Code;

static const Code CODES[] = {
    {base64_value, 6, "\r\n"},
    {hex_value, 4, " ,:\\x\r\n"},
    {binary_value, 1, " ,\r\n"},
};

/* How many of the code's digits a run from `at` on has. *end is behind them. */
static size_t measure_run(const Code *code, Str text, size_t at, size_t *end)
{
    size_t digits = 0;

    *end = at;
    for (; at < text.len; at++) {
        if (code->value(text.data[at]) >= 0) {
            digits++;
            *end = at + 1;
        } else if (text.data[at] == '\0' || strchr(code->between, text.data[at]) == NULL) {
            break;
        }
    }
    return digits;
}

static Str decode_run(const Code *code, Arena *arena, Str run)
{
    uint32_t held = 0;
    unsigned bits = 0;
    Buf out;

    buf_init(&out, arena, run.len + 1);
    for (size_t i = 0; i < run.len; i++) {
        int value = code->value(run.data[i]);
        if (value < 0)
            continue;
        held = held << code->bits | (uint32_t)value;
        bits += code->bits;
        if (bits >= 8)
            buf_put_char(&out, (char)(held >> (bits -= 8) & 0xFF));
    }
    return buf_str(&out);
}

static void decode_runs(const Code *code, Arena *arena, Str text, Buf *out)
{
    for (size_t at = 0; at < text.len; at++) {
        size_t end;
        if (code->value(text.data[at]) < 0 || (at > 0 && code->value(text.data[at - 1]) >= 0))
            continue;
        if (measure_run(code, text, at, &end) < SHORTEST_CODE)
            continue;
        Str bytes = decode_run(code, arena, str_slice(text, at, end));
        at = end - 1;
        if (is_readable(bytes)) {
            buf_put(out, bytes);
            buf_put_char(out, ' ');
        }
    }
}

/* An escaped character: what begins it, in which base it is, how many digits at most, what ends it. */
typedef struct Escape {
    Str opens;
    unsigned base;
    size_t digits;
    char closes; /* '\0' = nothing; otherwise it may be missing */
    bool is_byte;
} Escape;

static const char ESCAPES_BEGIN[] = "&\\%";
#define OPENS(text) {"" text, sizeof(text) - 1}
static const Escape ESCAPES[] = {
    {OPENS("&#x"), 16, 6, ';', false},  {OPENS("&#"), 10, 7, ';', false},  {OPENS("\\u{"), 16, 6, '}', false},
    {OPENS("\\u"), 16, 4, '\0', false}, {OPENS("\\x"), 16, 2, '\0', true}, {OPENS("%"), 16, 2, '\0', true},
};

/* The value of the digits at *at, or -1 when there are none; *at is behind what closes them. */
static int64_t escaped_value(const Escape *escape, Str text, size_t *at)
{
    int64_t value = 0;
    size_t start = *at, end = start;

    for (; end < text.len && end - start < escape->digits; end++) {
        int digit = hex_value(text.data[end]);
        if (digit < 0 || (unsigned)digit >= escape->base)
            break;
        value = value * escape->base + digit;
    }
    if (end == start || (escape->is_byte && end - start < 2))
        return -1;
    *at = end + (end < text.len && escape->closes != '\0' && text.data[end] == escape->closes);
    return value;
}

/* Takes an escaped character at *at into `out`; false when there is none. */
static bool take_escaped(Str text, size_t *at, Buf *out)
{
    Str rest = str_slice(text, *at, text.len);

    if (strchr(ESCAPES_BEGIN, rest.data[0]) == NULL)
        return false;
    for (size_t i = 0; i < sizeof ESCAPES / sizeof *ESCAPES; i++) {
        size_t behind = *at + ESCAPES[i].opens.len;
        int64_t value = str_starts(rest, ESCAPES[i].opens) ? escaped_value(&ESCAPES[i], text, &behind) : -1;
        if (value <= 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
            continue;
        if (ESCAPES[i].is_byte)
            buf_put_char(out, (char)value);
        else
            out->len += utf8_encode((uint32_t)value, buf_reserve(out, 4));
        *at = behind;
        return true;
    }
    return false;
}

static void decode_escapes(Arena *arena, Str text, Buf *out)
{
    Buf whole;
    size_t escapes = 0;

    buf_init(&whole, arena, text.len + 4);
    for (size_t at = 0; at < text.len;) {
        if (take_escaped(text, &at, &whole))
            escapes++;
        else
            buf_put_char(&whole, text.data[at++]);
    }
    if (escapes == 0 || !utf8_valid(buf_str(&whole)))
        return;
    buf_put(out, buf_str(&whole));
    buf_put_char(out, ' ');
}

/* Tag characters can't be seen, and mirror ASCII. */
static void decode_tags(Str text, Buf *out)
{
    size_t at = 0;
    uint32_t c;

    while (utf8_next(text, &at, &c))
        if (c >= TAG_FIRST && c <= TAG_LAST)
            buf_put_char(out, (char)(c - TAG_FIRST + ' '));
}

Str decode_hidden(Arena *arena, Str text)
{
    Buf out;

    buf_init(&out, arena, 64);
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        decode_runs(&CODES[i], arena, text, &out);
    decode_escapes(arena, text, &out);
    decode_tags(text, &out);
    return str_trim(buf_str(&out));
}
