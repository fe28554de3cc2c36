#include "base/mime.h"

bool mime_is(Str content_type, Str media_type)
{
    Str type;

    return str_split(&content_type, ';', &type) && str_equal_nocase(str_trim(type), media_type);
}

Str mime_parameter(Str value, Str name)
{
    Str part;

    while (str_split(&value, ';', &part)) {
        part = str_trim(part);
        if (part.len <= name.len || !str_equal_nocase(str_slice(part, 0, name.len), name) ||
            part.data[name.len] != '=')
            continue;
        Str found = str_slice(part, name.len + 1, part.len);
        bool is_quoted = found.len >= 2 && found.data[0] == '"' && found.data[found.len - 1] == '"';
        return is_quoted ? str_slice(found, 1, found.len - 1) : found;
    }
    return (Str){0};
}
