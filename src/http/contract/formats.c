#include "http/contract/formats.h"

#include <ctype.h>
#include <string.h>

#include "base/time.h"

static bool is_date_time(Str text)
{
    int64_t time_us;

    return time_parse(text, &time_us);
}

static bool is_date(Str text)
{
    int64_t time_us;

    return time_parse_date(text, &time_us);
}

/* RFC 3986: unreserved, reserved and whole percent-encoded bytes. */
static bool has_only_uri_characters(Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '%') {
            if (text.len - i < 3 || !isxdigit((unsigned char)text.data[i + 1]) ||
                !isxdigit((unsigned char)text.data[i + 2]))
                return false;
        } else if (c >= 0x80 || (!isalnum(c) && (c == '\0' || strchr("-._~:/?#[]@!$&'()*+,;=", c) == NULL))) {
            return false;
        }
    }
    return true;
}

/* Length of "scheme:" at the front, 0 when there is none. */
static size_t scheme_length(Str text)
{
    if (text.len == 0 || !isalpha((unsigned char)text.data[0]))
        return 0;
    for (size_t i = 1; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == ':')
            return i + 1;
        if (!isalnum(c) && c != '+' && c != '-' && c != '.')
            return 0;
    }
    return 0;
}

/* Square brackets only around an address, '#' once, and a port of digits: what programs trip over. */
static bool has_sound_parts(Str rest)
{
    size_t hash = str_find(rest, STR("#"), 0);
    size_t query;

    if (hash != SIZE_MAX) {
        Str fragment = str_slice(rest, hash + 1, rest.len);
        if (str_find(fragment, STR("#"), 0) != SIZE_MAX || str_find(fragment, STR("["), 0) != SIZE_MAX ||
            str_find(fragment, STR("]"), 0) != SIZE_MAX)
            return false;
        rest = str_slice(rest, 0, hash);
    }
    query = str_find(rest, STR("?"), 0);
    Str before_query = str_slice(rest, 0, query == SIZE_MAX ? rest.len : query);
    if (query != SIZE_MAX) {
        Str tail = str_slice(rest, query, rest.len);
        if (str_find(tail, STR("["), 0) != SIZE_MAX || str_find(tail, STR("]"), 0) != SIZE_MAX)
            return false;
    }
    if (!str_starts(before_query, STR("//")))
        return str_find(before_query, STR("["), 0) == SIZE_MAX &&
               str_find(before_query, STR("]"), 0) == SIZE_MAX;
    return true;
}

static bool is_uri_reference(Str text)
{
    size_t scheme = scheme_length(text);
    size_t colon = str_find(text, STR(":"), 0);
    size_t slash = str_find(text, STR("/"), 0);
    size_t other = str_find(text, STR("?"), 0);
    size_t hash = str_find(text, STR("#"), 0);
    size_t first = slash < other ? slash : other;

    first = first < hash ? first : hash;
    if (scheme == 0 && colon < first)
        return false; /* RFC 3986, section 4.2: a first segment with a colon would read as a scheme */
    return has_only_uri_characters(text) && has_sound_parts(str_slice(text, scheme, text.len));
}

static bool is_uri(Str text)
{
    return scheme_length(text) > 0 && is_uri_reference(text);
}

/* The part of RFC 5321 in use: dot-atom@domain, at most 64@255 bytes, no quotes, comments or addresses. */
static bool is_email(Str text)
{
    size_t at = str_find(text, STR("@"), 0);
    Str local, domain, label;
    size_t labels = 0;

    if (at == SIZE_MAX || at == 0 || at > 64)
        return false;
    local = str_slice(text, 0, at);
    domain = str_slice(text, at + 1, text.len);
    while (str_split(&local, '.', &label)) {
        if (label.len == 0)
            return false;
        for (size_t i = 0; i < label.len; i++) {
            unsigned char c = (unsigned char)label.data[i];
            if (c >= 0x80 || (!isalnum(c) && strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL))
                return false;
        }
    }
    for (; domain.len <= 255 && str_split(&domain, '.', &label); labels++) {
        if (label.len == 0 || label.len > 63 || label.data[0] == '-' || label.data[label.len - 1] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++)
            if ((unsigned char)label.data[i] >= 0x80 ||
                (!isalnum((unsigned char)label.data[i]) && label.data[i] != '-'))
                return false;
    }
    return labels >= 1 && domain.len <= 255;
}

/* RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(Str text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text.data[i] != '-' : !isxdigit((unsigned char)text.data[i]))
            return false;
    }
    return true;
}

/* RFC 4648, section 4, with padding and without line breaks. */
static bool is_byte(Str text)
{
    size_t digits = text.len;

    if (text.len % 4 != 0)
        return false;
    while (digits > 0 && text.len - digits < 2 && text.data[digits - 1] == '=')
        digits--;
    for (size_t i = 0; i < digits; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x80 || (!isalnum(c) && c != '+' && c != '/'))
            return false;
    }
    return true;
}

static const struct {
    bool (*matches)(Str text);
    const char *expected;
} FORMATS[] = {
    [DATE_TIME_TEXT] = {is_date_time, "a date-time such as 2026-01-31T09:30:00Z"},
    [DATE_TEXT] = {is_date, "a date such as 2026-01-31"},
    [URI_TEXT] = {is_uri, "a URI such as https://example.org/a"},
    [URI_REFERENCE_TEXT] = {is_uri_reference, "a URI reference such as /a?b=c"},
    [EMAIL_TEXT] = {is_email, "an e-mail address such as a@example.org"},
    [UUID_TEXT] = {is_uuid, "a UUID such as 123e4567-e89b-12d3-a456-426614174000"},
    [BYTE_TEXT] = {is_byte, "base64 with padding such as aGk="},
};

bool format_matches(TextFormat format, Str text)
{
    return format == ANY_TEXT || FORMATS[format].matches(text);
}

const char *format_expected(TextFormat format)
{
    return format == ANY_TEXT ? "text" : FORMATS[format].expected;
}
