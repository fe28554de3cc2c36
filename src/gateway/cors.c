#include "gateway/cors.h"

#include "base/memory.h"
#include "http/upgrade.h"

/* What may be asked beyond what any page may send, and what a page may read beyond the simplest. */
static const char METHODS[] = "GET, POST, PUT, DELETE";
static const char REQUEST_HEADERS[] = "authorization, content-type, last-event-id, traceparent, x-csrf-token";
static const char EXPOSED[] = "RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, traceparent";

struct Cors {
    Arena arena;
    Str origins[CORS_MOST_ORIGINS];
    size_t count;
};

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' || c == '[' ||
           c == ']';
}

/* A serialised origin (RFC 6454, 6.2), in lower case, as browsers send it. */
static bool is_origin(Str text)
{
    Str host = str_starts(text, STR("https://"))  ? str_slice(text, 8, text.len)
               : str_starts(text, STR("http://")) ? str_slice(text, 7, text.len)
                                                  : STR("");

    for (size_t i = 0; i < host.len; i++)
        if (!is_host_byte(host.data[i]))
            return false;
    return host.len > 0;
}

static Err add_origin(Cors *cors, Str origin)
{
    if (!is_origin(origin))
        return err(INVALID, "\"%.*s\" is no origin: https://shop.example.com would be one", STR_ARG(origin));
    if (cors->count == CORS_MOST_ORIGINS)
        return err(INVALID, "these are more origins than %d", CORS_MOST_ORIGINS);
    cors->origins[cors->count++] = str_copy(&cors->arena, origin);
    return OK;
}

static Err read_origins(Cors *cors, Str origins)
{
    Str origin;

    while (str_split(&origins, ',', &origin))
        if (str_trim(origin).len > 0)
            TRY(add_origin(cors, str_trim(origin)));
    return OK;
}

Err cors_create(Str origins, Cors **out)
{
    Cors *cors = memory_new(Cors);
    Err e = read_origins(cors, origins);

    *out = NULL;
    if (failed(&e))
        cors_destroy(cors);
    else
        *out = cors;
    return e;
}

void cors_destroy(Cors *cors)
{
    if (!cors)
        return;
    arena_finish(&cors->arena);
    memory_free(cors);
}

static const Str *find_origin(const Cors *cors, Str origin)
{
    for (size_t i = 0; i < cors->count; i++)
        if (str_equal(cors->origins[i], origin))
            return &cors->origins[i];
    return NULL;
}

/* The server itself answers OPTIONS with 204; here is what makes it the answer to a preflight. */
static void allow_preflight(Exchange *exchange)
{
    exchange_put_header(exchange, "Access-Control-Allow-Methods", METHODS);
    exchange_put_header(exchange, "Access-Control-Allow-Headers", REQUEST_HEADERS);
    exchange_put_header(exchange, "Access-Control-Max-Age", "600");
}

/* Browsers send cookies with a WebSocket that any page opens, and keep no answer from it: so it is ours to refuse one of a
 * stranger's (RFC 6455, 10.2). What isn't a page sends no Origin. */
static bool is_strange_page(const Exchange *exchange, Str origin)
{
    size_t scheme = str_find(origin, STR("://"), 0);

    return upgrade_is_asked(exchange) && origin.data != NULL &&
           (scheme == SIZE_MAX || !str_equal_nocase(str_slice(origin, scheme + 3, origin.len),
                                                    exchange_header(exchange, STR("host"))));
}

/* An origin that isn't listed gets an answer without permission, which its browser keeps from it. */
static Err put_headers(void *context, Exchange *exchange)
{
    const Cors *cors = context;
    Str origin = exchange_header(exchange, STR("origin"));
    const Str *known = find_origin(cors, origin);

    if (cors->count > 0)
        exchange_put_header(exchange, "Vary", "Origin");
    if (!known)
        return is_strange_page(exchange, origin)
                   ? err(FORBIDDEN, "Origin: its pages may open no WebSocket here (--cors-origins).")
                   : OK;
    exchange_put_header(exchange, "Access-Control-Allow-Origin", str_c(&exchange->arena, *known));
    exchange_put_header(exchange, "Access-Control-Allow-Credentials", "true");
    if (!str_equal(exchange->method, STR("OPTIONS")))
        exchange_put_header(exchange, "Access-Control-Expose-Headers", EXPOSED);
    else if (exchange_header(exchange, STR("access-control-request-method")).data)
        allow_preflight(exchange);
    return OK;
}

Filter cors_filter(Cors *cors)
{
    return (Filter){.before = put_headers, .context = cors};
}
