#include "http/inside.h"
#include "http/negotiate.h"

/* Alive: the loop turns. Whether it is of use is /readyz's business. */
static Err show_alive(void *context, Exchange *exchange)
{
    (void)context;
    exchange_reply(exchange, 200, "application/json", STR("{\"status\":\"alive\"}"));
    return OK;
}

/* The worst of all checks is what is said. */
typedef enum Readiness { READY, DEGRADED, NOT_READY, DRAINING } Readiness;

static const struct {
    const char *name;
    int status;
} READINESS[] = {
    [READY] = {"ready", 200},
    [DEGRADED] = {"degraded", 200},
    [NOT_READY] = {"not ready", 503},
    [DRAINING] = {"draining", 503},
};

static Readiness put_check(Buf *out, NamedCheck *check)
{
    Err e = up_look(check);

    json_put_string(out, str_from(check->name));
    buf_put_char(out, ':');
    json_put_string(out, failed(&e) ? str_from(e.message) : STR("ok"));
    if (!failed(&e))
        return READY;
    return check->is_soft ? DEGRADED : NOT_READY;
}

static Err show_ready(void *context, Exchange *exchange)
{
    Server *server = context;
    Buf checks = {.arena = &exchange->arena};
    Readiness all = atomic_load(&server->draining) ? DRAINING : READY;

    for (size_t i = 0; i < server->check_count; i++) {
        buf_put_char(&checks, i ? ',' : '{');
        Readiness one = put_check(&checks, &server->checks[i]);
        all = one > all ? one : all;
    }
    buf_put(&checks, server->check_count ? STR("}") : STR("{}"));
    Str body = str_format(&exchange->arena, "{\"status\":\"%s\",\"checks\":%s}", READINESS[all].name,
                          buf_str(&checks).data);
    exchange_reply(exchange, READINESS[all].status, "application/json", body);
    return OK;
}

static const struct {
    const char *media;
    const char *content_type;
} FORMATS[] = {
    [METRIC_TEXT] = {"text/plain", "text/plain; version=0.0.4; charset=utf-8"},
    [METRIC_OPENMETRICS] = {"application/openmetrics-text",
                            "application/openmetrics-text; version=1.0.0; charset=utf-8"},
};

/* OpenMetrics for who likes it better: a browser or curl doesn't. */
static MetricFormat choose_format(const Exchange *exchange)
{
    Str accept = exchange_header(exchange, STR("accept"));

    return accept_weight(accept, str_from(FORMATS[METRIC_OPENMETRICS].media)) >
                   accept_weight(accept, str_from(FORMATS[METRIC_TEXT].media))
               ? METRIC_OPENMETRICS
               : METRIC_TEXT;
}

static Err show_metrics(void *context, Exchange *exchange)
{
    enum { FIRST_BYTES = 64 * 1024 };
    Server *server = context;
    MetricFormat format = choose_format(exchange);
    Buf out;

    up_look_again(server);
    buf_init(&out, &exchange->arena, FIRST_BYTES);
    metrics_write_all(server->shown, server->shown_count, format, &out);
    exchange_put_header(exchange, "Vary", "Accept");
    exchange_reply(exchange, 200, FORMATS[format].content_type, buf_str(&out));
    return OK;
}

Err health_mount(Server *server)
{
    const Route routes[] = {
        {.method = "GET", .path = "/healthz", .handle = show_alive},
        {.method = "GET", .path = "/readyz", .handle = show_ready, .context = server, .blocking = true},
        {.method = "GET", .path = "/metrics", .handle = show_metrics, .context = server},
    };

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        TRY(server_route(server, &routes[i]));
    return OK;
}
