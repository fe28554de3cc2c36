#include "http/inside.h"

#include <errno.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "http/phase.h"

enum { DRAIN_POLL_US = 2000 };

ServerConfig server_config_default(void)
{
    return (ServerConfig){
        .listen = "127.0.0.1:8080",
        .clock = clock_system(),
        .workers = 64,
        .queue_limit = 1024,
        .connection_limit = 20 * 1000,
        .backlog = 4096,
        .head_timeout_ms = 15 * 1000,
        .body_timeout_ms = 30 * 1000,
        .idle_timeout_ms = 75 * 1000,
        .request_timeout_ms = 60 * 1000,
        .heartbeat_ms = 15 * 1000,
    };
}

Err server_create(const ServerConfig *config, Server **out)
{
    Server *server = memory_new(Server);

    server->config = *config;
    server->listen = memory_copy_text(config->listen);
    server->socket = -1;
    routes_init(&server->routes);
    connections_init(&server->connections);
    request_store_init(&server->requests);
    server->sockets = sockets_create(server);
    keeper_init(&server->keeper, config->clock, &server->connections);
    server->metrics = server_metrics_create(server);
    server_add_metrics(server, server->metrics);
    *out = server;
    return health_mount(server);
}

/* The library owns the socket from here on. */
static bool hand_to_library(void *context, int socket, const struct sockaddr *peer, socklen_t size)
{
    Server *server = context;
    return MHD_add_connection(server->daemon, socket, peer, size) == MHD_YES;
}

Err server_start(Server *server)
{
    TRY(listen_open(server->listen, server->config.backlog, &server->socket, &server->port));
    server->pool = pool_create("http", server->config.workers, server->config.queue_limit);
    up_open(server);
    server->daemon = library_start(server);
    if (!server->daemon)
        return err_detail(err(UNAVAILABLE, "the HTTP server could not be started"), "errno %d", errno);
    keeper_start(&server->keeper);
    sockets_start(server->sockets);
    acceptor_start(&server->acceptor, server->socket, server->config.connection_limit, hand_to_library,
                   server);
    return OK;
}

int server_port(const Server *server)
{
    return server->port;
}

static bool wait_until_quiet(Server *server, int64_t until_us, bool end_idle)
{
    while (atomic_load(&server->active) > 0 || acceptor_open(&server->acceptor) > 0) {
        if (clock_monotonic_us(clock_system()) >= until_us)
            return false;
        if (end_idle)
            connections_end_idle(&server->connections);
        (void)usleep(DRAIN_POLL_US);
    }
    return true;
}

void server_give_notice(Server *server)
{
    atomic_store(&server->draining, true);
}

/* A client that is at it gets its answers, each with "Connection: close"; one that stays idle for a twentieth
 * of the time is let go; streams to come back to end at once, others that haven't by half of it are ended. */
bool server_drain(Server *server, int timeout_ms)
{
    int64_t start_us = clock_monotonic_us(clock_system());
    int64_t timeout_us = (int64_t)timeout_ms * 1000;

    if (!server->daemon)
        return true;
    server_give_notice(server);
    acceptor_stop(&server->acceptor);
    atomic_store(&server->leaving, true);
    keeper_look(&server->keeper);
    if (wait_until_quiet(server, start_us + timeout_us / 20, false) ||
        wait_until_quiet(server, start_us + timeout_us / 2, true))
        return true;
    atomic_store(&server->ending, true);
    keeper_look(&server->keeper);
    return wait_until_quiet(server, start_us + timeout_us, true);
}

/* The library must not be stopped while a connection is suspended. */
static void stop_daemon(Server *server)
{
    atomic_store(&server->draining, true);
    atomic_store(&server->ending, true);
    atomic_store(&server->stopping, true);
    keeper_look(&server->keeper);
    phase_wait_for_wakers(server);
    acceptor_stop(&server->acceptor);
    sockets_end(server->sockets);
    MHD_stop_daemon(server->daemon);
    acceptor_destroy(&server->acceptor);
    server->daemon = NULL;
}

void server_destroy(Server *server)
{
    if (!server)
        return;
    if (server->daemon)
        stop_daemon(server);
    keeper_finish(&server->keeper);
    for (size_t i = 0; i < server->lane_count; i++)
        pool_destroy(server->lanes[i]);
    pool_destroy(server->pool); /* late handlers return before their requests go … */
    while (atomic_load(&server->active) > 0)
        (void)usleep(DRAIN_POLL_US); /* … and so do answers that were put off */
    if (server->socket >= 0)
        (void)close(server->socket);
    sockets_destroy(server->sockets);
    request_store_finish(&server->requests);
    routes_finish(&server->routes);
    connections_finish(&server->connections);
    metrics_destroy(server->up);
    metrics_destroy(server->metrics);
    arena_finish(&server->arena);
    memory_free(server->listen);
    memory_free(server);
}
