/* libmicrohttpd at work for us: what it calls, and how it is set up. */
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "http/answer.h"
#include "http/flow.h"
#include "http/inside.h"
#include "http/intake.h"
#include "http/phase.h"
#include "http/request_span.h"
#include "http/run.h"
#include "http/stream.h"

enum { CONNECTION_MEMORY = 16 * 1024, MESSAGE = 512 };

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
        acceptor_give_back(&server->acceptor);
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
        intake_head(request, method, version);
        return intake_refuses_body(request) || (request->refusal && request->closing)
                   ? (run_handler(request), answer_queue(request))
                   : MHD_YES;
    }
    if (*len > 0) {
        bool taken = intake_body(request, data, *len);
        *len = 0;
        if (!taken)
            answer_at_once(request);
        return taken ? MHD_YES : MHD_NO;
    }
    if (request->stage == STAGE_BODY) {
        intake_check_body(request);
        run_handler(request);
    }
    return phase_is_over(request) ? answer_queue(request) : MHD_YES;
}

/* The answer is out, or nobody waits for it any more. */
static void finish(Request *request, bool aborted)
{
    Server *server = request->server;

    stream_finish(request);
    flow_finish(request);
    keeper_unwatch(&server->keeper, &request->sleeper);
    request->outcome.aborted = request->outcome.aborted || aborted;
    request->outcome.duration_us = server_now_us(server) - request->exchange.start_us;
    request_span_end(request, request->outcome.duration_us);
    for (size_t i = server->filter_count; i-- > 0;)
        if (server->filters[i].after)
            server->filters[i].after(server->filters[i].context, &request->exchange, &request->outcome);
    request_release(request);
}

/* The library refuses some requests itself (README.md): only now it says with which status. */
static void note_own_refusal(Request *request, struct MHD_Connection *link)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(link, MHD_CONNECTION_INFO_HTTP_STATUS);

    if (!info || request->outcome.status)
        return;
    request_refuse(request, (int)info->http_status,
                   err_detail(err(INVALID, "The request is malformed."), "refused by libmicrohttpd"));
    request->outcome.status = request->refusal->status;
    request->outcome.error = &request->refusal->error;
    request->sent = true;
    if (request->stage == STAGE_HEAD)
        request->exchange.trace = trace_new();
}

static void on_completed(void *context, struct MHD_Connection *link, void **slot,
                         enum MHD_RequestTerminationCode how)
{
    Server *server = context;
    Request *request = *slot;

    if (!request)
        return;
    note_own_refusal(request, link);
    Connection *connection = request->connection;
    atomic_store_explicit(&connection->deadline_us,
                          server_now_us(server) + (int64_t)server->config.idle_timeout_ms * 1000,
                          memory_order_relaxed);
    atomic_store_explicit(&connection->idle, true, memory_order_relaxed);
    finish(request, how != MHD_REQUEST_TERMINATED_COMPLETED_OK && !request->sent);
    *slot = NULL;
}

/* Targets and queries are decoded by us, strictly: the library must leave them alone. */
static size_t leave_encoded(void *context, struct MHD_Connection *link, char *text)
{
    (void)context;
    (void)link;
    return text ? str_from(text).len : 0;
}

/* The title of the page that it refuses with: "Request malformed". */
static Str title_of(Str page)
{
    size_t begin = str_find(page, STR("<title>"), 0);
    size_t end = str_find(page, STR("</title>"), 0);

    return begin < end && end != SIZE_MAX ? str_slice(page, begin + sizeof "<title>" - 1, end) : STR("");
}

/* What the library would write to stderr. When it refuses what isn't a request yet, nothing else tells us. */
__attribute__((format(printf, 2, 0))) static void on_message(void *context, const char *format,
                                                             va_list arguments)
{
    static const Str REFUSAL = {.data = "Error processing request (HTTP response code is ", .len = 48};
    Server *server = context;
    char text[MESSAGE];
    int64_t status;

    (void)vsnprintf(text, sizeof text, format, arguments);
    Str said = str_from(text);
    if (!str_starts(said, REFUSAL) || !str_to_int(str_slice(said, REFUSAL.len, REFUSAL.len + 3), &status)) {
        log_debug("libmicrohttpd says", log_text("text", said));
        return;
    }
    metrics_add(server->metrics, METRIC_REQUESTS_REFUSED, 0, 1);
    log_info("libmicrohttpd refused a request", log_int("status", status),
             log_text("reason", title_of(said)));
}

static unsigned loop_count(const ServerConfig *config)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (config->loops)
        return config->loops;
    return cores > 0 ? (unsigned)cores : 1;
}

/* The acceptor holds to the limit; the library must only never refuse what it hands over. Any loop may get all of it, and
 * still counts connections that it has told us are closed. */
static unsigned most_at_once(unsigned connection_limit, unsigned loops)
{
    return 2 * connection_limit * loops;
}

struct MHD_Daemon *library_start(Server *server)
{
    const ServerConfig *config = &server->config;
    unsigned loops = loop_count(config);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_ITC | MHD_USE_ERROR_LOG | MHD_ALLOW_UPGRADE;

    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, server,                                   /* */
                            MHD_OPTION_EXTERNAL_LOGGER, on_message, server,                             /* */
                            MHD_OPTION_THREAD_POOL_SIZE, loops > 1 ? loops : 0,                         /* */
                            MHD_OPTION_CONNECTION_LIMIT, most_at_once(config->connection_limit, loops), /* */
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_per_address,        /* */
                            MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)(config->idle_timeout_ms + 999) / 1000,              /* */
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, /* */
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,           /* */
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,             /* */
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, server,                /* */
                            MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, server,           /* */
                            MHD_OPTION_END);
}
