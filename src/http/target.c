#include "http/target.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

/* Visible ASCII but '"' '#' '<' '>' '\\': RFC 3986, and a little more that browsers send in queries ("|", "[",
 * "{", "^", "`"). */
static const bool TARGET[256] = {
    ['!'] = true, ['$' ... ';'] = true, ['='] = true, ['?' ... '['] = true, [']' ... '~'] = true};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "http://host:port/path" without its authority. */
static Err strip_authority(Str *text, Str host)
{
    *text = str_slice(*text, sizeof "http://" - 1, text->len);
    size_t end = 0;
    while (end < text->len && text->data[end] != '/' && text->data[end] != '?')
        end++;
    if (!str_equal_nocase(str_slice(*text, 0, end), host))
        return err(INVALID, "The target and Host name different servers.");
    *text = str_slice(*text, end, text->len);
    return OK;
}

/* "." and ".." mean different resources to those who resolve them and those who don't. */
static Err check_segments(Str path)
{
    Str segment;

    while (str_split(&path, '/', &segment)) {
        char plain[3] = {0};
        size_t len = 0;
        for (size_t i = 0; i < segment.len && len < sizeof plain; len++) {
            bool dot = i + 2 < segment.len && segment.data[i] == '%' && segment.data[i + 1] == '2' &&
                       hex_digit(segment.data[i + 2]) == 14;
            plain[len] = dot ? '.' : segment.data[i];
            i += dot ? 3 : 1;
        }
        if ((len == 1 && plain[0] == '.') || (len == 2 && plain[0] == '.' && plain[1] == '.'))
            return err(INVALID, "The path has a segment \".\" or \"..\": send it resolved.");
    }
    return OK;
}

Err target_parse(Str method, Str text, Str host, Target *out)
{
    for (size_t i = 0; i < text.len; i++)
        if (!TARGET[(unsigned char)text.data[i]])
            return err(INVALID, "The target holds a character that must be percent-encoded, at byte %zu.", i);

    *out = (Target){0};
    if (str_equal(text, STR("*")) && str_equal(method, STR("OPTIONS"))) {
        out->path = text;
        return OK;
    }
    if (text.len >= 7 && str_equal_nocase(str_slice(text, 0, 7), STR("http://")))
        TRY(strip_authority(&text, host));
    else if (text.len == 0 || text.data[0] != '/')
        return err(INVALID, "The target must begin with \"/\".");

    const char *mark = text.len ? memchr(text.data, '?', text.len) : NULL;
    size_t path_len = mark ? (size_t)(mark - text.data) : text.len;
    out->path = path_len ? str_slice(text, 0, path_len) : STR("/");
    if (mark)
        out->query = str_slice(text, path_len + 1, text.len);
    return check_segments(out->path);
}

static Err decode_byte(Str encoded, size_t at, char *out)
{
    int high = at + 2 < encoded.len ? hex_digit(encoded.data[at + 1]) : -1;
    int low = at + 2 < encoded.len ? hex_digit(encoded.data[at + 2]) : -1;

    if (high < 0 || low < 0)
        return err(INVALID, "\"%%\" must be followed by two hexadecimal digits.");
    *out = (char)(high << 4 | low);
    if (*out == '\0')
        return err(INVALID, "%%00 is not allowed.");
    return OK;
}

Err target_decode(Arena *arena, Str encoded, bool plus_is_space, Str *out)
{
    *out = encoded;
    if (encoded.len == 0 || (!memchr(encoded.data, '%', encoded.len) &&
                             !(plus_is_space && memchr(encoded.data, '+', encoded.len))))
        return OK;

    char *text = arena_alloc(arena, encoded.len);
    size_t len = 0;
    for (size_t i = 0; i < encoded.len; i++) {
        text[len] = encoded.data[i];
        if (encoded.data[i] == '%') {
            TRY(decode_byte(encoded, i, &text[len]));
            i += 2;
        } else if (plus_is_space && encoded.data[i] == '+') {
            text[len] = ' ';
        }
        len++;
    }
    *out = (Str){text, len};
    if (!utf8_valid(*out))
        return err(INVALID, "The percent-encoded text isn't UTF-8.");
    return OK;
}

Err target_parse_query(Arena *arena, Str query, Params *out)
{
    *out = (Params){0};
    if (query.len == 0)
        return OK;

    size_t most = 1;
    for (size_t i = 0; i < query.len; i++)
        most += query.data[i] == '&';
    if (most > TARGET_MAX_PARAMS)
        return err(INVALID, "The query has more than %d parameters.", TARGET_MAX_PARAMS);

    Param *items = arena_array(arena, Param, most);
    size_t count = 0;
    Str part;
    while (str_split(&query, '&', &part)) {
        if (part.len == 0)
            continue;
        Str name = part;
        const char *equals = memchr(part.data, '=', part.len);
        if (equals)
            name.len = (size_t)(equals - part.data);
        Str value = equals ? str_slice(part, name.len + 1, part.len) : STR("");
        TRY(target_decode(arena, name, true, &items[count].name));
        TRY(target_decode(arena, value, true, &items[count].value));
        count++;
    }
    *out = (Params){items, count};
    return OK;
}

void target_put_encoded(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x80 && (isalnum(c) || (c != '\0' && strchr("-._~", c) != NULL)))
            buf_put_char(out, (char)c);
        else
            buf_format(out, "%%%02X", c);
    }
}
