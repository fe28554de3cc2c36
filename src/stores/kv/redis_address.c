#include "stores/kv/redis_address.h"

#include <string.h>

#include "base/memory.h"
#include "base/str.h"

enum { DEFAULT_PORT = 6379, PORT_MAX = 65535, DATABASE_MAX = 15 };

static char *keep(Str text)
{
    char *copy = memory_alloc(text.len + 1);

    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return copy;
}

static Err wrong(const char *what)
{
    return err(INVALID,
               "the key-value store's URL %s: redis://host:6379/0 or redis+unix:/path would be right", what);
}

static Err read_number(Str text, int most, const char *what, int *out)
{
    int64_t number;

    if (!str_to_int(text, &number) || number < 0 || number > most)
        return wrong(what);
    *out = (int)number;
    return OK;
}

/* "user:password" */
static void read_login(Str login, RedisAddress *out)
{
    size_t colon = str_find(login, STR(":"), 0);

    if (colon == SIZE_MAX)
        return;
    if (colon > 0)
        out->user = keep(str_slice(login, 0, colon));
    out->password = keep(str_slice(login, colon + 1, login.len));
}

/* "host", "host:port", "[::1]:port" */
static Err read_host(Str place, RedisAddress *out)
{
    bool in_brackets = str_starts(place, STR("["));
    size_t end = str_find(place, in_brackets ? STR("]") : STR(":"), 0);
    Str host = str_slice(place, in_brackets ? 1 : 0, end);
    Str rest = end == SIZE_MAX ? STR("") : str_slice(place, in_brackets ? end + 1 : end, place.len);

    if (host.len == 0)
        return wrong("names no host");
    out->host = keep(host);
    if (rest.len == 0)
        return OK;
    if (!str_starts(rest, STR(":")))
        return wrong("has something behind its host");
    return read_number(str_slice(rest, 1, rest.len), PORT_MAX, "has a port that is no port", &out->port);
}

static Err read_tcp(Str text, RedisAddress *out)
{
    size_t at = str_find(text, STR("@"), 0);
    size_t slash;

    if (at != SIZE_MAX) {
        read_login(str_slice(text, 0, at), out);
        text = str_slice(text, at + 1, text.len);
    }
    slash = str_find(text, STR("/"), 0);
    if (slash != SIZE_MAX && slash + 1 < text.len)
        TRY(read_number(str_slice(text, slash + 1, text.len), DATABASE_MAX, "names no database of 0 to 15",
                        &out->database));
    return read_host(str_slice(text, 0, slash), out);
}

static Err read_unix(Str text, RedisAddress *out)
{
    size_t mark = str_find(text, STR("?"), 0);

    if (!str_starts(text, STR("/")))
        return wrong("names no path");
    out->path = keep(str_slice(text, 0, mark));
    if (mark == SIZE_MAX)
        return OK;
    return read_number(str_slice(text, mark + 1, text.len), DATABASE_MAX, "names no database of 0 to 15",
                       &out->database);
}

Err redis_address_read(const char *address, RedisAddress *out)
{
    Str text = str_from(address);
    Err e;

    *out = (RedisAddress){.port = DEFAULT_PORT};
    if (str_starts(text, STR("://")))
        e = read_tcp(str_slice(text, 3, text.len), out);
    else if (str_starts(text, STR("+unix:")))
        e = read_unix(str_slice(text, 6, text.len), out);
    else
        e = wrong("is of no kind I know");
    if (failed(&e))
        redis_address_finish(out);
    return e;
}

void redis_address_finish(RedisAddress *address)
{
    memory_free(address->host);
    memory_free(address->path);
    memory_free(address->user);
    memory_free(address->password);
    *address = (RedisAddress){0};
}
