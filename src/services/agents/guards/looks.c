#include "services/agents/guards/looks.h"

#include <assert.h>
#include <ctype.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "services/agents/guards/decode.h"
#include "services/agents/guards/join.h"
#include "services/agents/guards/plain.h"

/* What is decoded may hold something encoded; who goes further than this has no reader either. */
enum { DECODED_DEPTH = 2 };

static bool is_new(const Looks *looks, Str text, LookKind kind)
{
    for (size_t i = 0; i < looks->count; i++)
        if (looks->items[i].kind == kind && str_equal(looks->items[i].text, text))
            return false;
    return text.len > 0;
}

static void add(Looks *looks, Str text, LookKind kind)
{
    if (looks->count < LOOKS_MAX && is_new(looks, text, kind))
        looks->items[looks->count++] = (Look){text, kind};
}

/* Syllables turned around make other words (서유 is 유서), so only ASCII is read backwards. */
static bool is_ascii(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] > 0x7F)
            return false;
    return true;
}

static Str backwards(Arena *arena, Str text)
{
    char *end = (char *)arena_alloc(arena, text.len + 1) + text.len;
    size_t at = 0, before = 0;
    uint32_t c;

    assert(text.data != NULL);
    *end = '\0';
    while (utf8_next(text, &at, &c)) {
        end -= at - before;
        for (size_t i = before; i < at; i++)
            end[i - before] = text.data[i];
        before = at;
    }
    return (Str){end, text.len};
}

/* "vtaber nyy": each letter thirteen places on. */
static Str turned_by_13(Arena *arena, Str text)
{
    char *out = arena_alloc(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        out[i] = islower((unsigned char)c) ? (char)('a' + (c - 'a' + 13) % 26) : c;
    }
    return (Str){out, text.len};
}

static void add_readings(const Reading *reading, Arena *arena, Str plain, Looks *out)
{
    add(out, plain, LOOK_PLAIN);
    add(out, separators_as_spaces(arena, plain), LOOK_PLAIN);
    add(out, digits_as_letters(&reading->digits, arena, plain), LOOK_PLAIN);
    add(out, births_as_ages(&reading->births, arena, plain), LOOK_PLAIN);
    add(out, spelling_correct(&reading->spelling, arena, plain), LOOK_PLAIN);
    add(out, joined_syllables(arena, plain), LOOK_PLAIN);
    add(out, joined_letters(arena, plain), LOOK_JOINED);
}

void looks_of(const Reading *reading, Arena *arena, Str text, Looks *out)
{
    Str level[DECODED_DEPTH + 1] = {text};

    *out = (Looks){.count = 0};
    for (size_t depth = 0; depth <= DECODED_DEPTH && level[depth].len > 0; depth++) {
        add_readings(reading, arena, plain_text(&reading->letters, arena, level[depth]), out);
        if (depth < DECODED_DEPTH)
            level[depth + 1] = decode_hidden(arena, level[depth]);
    }
    if (out->count == 0 || !is_ascii(out->items[0].text))
        return;
    add(out, backwards(arena, out->items[0].text), LOOK_HIDDEN);
    add(out, turned_by_13(arena, out->items[0].text), LOOK_HIDDEN);
}
