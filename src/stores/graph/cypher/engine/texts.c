/* Functions of texts, and what becomes one. Places and lengths count characters, not bytes. */
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/utf8.h"
#include "stores/graph/cypher/engine/call.h"

static Err need_text(const Call *call, size_t place)
{
    Value value = call->arguments[place];

    return value.type == VALUE_STRING ? OK : call_refuse(call, "a string", value);
}

static Err need_texts(const Call *call)
{
    for (size_t i = 0; i < call->count; i++)
        TRY(need_text(call, i));
    return OK;
}

/* ---- Conversions ---- */

Err text_to_boolean(const Call *call, Value *out)
{
    Value value = call->arguments[0];
    Str text;

    if (value.type == VALUE_BOOLEAN)
        *out = value;
    else if (value.type == VALUE_INTEGER)
        *out = value_boolean(value.integer != 0);
    else if (value.type != VALUE_STRING)
        return call_refuse(call, "a boolean, integer or string", value);
    else {
        text = str_trim(value.text);
        if (str_equal_nocase(text, STR("true")) || str_equal_nocase(text, STR("false")))
            *out = value_boolean(text.len == 4);
    }
    return OK;
}

Err text_to_string(const Call *call, Value *out)
{
    Value value = call->arguments[0];
    Arena *arena = &call->run->scratch;

    switch (value.type) {
    case VALUE_STRING:
        *out = value;
        return OK;
    case VALUE_INTEGER:
        *out = value_text(str_format(arena, "%lld", (long long)value.integer));
        return OK;
    case VALUE_FLOAT:
        *out = value_text(value_float_text(arena, value.number));
        return OK;
    case VALUE_BOOLEAN:
        *out = value_text(value.boolean ? STR("true") : STR("false"));
        return OK;
    default:
        return call_refuse(call, "a number, boolean or string", value);
    }
}

/* ---- Case ---- */

static pthread_once_t letters_once = PTHREAD_ONCE_INIT;
static locale_t letters; /* UTF-8's, whatever the program's own locale is */

static void make_letters(void)
{
    letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* Letters whose other case is more than one letter, or depends on what is around them (Unicode's SpecialCasing):
 * rather no answer than a wrong one. */
static bool is_special(uint32_t c)
{
    static const uint32_t RANGES[][2] = {
        {0xDF, 0xDF},   {0x130, 0x131}, {0x149, 0x149}, {0x1F0, 0x1F0},   {0x345, 0x345},   {0x390, 0x390},
        {0x3A3, 0x3A3}, {0x3B0, 0x3B0}, {0x587, 0x587}, {0x1E96, 0x1E9E}, {0x1F50, 0x1FFC}, {0xFB00, 0xFB17}};

    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        if (c >= RANGES[i][0] && c <= RANGES[i][1])
            return true;
    return false;
}

static uint32_t change_letter(CypherFunction function, uint32_t c)
{
    if (c < 0x80 || letters == (locale_t)0) {
        bool upper = function == CYPHER_FN_TO_UPPER;

        return (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') ? c ^ 0x20 : c;
    }
    return (uint32_t)(function == CYPHER_FN_TO_UPPER ? towupper_l((wint_t)c, letters)
                                                     : towlower_l((wint_t)c, letters));
}

Err text_change_case(const Call *call, Value *out)
{
    Buf buf = {.arena = &call->run->scratch};
    Str text = call->arguments[0].text;
    uint32_t c;

    TRY(need_texts(call));
    TRY(run_reserve_text(call->run, call->place, text.len * 2));
    pthread_once(&letters_once, make_letters);
    for (size_t at = 0; utf8_next(text, &at, &c);) {
        char bytes[4];

        if (is_special(c))
            return run_refuse(call->place, "%.*s(): the letter U+%04X has no single other case",
                              STR_ARG(call->name), c);
        buf_put(&buf, (Str){bytes, utf8_encode(change_letter(call->function, c), bytes)});
    }
    *out = value_text(buf_str(&buf));
    return OK;
}

/* ---- White space ---- */

/* As Character.isWhitespace of Java has it: not the spaces that don't break. */
static bool is_space(uint32_t c)
{
    static const uint32_t RANGES[][2] = {{0x09, 0x0D},     {0x1C, 0x20},     {0x1680, 0x1680},
                                         {0x2000, 0x2006}, {0x2008, 0x200A}, {0x2028, 0x2029},
                                         {0x205F, 0x205F}, {0x3000, 0x3000}};

    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++)
        if (c >= RANGES[i][0] && c <= RANGES[i][1])
            return true;
    return false;
}

/* Where the first and behind the last character is that is no space. */
static void find_ends(Str text, size_t *start, size_t *end)
{
    size_t before = 0;
    uint32_t c;

    *start = text.len;
    *end = text.len;
    for (size_t at = 0; utf8_next(text, &at, &c); before = at) {
        if (is_space(c))
            continue;
        *start = *start == text.len ? before : *start;
        *end = at;
    }
}

Err text_trim(const Call *call, Value *out)
{
    Str text = call->arguments[0].text;
    size_t start;
    size_t end;

    TRY(need_texts(call));
    find_ends(text, &start, &end);
    if (call->function == CYPHER_FN_RTRIM && start < text.len)
        start = 0;
    if (call->function == CYPHER_FN_LTRIM)
        end = text.len;
    *out = value_text(str_slice(text, start, end));
    return OK;
}

/* ---- Parts ---- */

/* Offset of a character, or the end of the text. */
static size_t offset_of(Str text, int64_t characters)
{
    size_t at = 0;
    uint32_t c;

    while (characters-- > 0 && utf8_next(text, &at, &c))
        ;
    return at;
}

Err text_substring(const Call *call, Value *out)
{
    Str text = call->arguments[0].text;
    int64_t start;
    int64_t length = INT64_MAX;

    TRY(need_text(call, 0));
    TRY(call_integer(call, 1, 0, &start));
    if (call->count > 2)
        TRY(call_integer(call, 2, 0, &length));
    text = str_slice(text, offset_of(text, start), text.len);
    *out = value_text(str_slice(text, 0, offset_of(text, length)));
    return OK;
}

Err text_end(const Call *call, Value *out)
{
    Str text = call->arguments[0].text;
    int64_t length;

    TRY(need_text(call, 0));
    TRY(call_integer(call, 1, 0, &length));
    int64_t all = (int64_t)utf8_count(text);
    if (call->function == CYPHER_FN_LEFT)
        text = str_slice(text, 0, offset_of(text, length));
    else
        text = str_slice(text, offset_of(text, all - (length < all ? length : all)), text.len);
    *out = value_text(text);
    return OK;
}

Str text_reverse(Arena *arena, Str text)
{
    char *data = arena_alloc(arena, text.len);
    size_t before = 0;
    uint32_t c;

    for (size_t at = 0; utf8_next(text, &at, &c); before = at)
        memcpy(data + text.len - at, text.data + before, at - before);
    return (Str){data, text.len};
}

/* Where the next separator is at or after `at`; an empty one is between any two characters. */
static size_t find_separator(Str text, Str separator, size_t at)
{
    uint32_t c;

    if (separator.len > 0)
        return str_find(text, separator, at);
    return utf8_next(text, &at, &c) && at < text.len ? at : SIZE_MAX;
}

Err text_split(const Call *call, Value *out)
{
    Str text = call->arguments[0].text;
    Str separator = call->arguments[1].text;
    size_t count = 1;
    size_t start = 0;

    TRY(need_texts(call));
    for (size_t at = find_separator(text, separator, 0); at != SIZE_MAX; count++)
        at = find_separator(text, separator, at + separator.len);
    TRY(run_reserve_items(call->run, call->place, count));
    Value *items = arena_array(&call->run->scratch, Value, count);
    for (size_t i = 0; i < count; i++) {
        size_t at = find_separator(text, separator, start);

        items[i] = value_text(str_slice(text, start, at));
        start = at + separator.len;
    }
    *out = value_list(items, count);
    return OK;
}

Err text_replace(const Call *call, Value *out)
{
    Str text = call->arguments[0].text;
    Str search = call->arguments[1].text;
    Str by = call->arguments[2].text;
    size_t count = 0;
    size_t start = 0;

    TRY(need_texts(call));
    if (search.len == 0)
        return run_refuse(call->place, "%.*s(): an empty text can't be replaced", STR_ARG(call->name));
    for (size_t at = str_find(text, search, 0); at != SIZE_MAX; at = str_find(text, search, at + search.len))
        count++;
    if (by.len > 0 && count > RUN_MAX_TEXT / by.len)
        count = RUN_MAX_TEXT / by.len + 1;
    TRY(run_reserve_text(call->run, call->place, text.len + count * by.len));
    Buf buf = {.arena = &call->run->scratch};
    for (size_t at = str_find(text, search, 0); at != SIZE_MAX; at = str_find(text, search, start)) {
        buf_put(&buf, str_slice(text, start, at));
        buf_put(&buf, by);
        start = at + search.len;
    }
    buf_put(&buf, str_slice(text, start, text.len));
    *out = value_text(buf_str(&buf));
    return OK;
}
