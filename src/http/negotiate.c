#include "http/negotiate.h"

#include <string.h>

#include "base/mime.h"

enum { WEIGHT_MOST = 1000, NOT_FOUND_AT_ALL = -1 };

/* "0", "0.5", "1.000": RFC 9110, section 12.4.2. */
static bool parse_weight(Str text, int *out)
{
    int weight = 0;
    int unit = WEIGHT_MOST;

    if (text.len == 0 || text.len > 5 || (text.data[0] != '0' && text.data[0] != '1') ||
        (text.len > 1 && text.data[1] != '.'))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (i == 1)
            continue;
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        weight += (text.data[i] - '0') * unit;
        unit /= 10;
    }
    *out = weight;
    return weight <= WEIGHT_MOST;
}

/* Splits "name;a=b;q=0.5" into its name and its weight; false when the weight is none. */
static bool parse_entry(Str entry, Str *name, int *weight)
{
    Str part;

    *weight = WEIGHT_MOST;
    if (!str_split(&entry, ';', name))
        return false;
    *name = str_trim(*name);
    while (str_split(&entry, ';', &part)) {
        part = str_trim(part);
        if (part.len >= 2 && (part.data[0] | 0x20) == 'q' && part.data[1] == '=' &&
            !parse_weight(str_slice(part, 2, part.len), weight))
            return false;
    }
    return name->len > 0;
}

static int media_match(Str pattern, Str media_type)
{
    if (str_equal_nocase(pattern, media_type))
        return 3;
    const char *slash = memchr(media_type.data, '/', media_type.len);
    size_t major = slash ? (size_t)(slash - media_type.data) + 1 : 0;
    if (pattern.len == major + 1 && pattern.data[major] == '*' &&
        str_equal_nocase(str_slice(pattern, 0, major), str_slice(media_type, 0, major)))
        return 2;
    return str_equal(pattern, STR("*/*")) ? 1 : 0;
}

static int coding_match(Str pattern, Str coding)
{
    if (str_equal_nocase(pattern, coding))
        return 2;
    return str_equal(pattern, STR("*")) ? 1 : 0;
}

static int weigh(Str list, Str wanted, int (*match)(Str pattern, Str wanted))
{
    int best_match = 0;
    int best_weight = NOT_FOUND_AT_ALL;
    Str entry;
    Str name;
    int weight;

    while (str_split(&list, ',', &entry)) {
        if (!parse_entry(str_trim(entry), &name, &weight))
            continue;
        int how_well = match(name, wanted);
        if (how_well > best_match || (how_well && how_well == best_match && weight > best_weight)) {
            best_match = how_well;
            best_weight = weight;
        }
    }
    return best_weight;
}

int accept_weight(Str accept, Str media_type)
{
    if (accept.len == 0)
        return WEIGHT_MOST;
    int weight = weigh(accept, media_type, media_match);
    return weight < 0 ? 0 : weight;
}

int accept_encoding_weight(Str accept_encoding, Str coding)
{
    bool identity = str_equal(coding, STR("identity"));

    if (accept_encoding.len == 0) /* nothing said, or nothing but identity */
        return !accept_encoding.data || identity ? WEIGHT_MOST : 0;
    int weight = weigh(accept_encoding, coding, coding_match);
    if (weight >= 0)
        return weight;
    return identity ? 1 : 0; /* identity is acceptable unless it is ruled out */
}

bool media_type_is(Str content_type, Str media_type)
{
    Str part;

    if (!mime_is(content_type, media_type))
        return false;
    while (str_split(&content_type, ';', &part)) {
        part = str_trim(part);
        if (part.len < 8 || !str_equal_nocase(str_slice(part, 0, 8), STR("charset=")))
            continue;
        Str charset = str_slice(part, 8, part.len);
        if (!str_equal_nocase(charset, STR("utf-8")) && !str_equal_nocase(charset, STR("\"utf-8\"")))
            return false;
    }
    return true;
}

bool etag_matches(Str if_none_match, Str etag)
{
    Str entry;

    while (str_split(&if_none_match, ',', &entry)) {
        entry = str_trim(entry);
        if (str_equal(entry, STR("*")))
            return true;
        if (str_starts(entry, STR("W/")))
            entry = str_slice(entry, 2, entry.len);
        if (entry.len == etag.len + 2 && entry.data[0] == '"' && entry.data[entry.len - 1] == '"' &&
            str_equal(str_slice(entry, 1, entry.len - 1), etag))
            return true;
    }
    return false;
}
