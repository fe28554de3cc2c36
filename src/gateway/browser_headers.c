#include "gateway/browser_headers.h"

#define FRAMED_BY_NOBODY "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

static const char OF_PAGES[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                               "connect-src 'self'; " FRAMED_BY_NOBODY;
static const char OF_API[] = "default-src 'none'; " FRAMED_BY_NOBODY;
static const char YEAR[] = "max-age=31536000; includeSubDomains";

static bool came_by_tls(const Proxies *proxies, const Exchange *exchange)
{
    return str_equal_nocase(exchange_header(exchange, STR("x-forwarded-proto")), STR("https")) &&
           consumer_is_proxy(proxies, exchange);
}

/* What is counted is the API; the rest are pages and what operators look at. */
static Err put_headers(void *context, Exchange *exchange)
{
    exchange_put_header(exchange, "Content-Security-Policy", exchange->limit_class ? OF_API : OF_PAGES);
    exchange_put_header(exchange, "Referrer-Policy", "no-referrer");
    exchange_put_header(exchange, "Cross-Origin-Opener-Policy", "same-origin");
    if (came_by_tls(context, exchange))
        exchange_put_header(exchange, "Strict-Transport-Security", YEAR);
    return OK;
}

Filter browser_headers_filter(const Proxies *proxies)
{
    return (Filter){.before = put_headers, .context = (void *)proxies};
}
