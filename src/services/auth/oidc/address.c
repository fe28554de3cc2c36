#include "services/auth/oidc/address.h"

#include <string.h>

static bool is_visible(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~' || strchr("\\\"<>^`{|}", text.data[i]) != NULL)
            return false;
    return true;
}

/* The host of "scheme://host[:port][/path]", as it is written. */
static Str host_of(Str address)
{
    size_t begin = str_find(address, STR("://"), 0) + 3;
    size_t end = begin;

    while (end < address.len && strchr("/?#", address.data[end]) == NULL)
        end++;
    Str host = str_slice(address, begin, end);
    if (str_starts(host, STR("[")))
        return str_slice(host, 0, str_find(host, STR("]"), 0) + 1);
    return str_slice(host, 0, str_find(host, STR(":"), 0));
}

bool oidc_is_loopback(Str address)
{
    static const char *const HOSTS[] = {"127.0.0.1", "[::1]", "localhost"};
    Str host = host_of(address);

    for (size_t i = 0; i < sizeof HOSTS / sizeof *HOSTS; i++)
        if (str_equal(host, str_from(HOSTS[i])))
            return true;
    return false;
}

Err oidc_check_address(const char *what, Str address)
{
    bool is_https = str_starts(address, STR("https://"));

    if (address.len == 0 || address.len > OIDC_ADDRESS_MAX || !is_visible(address))
        return err(INVALID, "%s: no address of 1 to %d visible characters", what, OIDC_ADDRESS_MAX);
    if (!is_https && !str_starts(address, STR("http://")))
        return err(INVALID, "%s: must begin with https://", what);
    if (str_find(address, STR("@"), 0) != SIZE_MAX || str_find(address, STR("#"), 0) != SIZE_MAX)
        return err(INVALID, "%s: must have no user and no fragment", what);
    if (host_of(address).len == 0)
        return err(INVALID, "%s: names no host", what);
    if (!is_https && !oidc_is_loopback(address))
        return err(INVALID, "%s: http:// only leads to this machine; must begin with https://", what);
    return OK;
}

bool oidc_is_local_path(Str path)
{
    return path.len > 0 && path.len <= OIDC_RETURN_MAX && path.data[0] == '/' &&
           !str_starts(path, STR("//")) && is_visible(path);
}
