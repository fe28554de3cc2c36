#include "services/agents/guards/plain.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/utf8.h"

/* Also decodes, so ill-formed bytes must be gone: it gives back nothing for them. */
static Str compatible(Arena *arena, Str text)
{
    /* Options are bits of the enum: NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange) */
    const utf8proc_option_t how = (utf8proc_option_t)(UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                                                      UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
    utf8proc_uint8_t *made = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.len, &made, how);
    Str out = len < 0 ? text : str_copy(arena, (Str){(const char *)made, (size_t)len});

    free(made);
    return out;
}

/* Quotes of every kind are an apostrophe: "don’t" is one word, whoever typed it. */
static uint32_t plain_character(uint32_t c)
{
    if (c == 0x2018 || c == 0x2019 || c == 0x02BC || c == '`')
        return '\'';
    if (c == 0x201C || c == 0x201D)
        return '"';
    return c < 0x20 || c == 0x7F || c == UTF8_REPLACEMENT ? ' ' : c;
}

static Str read_as_meant(const Letters *letters, Arena *arena, Str text)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    buf_init(&out, arena, text.len + 4);
    while (utf8_next(text, &at, &c)) {
        c = letters_meant(letters, plain_character(c));
        if (c == ' ' && (out.len == 0 || out.data[out.len - 1] == ' '))
            continue;
        out.len += utf8_encode(c, buf_reserve(&out, 4));
    }
    return str_trim(buf_str(&out));
}

/* Ill-formed bytes as U+FFFD. */
static Str well_formed(Arena *arena, Str text)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    if (utf8_valid(text))
        return text;
    buf_init(&out, arena, text.len + 4);
    while (utf8_next(text, &at, &c))
        out.len += utf8_encode(c, buf_reserve(&out, 4));
    return buf_str(&out);
}

Str plain_text(const Letters *letters, Arena *arena, Str text)
{
    Str assembled = hangul_assemble(arena, well_formed(arena, text));

    return read_as_meant(letters, arena, compatible(arena, assembled));
}
