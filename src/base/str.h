/* Text as a pointer and a length; it is never owned and need not end in NUL.
 * Str is passed by value. A Str whose data is NULL is "absent"; STR("") is present and empty.
 * Functions that make new text take the Arena that will own it. */
#ifndef NERDX_BASE_STR_H
#define NERDX_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

typedef struct Str {
    const char *data;
    size_t len;
} Str;

/* For string literals only: the length is known when compiling. */
#define STR(literal) ((Str){"" literal, sizeof(literal) - 1})

/* For the two arguments of "%.*s". */
#define STR_ARG(s) (int)(s).len, (s).data

/* The text of a C string; NULL gives the absent Str. */
Str str_from(const char *text);

static inline bool str_equal(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
bool str_equal_nocase(Str a, Str b); /* ASCII letters only */
int str_compare(Str a, Str b);       /* by bytes: for UTF-8 the order of code points */
bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);

/* Offset of the first occurrence of needle at or after start, or SIZE_MAX. */
size_t str_find(Str s, Str needle, size_t start);

/* Without the ASCII white space at both ends. */
Str str_trim(Str s);

/* s[start, end), both clamped to the text. */
static inline Str str_slice(Str s, size_t start, size_t end)
{
    if (end > s.len)
        end = s.len;
    if (start > end)
        start = end;
    return (Str){start > 0 ? s.data + start : s.data, end - start};
}

/* Takes the part before the next separator off *rest; false when *rest is used up (data NULL). */
bool str_split(Str *rest, char separator, Str *part);

Str str_copy(Arena *arena, Str s);
char *str_c(Arena *arena, Str s); /* a NUL-terminated copy */
Str str_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_vformat(Arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* A whole decimal number, with sign; false on anything else and on overflow. */
bool str_to_int(Str s, int64_t *out);

/* FNV-1a, 64 bits (draft-eastlake-fnv): for hash tables of trusted size, not against attackers. */
uint64_t str_hash(Str s);
uint64_t str_hash_more(uint64_t hash, Str s); /* of a text whose beginning has this hash */

#endif
