#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/* One row a class of lead bytes (RFC 3629, section 4): how many bytes follow, and what the second one may be.
 */
typedef struct Lead {
    unsigned char first, last;
    unsigned char following;
    unsigned char second_min, second_max;
} Lead;

static const Lead LEADS[] = {
    {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF}, {0xE1, 0xEC, 2, 0x80, 0xBF},
    {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF}, {0xF0, 0xF0, 3, 0x90, 0xBF},
    {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

static const Lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof LEADS / sizeof *LEADS; i++)
        if (byte >= LEADS[i].first && byte <= LEADS[i].last)
            return &LEADS[i];
    return NULL;
}

/* Three bytes that are well-formed: Hangul, and most else. */
static bool is_common_three(const unsigned char *bytes, size_t left)
{
    return bytes[0] > 0xE0 && bytes[0] < 0xED && left > 2 && (bytes[1] & 0xC0) == 0x80 &&
           (bytes[2] & 0xC0) == 0x80;
}

/* Length of the well-formed character at the start of bytes[0, left), 0 when there is none. */
static size_t character_length(const unsigned char *bytes, size_t left)
{
    if (bytes[0] < 0x80)
        return 1;
    if (is_common_three(bytes, left)) /* without a look at the table */
        return 3;
    const Lead *lead = find_lead(bytes[0]);
    if (!lead || left <= lead->following || bytes[1] < lead->second_min || bytes[1] > lead->second_max)
        return 0;
    for (size_t i = 2; i <= lead->following; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return (size_t)lead->following + 1;
}

/* Most text is ASCII, or has long runs of it: eight bytes at a time. */
static size_t skip_ascii(const unsigned char *bytes, size_t at, size_t len)
{
    uint64_t eight;

    for (; len - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, bytes + at, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (at < len && bytes[at] < 0x80)
        at++;
    return at;
}

size_t utf8_valid_until(Str text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t at = 0, length;

    while (at < text.len) {
        if (bytes[at] < 0x80)
            at = skip_ascii(bytes, at, text.len);
        else if (is_common_three(bytes + at,
                                 text.len - at)) /* before the rest: a run of Hangul is long, too */
            at += 3;
        else if ((length = character_length(bytes + at, text.len - at)) > 0)
            at += length;
        else
            break;
    }
    return at;
}

size_t utf8_length_at(Str text, size_t at)
{
    return character_length((const unsigned char *)text.data + at, text.len - at);
}

bool utf8_valid(Str text)
{
    return utf8_valid_until(text) == text.len;
}

bool utf8_next_beyond_ascii(Str text, size_t *at, uint32_t *code_point)
{
    const unsigned char *bytes = (const unsigned char *)text.data + *at;
    size_t left = text.len - *at;

    if (is_common_three(bytes, left)) {
        *code_point = (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
        *at += 3;
        return true;
    }
    size_t length = character_length(bytes, left);
    if (length == 0) {
        *code_point = UTF8_REPLACEMENT;
        *at += 1;
        return true;
    }
    uint32_t value = length == 1 ? bytes[0] : bytes[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        value = value << 6 | (bytes[i] & 0x3Fu);
    *code_point = value;
    *at += length;
    return true;
}

size_t utf8_count(Str text)
{
    size_t count = 0;

    for (size_t at = 0; at < text.len; count++) {
        size_t length = utf8_length_at(text, at);
        at += length ? length : 1;
    }
    return count;
}

Str utf8_cut(Str text, size_t code_points)
{
    size_t at = 0;

    for (size_t taken = 0; taken < code_points && at < text.len; taken++) {
        size_t length = utf8_length_at(text, at);
        at += length ? length : 1;
    }
    return (Str){text.data, at};
}

Str utf8_cut_bytes(Str text, size_t bytes)
{
    if (bytes >= text.len)
        return text;
    size_t end = bytes;
    while (end > 0 && bytes - end < 4 && ((unsigned char)text.data[end] & 0xC0) == 0x80)
        end--;
    /* Four continuation bytes in a row belong to no character: cut where it was asked. */
    return (Str){text.data, bytes - end < 4 ? end : bytes};
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
    assert(code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF));
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code_point >>= 6)
        out[i] = (char)(0x80 | (code_point & 0x3F));
    out[0] = (char)((0xF00u >> length) | code_point);
    return length;
}
