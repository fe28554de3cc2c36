#include "services/agents/guards/letters.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"

static int by_seen(const void *a, const void *b)
{
    uint32_t left = ((const LetterPair *)a)->seen, right = ((const LetterPair *)b)->seen;

    return left < right ? -1 : left > right;
}

/* The only character of the text, 0 when it has another number of them. */
static uint32_t only_character(const char *text)
{
    size_t at = 0;
    uint32_t c = 0, more;
    Str whole = str_from(text);

    return utf8_next(whole, &at, &c) && !utf8_next(whole, &at, &more) ? c : 0;
}

Err letters_read(const json_t *map, const char *name, Arena *arena, Letters *out)
{
    LetterPair *pairs = arena_array(arena, LetterPair, json_object_size(map) + 1);
    size_t count = 0;
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)map, key, value)
    {
        const char *meant = json_string_value(value);
        pairs[count] = (LetterPair){only_character(key), only_character(meant == NULL ? "" : meant)};
        if (pairs[count].seen == 0 || pairs[count].meant == 0)
            return err(INVALID, "%s: \"%.20s\" must be one character, and stand for one", name, key);
        count++;
    }
    qsort(pairs, count, sizeof *pairs, by_seen);
    *out = (Letters){pairs, count};
    return OK;
}

uint32_t letters_meant(const Letters *letters, uint32_t seen)
{
    const LetterPair key = {seen, 0};
    const LetterPair *found =
        letters->count == 0 ? NULL : bsearch(&key, letters->pairs, letters->count, sizeof key, by_seen);

    return found == NULL ? seen : found->meant;
}

Str letters_apply(const Letters *letters, Arena *arena, Str text)
{
    Buf out;
    size_t at = 0;
    uint32_t c;

    buf_init(&out, arena, text.len + 4);
    while (utf8_next(text, &at, &c))
        out.len += utf8_encode(letters_meant(letters, c), buf_reserve(&out, 4));
    return buf_str(&out);
}
