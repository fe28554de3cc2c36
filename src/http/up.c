/* service_up: whether a service can be used, as of the last look. A look may wait for a database, so a worker does it: who asks for
 * the metrics has one begun, and reads what the one before has seen. */
#include "http/inside.h"

Err up_look(NamedCheck *check)
{
    Err e = check->check(check->context);

    atomic_store_explicit(&check->is_up, !failed(&e), memory_order_relaxed);
    return e;
}

static void look_at_all(void *context)
{
    Server *server = context;

    for (size_t i = 0; i < server->check_count; i++)
        (void)up_look(&server->checks[i]);
    atomic_store(&server->is_looking, false);
}

void up_look_again(Server *server)
{
    if (server->check_count == 0 || atomic_exchange(&server->is_looking, true))
        return;
    if (!pool_submit_later(server->pool, look_at_all, server))
        atomic_store(&server->is_looking, false);
}

static int64_t read_up(void *context)
{
    const NamedCheck *check = context;

    return atomic_load_explicit(&check->is_up, memory_order_relaxed);
}

void up_open(Server *server)
{
    if (server->check_count == 0)
        return;
    for (size_t i = 0; i < server->check_count; i++)
        server->check_names[i] = server->checks[i].name;
    server->up_row = (Metric){
        METRIC_GAUGE, "service_up",
        "1 where the service could be used when it was last looked at, which each scrape has done anew.",
        .labels = {{"service", server->check_names, server->check_count}}};
    server->up = metrics_create(&server->up_row, 1);
    for (size_t i = 0; i < server->check_count; i++)
        metrics_ask(server->up, 0, i, read_up, &server->checks[i]);
    server->shown[server->shown_count++] = server->up;
    up_look_again(server);
}
