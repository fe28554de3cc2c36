#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

Str str_from(const char *text)
{
    return (Str){text, text ? strlen(text) : 0};
}

bool str_equal_nocase(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.data, b.data, a.len) == 0);
}

int str_compare(Str a, Str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(Str s, Str prefix)
{
    return s.len >= prefix.len && str_equal((Str){s.data, prefix.len}, prefix);
}

bool str_ends(Str s, Str suffix)
{
    return s.len >= suffix.len && str_equal(str_slice(s, s.len - suffix.len, s.len), suffix);
}

/* Sixteen places at once: where the needle's first and last byte are right, it is compared. (W. Mula, "SIMD-friendly algorithms for
 * substring searching", 2016: the generic one.) memmem first makes a table, which costs more than to look through a
 * sentence; but it is linear, so that long needles are its. */
enum { BLOCK = 16, SHORT_NEEDLE = 256 };
typedef unsigned char Block __attribute__((vector_size(BLOCK)));

static Block block_at(const char *bytes)
{
    Block block;

    memcpy(&block, bytes, sizeof block);
    return block;
}

/* Which of sixteen places have the needle's first and last byte. */
static Block ends_at(const char *bytes, Str needle)
{
    const Block first = (Block){0} + (unsigned char)needle.data[0];
    const Block last = (Block){0} + (unsigned char)needle.data[needle.len - 1];

    return (Block)((block_at(bytes) == first) & (block_at(bytes + needle.len - 1) == last));
}

static bool any_in(Block block)
{
    uint64_t halves[2];

    memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static const char *find_among(const char *from, const char *to, Str needle)
{
    for (; from < to; from++)
        if (*from == needle.data[0] && memcmp(from, needle.data, needle.len) == 0)
            return from;
    return NULL;
}

/* needle.len is from 1 to text.len. NULL: it isn't there. */
static const char *find_short(Str text, Str needle)
{
    size_t places = text.len - needle.len + 1;
    const char *at = text.data, *end = at + places, *found;

    if (places < BLOCK)
        return find_among(at, end, needle);
    for (; end - at >= BLOCK; at += BLOCK)
        if (any_in(ends_at(at, needle)) && (found = find_among(at, at + BLOCK, needle)) != NULL)
            return found;
    return any_in(ends_at(end - BLOCK, needle)) ? find_among(at, end, needle) : NULL;
}

size_t str_find(Str s, Str needle, size_t start)
{
    if (start > s.len)
        return SIZE_MAX;
    if (needle.len == 0)
        return start;
    if (needle.len > s.len - start)
        return SIZE_MAX;
    const Str rest = {s.data + start, s.len - start};
    const char *hit = needle.len > SHORT_NEEDLE ? memmem(rest.data, rest.len, needle.data, needle.len)
                                                : find_short(rest, needle);
    return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s)
{
    while (s.len > 0 && is_space(s.data[0])) {
        s.data++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

bool str_split(Str *rest, char separator, Str *part)
{
    if (!rest->data)
        return false;
    const char *at = rest->len ? memchr(rest->data, separator, rest->len) : NULL;
    if (!at) {
        *part = *rest;
        *rest = (Str){0};
        return true;
    }
    size_t taken = (size_t)(at - rest->data);
    *part = (Str){rest->data, taken};
    *rest = (Str){at + 1, rest->len - taken - 1};
    return true;
}

Str str_copy(Arena *arena, Str s)
{
    if (!s.data)
        return s;
    return (Str){str_c(arena, s), s.len};
}

char *str_c(Arena *arena, Str s)
{
    char *copy = arena_alloc(arena, s.len + 1);

    if (s.len)
        memcpy(copy, s.data, s.len);
    copy[s.len] = '\0';
    return copy;
}

Str str_vformat(Arena *arena, const char *format, va_list args)
{
    char small[256];
    va_list again;

    va_copy(again, args);
    int wanted = vsnprintf(small, sizeof small, format, args);
    size_t len = wanted < 0 ? 0 : (size_t)wanted;
    char *text = arena_alloc(arena, len + 1);
    if (len < sizeof small)
        memcpy(text, small, len);
    else
        (void)vsnprintf(text, len + 1, format, again);
    text[len] = '\0';
    va_end(again);
    return (Str){text, len};
}

Str str_format(Arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    Str text = str_vformat(arena, format, args);
    va_end(args);
    return text;
}

bool str_to_int(Str s, int64_t *out)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    size_t i = s.len > 0 && (s.data[0] == '-' || s.data[0] == '+');
    int64_t value = 0;

    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        int digit = s.data[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

uint64_t str_hash_more(uint64_t hash, Str s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.data[i]) * 0x100000001B3u;
    return hash;
}

uint64_t str_hash(Str s)
{
    return str_hash_more(0xCBF29CE484222325u, s);
}
