#include "http/inside.h"

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

static Readiness put_check(Buf *out, const NamedCheck *check)
{
    Err e = check->check(check->context);

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

static Err show_metrics(void *context, Exchange *exchange)
{
    Server *server = context;
    Buf out = {.arena = &exchange->arena};

    metrics_write(server->metrics, &out);
    for (size_t i = 0; i < server->shown_count; i++)
        metrics_write(server->shown[i], &out);
    exchange_reply(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", buf_str(&out));
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
