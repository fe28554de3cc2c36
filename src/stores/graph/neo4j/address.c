#include "stores/graph/neo4j/address.h"

#include <string.h>

/* A scheme of ours, the one behind it, and its usual port. */
static const struct Scheme {
    const char *name;
    const char *http;
    int port;
} SCHEMES[] = {{"neo4j://", "http", 7474}, {"neo4j+s://", "https", 7473}};

enum { LONGEST_DATABASE = 63 };

static Err refuse(Str url, const char *why)
{
    return err(INVALID, "world_graph: %.*s: %s; neo4j://localhost:7474 would be right", STR_ARG(url), why);
}

/* Neo4j's own rule for names of databases. */
static bool is_database(Str name)
{
    if (name.len == 0 || name.len > LONGEST_DATABASE)
        return false;
    return strspn(name.data, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") >= name.len;
}

static bool is_port(Str text)
{
    enum { LARGEST_PORT = 65535 };
    int64_t port;

    return str_to_int(text, &port) && port > 0 && port <= LARGEST_PORT;
}

/* host, host:port or [::1]:port. */
static Err read_host(Arena *arena, Str url, Str host, const struct Scheme *scheme, Neo4jAddress *out)
{
    size_t bracket = str_find(host, STR("]"), 0);
    size_t colon = str_find(host, STR(":"), bracket == SIZE_MAX ? 0 : bracket);

    if (host.len == 0 || colon == 0)
        return refuse(url, "names no host");
    if (colon != SIZE_MAX && !is_port(str_slice(host, colon + 1, host.len)))
        return refuse(url, "the port should be 1..65535");
    Str full = colon != SIZE_MAX ? host : str_format(arena, "%.*s:%d", STR_ARG(host), scheme->port);
    out->base_url = str_format(arena, "%s://%.*s", scheme->http, STR_ARG(full)).data;
    return OK;
}

static const struct Scheme *scheme_of(Str url)
{
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (str_starts(url, str_from(SCHEMES[i].name)))
            return &SCHEMES[i];
    return NULL;
}

Err neo4j_address_read(Arena *arena, const char *text, Neo4jAddress *out)
{
    Str url = str_from(text);
    const struct Scheme *scheme = scheme_of(url);

    if (str_find(url, STR("@"), 0) != SIZE_MAX) /* not said back: it may be a password */
        return err(INVALID, "world_graph: user and password don't belong in the URL: world_graph_user and "
                            "world_graph_password are for them");
    if (scheme == NULL)
        return refuse(url, "begins with neither neo4j:// nor neo4j+s://");
    Str rest = str_slice(url, strlen(scheme->name), url.len);
    size_t slash = str_find(rest, STR("/"), 0);
    Str database = slash == SIZE_MAX ? (Str){0} : str_slice(rest, slash + 1, rest.len);
    out->database = database.len > 0 ? str_copy(arena, database) : STR("neo4j");
    if (!is_database(out->database))
        return refuse(url, "the database should be letters, digits, dots and dashes");
    return read_host(arena, url, str_slice(rest, 0, slash), scheme, out);
}
