#include "services/agents/guards/wording.h"

#include "base/utf8.h"

enum { HANGUL_FIRST = 0xAC00, HANGUL_LAST = 0xD7A3 };

bool wording_is_latin(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_hangul(uint32_t c)
{
    return c >= HANGUL_FIRST && c <= HANGUL_LAST;
}

/* A text being written: what stood before, and whether there was a space since. */
typedef struct Writing {
    char *text;
    bool *begins;
    size_t len;
    bool apart;
} Writing;

static void write_character(Writing *to, uint32_t c)
{
    bool latin = !is_hangul(c);
    bool first = to->len == 0, latin_before = !first && wording_is_latin(to->text[to->len - 1]);

    if (to->apart && latin && latin_before)
        to->text[to->len++] = ' ';
    to->begins[to->len] = first || to->apart || latin != latin_before;
    to->len += utf8_encode(c, to->text + to->len);
    to->apart = false;
}

void wording_of(Arena *arena, Str plain, Wording *out)
{
    Writing to = {arena_alloc(arena, plain.len + 4), arena_array(arena, bool, plain.len + 4), 0, false};
    size_t at = 0;
    uint32_t c;

    while (utf8_next(plain, &at, &c)) {
        if (is_hangul(c) || (c < 0x80 && wording_is_latin((char)c)))
            write_character(&to, c);
        else if (c != '\'')
            to.apart = true;
    }
    *out = (Wording){{to.text, to.len}, to.begins};
}

Str wording_next(const Wording *wording, size_t *at)
{
    Str text = wording->text;
    size_t start, end;

    while (*at < text.len && text.data[*at] == ' ')
        ++*at;
    start = end = *at;
    while (end < text.len && text.data[end] != ' ' && (end == start || !wording->begins[end]))
        end++;
    *at = end;
    return start == end ? (Str){NULL, 0} : str_slice(text, start, end);
}
