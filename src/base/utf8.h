/* UTF-8 as RFC 3629 has it: overlong forms, surrogates and what lies above U+10FFFF are refused.
 * Counting and cutting go by code points, as JSON Schema's minLength and maxLength do (RFC 8259, section 8).
 */
#ifndef NERDX_BASE_UTF8_H
#define NERDX_BASE_UTF8_H

#include <stdint.h>

#include "base/str.h"

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Offset of the first byte that isn't part of a well-formed character, or text.len when all is well. */
size_t utf8_valid_until(Str text);
bool utf8_valid(Str text);

/* Length of the well-formed character at offset `at` (which is inside the text), 0 when there is none. */
size_t utf8_length_at(Str text, size_t at);

/* Takes the code point at *at and moves *at behind it; false at the end of the text.
 * A byte that belongs to no character is taken alone, as U+FFFD. */
bool utf8_next_beyond_ascii(Str text, size_t *at, uint32_t *code_point); /* *at is inside the text */
static inline bool utf8_next(Str text, size_t *at, uint32_t *code_point)
{
    if (*at >= text.len)
        return false;
    if ((unsigned char)text.data[*at] >= 0x80)
        return utf8_next_beyond_ascii(text, at, code_point);
    *code_point = (unsigned char)text.data[(*at)++];
    return true;
}

/* Number of code points, ill-formed bytes counted as utf8_next takes them. */
size_t utf8_count(Str text);

/* The first code_points characters of the text (all of it when it is shorter). */
Str utf8_cut(Str text, size_t code_points);

/* The longest start of the text that fits in so many bytes without splitting a character. */
Str utf8_cut_bytes(Str text, size_t bytes);

/* Writes a code point (not a surrogate, up to U+10FFFF) and returns its length, 1 to 4. */
size_t utf8_encode(uint32_t code_point, char out[4]);

#endif
