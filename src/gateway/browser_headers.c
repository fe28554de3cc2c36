#include "gateway/browser_headers.h"

static const char OF_API[] =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
static const char YEAR[] = "max-age=31536000; includeSubDomains";

static bool came_by_tls(const Proxies *proxies, const Exchange *exchange)
{
    return str_equal_nocase(exchange_header(exchange, STR("x-forwarded-proto")), STR("https")) &&
           consumer_is_proxy(proxies, exchange);
}

/* What is counted is the API. */
static Err put_headers(void *context, Exchange *exchange)
{
    if (exchange->limit_class) {
        exchange_put_header(exchange, "Content-Security-Policy", OF_API);
        exchange_put_header(exchange, "Referrer-Policy", "no-referrer");
    }
    if (came_by_tls(context, exchange))
        exchange_put_header(exchange, "Strict-Transport-Security", YEAR);
    return OK;
}

Filter browser_headers_filter(const Proxies *proxies)
{
    return (Filter){.before = put_headers, .context = (void *)proxies};
}
