#include "http/cookies.h"

Str cookie_get(Str header, Str name)
{
    Str rest = header, pair;

    while (str_split(&rest, ';', &pair)) {
        Str value = str_trim(pair), key;
        if (str_split(&value, '=', &key) && value.data != NULL && str_equal(key, name))
            return value;
    }
    return (Str){0};
}

const char *cookie_write(Arena *arena, const Cookie *cookie)
{
    return str_format(arena, "%s=%.*s; Path=/; Max-Age=%lld; Secure; SameSite=Strict%s", cookie->name,
                      STR_ARG(cookie->value), (long long)cookie->life_s,
                      cookie->for_scripts ? "" : "; HttpOnly")
        .data;
}
