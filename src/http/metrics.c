#include "http/inside.h"

static const Metric ROWS[] = {
    [METRIC_REQUESTS_REFUSED] = {METRIC_COUNTER, "nerdx_http_malformed_total",
                                 "Requests that broke the rules of HTTP; their connections were closed."},
    [METRIC_CONNECTIONS] = {METRIC_GAUGE, "nerdx_http_connections", "Open connections."},
    [METRIC_ACTIVE] = {METRIC_GAUGE, "nerdx_http_requests_active", "Requests that are being answered."},
    [METRIC_WORKERS_RUNNING] = {METRIC_GAUGE, "nerdx_http_workers_running", "Workers that run a handler."},
    [METRIC_WORKERS_QUEUED] = {METRIC_GAUGE, "nerdx_http_workers_queued", "Calls that wait for a worker."},
    [METRIC_CONNECTION_LIMIT] = {METRIC_GAUGE, "nerdx_http_connection_limit", "How many may be open."},
    [METRIC_OVERLOADED] = {METRIC_COUNTER, "nerdx_http_overloaded_total",
                           "Requests answered with 503 because no worker was free and the queue was full."},
    [METRIC_DEADLINES] = {METRIC_COUNTER, "nerdx_http_deadlines_total",
                          "Requests answered for a handler that took too long."},
};

static int64_t count_connections(void *context)
{
    Server *server = context;
    return (int64_t)connections_count(&server->connections);
}

static int64_t count_active(void *context)
{
    Server *server = context;
    return (int64_t)atomic_load(&server->active);
}

static void add_stats(PoolStats *sum, Pool *pool)
{
    PoolStats stats = pool_stats(pool);

    sum->running += stats.running;
    sum->queued += stats.queued - stats.can_wait; /* no call among these */
}

static PoolStats stats_of_all(Server *server)
{
    PoolStats sum = {0};

    if (server->pool)
        add_stats(&sum, server->pool);
    for (size_t i = 0; i < server->lane_count; i++)
        add_stats(&sum, server->lanes[i]);
    return sum;
}

static int64_t count_running(void *context)
{
    return (int64_t)stats_of_all(context).running;
}

static int64_t count_queued(void *context)
{
    return (int64_t)stats_of_all(context).queued;
}

Metrics *server_metrics_create(Server *server)
{
    Metrics *metrics = metrics_create(ROWS, sizeof ROWS / sizeof *ROWS);

    metrics_set(metrics, METRIC_CONNECTION_LIMIT, 0, server->config.connection_limit);
    metrics_ask(metrics, METRIC_CONNECTIONS, 0, count_connections, server);
    metrics_ask(metrics, METRIC_ACTIVE, 0, count_active, server);
    metrics_ask(metrics, METRIC_WORKERS_RUNNING, 0, count_running, server);
    metrics_ask(metrics, METRIC_WORKERS_QUEUED, 0, count_queued, server);
    return metrics;
}
