#include "gateway/gateway.h"

#include <string.h>

#include "base/memory.h"
#include "gateway/access_log.h"
#include "gateway/browser_headers.h"
#include "gateway/cors.h"
#include "gateway/node.h"
#include "gateway/rate_limit.h"
#include "gateway/request_metrics.h"

struct Gateway {
    RequestMetrics *requests;
    Cors *cors;
    Kv *kv;
    RateLimiter *limiter; /* NULL: no limits */
    IdentityPolicy identity;
    NodePolicy nodes;
    Proxies proxies;
    AccessLog *access_log; /* NULL: no line is written */
};

static bool has_class(const OperationTable *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->operations[i].limit_class && strcmp(table->operations[i].limit_class, name) == 0)
            return true;
    return false;
}

/* The first is for all that are of none of the others; a line for nobody would be a slip of the pen. */
static Err check_classes(const GatewayConfig *config, const Limits *limits)
{
    for (size_t i = 1; i < limits->count; i++) {
        bool is_known = false;
        for (size_t j = 0; j < config->table_count && !is_known; j++)
            is_known = has_class(config->tables[j], limits->classes[i].name);
        if (!is_known)
            return err(INVALID,
                       "limits for \"%s\", and no operation is of that class: /openapi.json has them as "
                       "x-limit-class",
                       limits->classes[i].name);
    }
    return OK;
}

static Err open_limiter(const GatewayConfig *config, Gateway *gateway)
{
    Limits limits;

    TRY(limits_read(config->rate_limits, &limits));
    if (limits.count == 0)
        return OK;
    TRY(check_classes(config, &limits));
    TRY(kv_open(config->kv, config->kv_password, &gateway->kv));
    kv_watch(gateway->kv, "limits");
    gateway->limiter = rate_limiter_create(gateway->kv, &limits, &gateway->proxies);
    return OK;
}

static Err open_parts(const GatewayConfig *config, Gateway *gateway)
{
    TRY(proxies_read(config->proxies, &gateway->proxies));
    TRY(node_policy_check(&gateway->nodes));
    TRY(cors_create(config->origins, &gateway->cors));
    return open_limiter(config, gateway);
}

Err gateway_create(const GatewayConfig *config, Gateway **out)
{
    Gateway *gateway = memory_new(Gateway);

    *out = NULL;
    if (config->access_log)
        gateway->access_log = access_log_create(config->clock, &gateway->proxies);
    gateway->identity.is_open = config->identity_is_open;
    gateway->nodes = (NodePolicy){config->node_secret, config->clock};
    gateway->requests = request_metrics_create(config->tables, config->table_count);
    Err e = open_parts(config, gateway);
    if (failed(&e))
        gateway_destroy(gateway);
    else
        *out = gateway;
    return e;
}

void gateway_destroy(Gateway *gateway)
{
    if (!gateway)
        return;
    rate_limiter_destroy(gateway->limiter);
    kv_close(gateway->kv);
    cors_destroy(gateway->cors);
    access_log_destroy(gateway->access_log);
    request_metrics_destroy(gateway->requests);
    memory_free(gateway);
}

static Err counting_is_ready(void *kv)
{
    return kv_ready(kv);
}

void gateway_identify_by(Gateway *gateway, IdentifyFn identify, void *context)
{
    gateway->identity.identify = identify;
    gateway->identity.context = context;
}

/* Origins first: a page must be able to read why it was refused. Who calls before limits, which count them by it.
 * Where requests are counted may be gone: then everybody passes, so the check is a soft one. */
void gateway_guard(Gateway *gateway, Server *server)
{
    server_add_filter(server, request_metrics_filter(gateway->requests));
    server_add_metrics(server, request_metrics_table(gateway->requests));
    if (gateway->access_log)
        server_add_filter(server, access_log_filter(gateway->access_log));
    server_add_filter(server, cors_filter(gateway->cors));
    server_add_filter(server, browser_headers_filter(&gateway->proxies));
    if (gateway->proxies.count > 0)
        server_add_filter(server, consumer_filter(&gateway->proxies));
    server_add_filter(server, node_filter(&gateway->nodes));
    server_add_filter(server, identity_filter(&gateway->identity));
    if (!gateway->limiter)
        return;
    server_add_filter(server, rate_limiter_filter(gateway->limiter));
    server_add_soft_check(server, "limits", counting_is_ready, gateway->kv);
    server_add_metrics(server, rate_limiter_metrics(gateway->limiter));
}
