/* What is added to a server before it starts. */
#include "http/inside.h"

#include <assert.h>

Err server_route(Server *server, const Route *route)
{
    assert(!server->daemon);
    return routes_add(&server->routes, route);
}

void server_add_filter(Server *server, Filter filter)
{
    assert(!server->daemon && server->filter_count < MAX_FILTERS);
    assert(!filter.decide || !server->decider.decide);
    if (filter.decide)
        server->decider = filter;
    server->filters[server->filter_count++] = filter;
}

void server_add_ready_check(Server *server, const char *name, ReadyCheck check, void *context)
{
    assert(!server->daemon && server->check_count < MAX_READY_CHECKS);
    server->checks[server->check_count++] = (NamedCheck){.name = name, .check = check, .context = context};
}

void server_add_soft_check(Server *server, const char *name, ReadyCheck check, void *context)
{
    server_add_ready_check(server, name, check, context);
    server->checks[server->check_count - 1].is_soft = true;
}

void server_add_metrics(Server *server, const Metrics *metrics)
{
    assert(!server->daemon && server->shown_count < MAX_METRICS - 1); /* one is ours */
    server->shown[server->shown_count++] = metrics;
}
