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

/* In a time that depends on the length alone. */
static bool is_same_secret(Str a, Str b)
{
    unsigned differs = a.len != b.len;

    for (size_t i = 0; i < a.len && i < b.len; i++)
        differs |= (unsigned)(a.data[i] ^ b.data[i]);
    return differs == 0;
}

bool cookies_show_page(Str cookies, Str csrf_header)
{
    Str cookie = cookie_get(cookies, STR(COOKIE_CSRF));

    return cookie.len > 0 && csrf_header.data != NULL && is_same_secret(cookie, csrf_header);
}

const char *cookie_write(Arena *arena, const Cookie *cookie)
{
    return str_format(arena, "%s=%.*s; Path=/; Max-Age=%lld; Secure; SameSite=%s%s", cookie->name,
                      STR_ARG(cookie->value), (long long)cookie->life_s, cookie->for_links ? "Lax" : "Strict",
                      cookie->for_scripts ? "" : "; HttpOnly")
        .data;
}
