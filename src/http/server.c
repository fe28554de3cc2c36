#include "http/request.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

enum { CONNECTION_MEMORY = 16 * 1024, DRAIN_POLL_US = 2000 };

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
    pthread_mutex_init(&server->watch_lock, NULL);
    pthread_mutex_init(&server->free_lock, NULL);
    pthread_mutex_init(&server->keeper_lock, NULL);
    cond_init(&server->keeper_wakes);
    server->metrics = server_metrics_create(server);
    *out = server;
    return health_mount(server);
}

Err server_route(Server *server, const Route *route)
{
    assert(!server->daemon);
    return routes_add(&server->routes, route);
}

void server_add_filter(Server *server, Filter filter)
{
    assert(!server->daemon && server->filter_count < MAX_FILTERS);
    server->filters[server->filter_count++] = filter;
}

void server_add_ready_check(Server *server, const char *name, ReadyCheck check, void *context)
{
    assert(!server->daemon && server->check_count < MAX_READY_CHECKS);
    server->checks[server->check_count++] = (NamedCheck){name, check, context};
}

void server_add_metrics(Server *server, const Metrics *metrics)
{
    assert(!server->daemon && server->shown_count < MAX_METRICS);
    server->shown[server->shown_count++] = metrics;
}

/* ---- What the library calls ---- */

static Connection *connection_of(struct MHD_Connection *link)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(link, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

static void on_connection(void *context, struct MHD_Connection *link, void **slot,
                          enum MHD_ConnectionNotificationCode what)
{
    Server *server = context;

    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        connections_close(&server->connections, *slot, server_now_us(server));
        return;
    }
    int fd = MHD_get_connection_info(link, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *peer =
        MHD_get_connection_info(link, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    *slot = connections_open(&server->connections, fd, peer,
                             server_now_us(server) + (int64_t)server->config.head_timeout_ms * 1000);
}

/* The request line is there, and the target still as it came. */
static void *on_target(void *context, const char *target, struct MHD_Connection *link)
{
    Connection *connection = connection_of(link);

    atomic_store_explicit(&connection->idle, false, memory_order_relaxed);
    return request_create(context, link, connection, target);
}

/* Called with the head, then with pieces of the body (len > 0), then until there is an answer. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *link, const char *url,
                                  const char *method, const char *version, const char *data, size_t *len,
                                  void **slot)
{
    Request *request = *slot;

    (void)context;
    (void)link;
    (void)url;
    if (request->stage == STAGE_HEAD) {
        request_take_head(request, method, version);
        return request_refuses_body(request) || (request->refused && request->closing)
                   ? (request_run(request), request_answer(request))
                   : MHD_YES;
    }
    if (*len > 0) {
        bool taken = request_take_body(request, data, *len);
        *len = 0;
        return taken ? MHD_YES : MHD_NO;
    }
    if (request->stage == STAGE_BODY) {
        request_check_body(request);
        request_run(request);
    }
    return atomic_load(&request->phase) >= PHASE_ANSWERED ? request_answer(request) : MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *link, void **slot,
                         enum MHD_RequestTerminationCode how)
{
    Server *server = context;
    Request *request = *slot;

    (void)link;
    if (!request)
        return;
    Connection *connection = request->connection;
    atomic_store_explicit(&connection->deadline_us,
                          server_now_us(server) + (int64_t)server->config.idle_timeout_ms * 1000,
                          memory_order_relaxed);
    atomic_store_explicit(&connection->idle, true, memory_order_relaxed);
    request_finish(request, how != MHD_REQUEST_TERMINATED_COMPLETED_OK);
    *slot = NULL;
}

/* Targets and queries are decoded by us, strictly: the library must leave them alone. */
static size_t leave_encoded(void *context, struct MHD_Connection *link, char *text)
{
    (void)context;
    (void)link;
    return text ? str_from(text).len : 0;
}

/* ---- Running ---- */

static unsigned loop_count(const ServerConfig *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (config->loops)
        return config->loops;
    return cores > 0 ? (unsigned)cores : 1;
}

static struct MHD_Daemon *start_daemon(Server *server)
{
    const ServerConfig *config = &server->config;
    unsigned loops = loop_count(config);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;

    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,                            /* */
                            MHD_OPTION_LISTEN_SOCKET, server->socket,                            /* */
                            MHD_OPTION_THREAD_POOL_SIZE, loops > 1 ? loops : 0,                  /* */
                            MHD_OPTION_CONNECTION_LIMIT, config->connection_limit,               /* */
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_per_address, /* */
                            MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)(config->idle_timeout_ms + 999) / 1000,              /* */
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, /* */
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,           /* */
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,             /* */
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, server,                /* */
                            MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, server,           /* */
                            MHD_OPTION_END);
}

Err server_start(Server *server)
{
    TRY(listen_open(server->listen, server->config.backlog, &server->socket, &server->port));
    server->pool = pool_create("http", server->config.workers, server->config.queue_limit);
    server->daemon = start_daemon(server);
    if (!server->daemon)
        return err_detail(err(UNAVAILABLE, "the HTTP server could not be started"), "errno %d", errno);
    keeper_start(server);
    return OK;
}

int server_port(const Server *server)
{
    return server->port;
}

/* Connections the kernel has completed but nobody has taken yet would be reset: they are taken in. */
static void stop_accepting(Server *server)
{
    int fd = MHD_quiesce_daemon(server->daemon);
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    int taken;

    if (fd < 0)
        return;
    while ((taken = accept4(fd, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        (void)MHD_add_connection(server->daemon, taken, (struct sockaddr *)&peer, size);
        size = sizeof peer;
    }
    /* Ends the listening; the descriptor itself stays until no loop can touch it any more. */
    (void)shutdown(fd, SHUT_RD);
}

static bool wait_until_quiet(Server *server, int64_t until_us, bool end_idle)
{
    while (atomic_load(&server->active) > 0 || connections_count(&server->connections) > 0) {
        if (clock_monotonic_us(clock_system()) >= until_us)
            return false;
        if (end_idle)
            connections_end_idle(&server->connections);
        (void)usleep(DRAIN_POLL_US);
    }
    return true;
}

/* A client that is at it gets its answers, each with "Connection: close"; one that stays idle for a twentieth
 * of the time is let go; streams that haven't ended by half of it are ended. */
bool server_drain(Server *server, int timeout_ms)
{
    int64_t start_us = clock_monotonic_us(clock_system());
    int64_t timeout_us = (int64_t)timeout_ms * 1000;

    if (!server->daemon)
        return true;
    atomic_store(&server->draining, true);
    stop_accepting(server);
    if (wait_until_quiet(server, start_us + timeout_us / 20, false) ||
        wait_until_quiet(server, start_us + timeout_us / 2, true))
        return true;
    atomic_store(&server->ending, true);
    keeper_wake_all(server);
    return wait_until_quiet(server, start_us + timeout_us, true);
}

/* The library must not be stopped while a connection is suspended. */
static void stop_daemon(Server *server)
{
    atomic_store(&server->draining, true);
    atomic_store(&server->ending, true);
    atomic_store(&server->stopping, true);
    keeper_wake_all(server);
    while (atomic_load(&server->waking) > 0)
        (void)sched_yield();
    MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
}

static void free_requests(Server *server)
{
    while (server->free_requests) {
        Request *request = server->free_requests;
        server->free_requests = request->next_free;
        arena_finish(&request->exchange.arena);
        arena_finish(&request->spare);
        memory_free(request);
    }
}

void server_destroy(Server *server)
{
    if (!server)
        return;
    if (server->daemon)
        stop_daemon(server);
    keeper_stop(server);
    for (size_t i = 0; i < server->lane_count; i++)
        pool_destroy(server->lanes[i]);
    pool_destroy(server->pool); /* late handlers return before their requests go */
    if (server->socket >= 0)
        (void)close(server->socket);
    free_requests(server);
    routes_finish(&server->routes);
    connections_finish(&server->connections);
    metrics_destroy(server->metrics);
    pthread_cond_destroy(&server->keeper_wakes);
    pthread_mutex_destroy(&server->keeper_lock);
    pthread_mutex_destroy(&server->free_lock);
    pthread_mutex_destroy(&server->watch_lock);
    arena_finish(&server->arena);
    memory_free(server->listen);
    memory_free(server);
}
