/* The server from inside: what its parts share. Arrows between the files point one way:
 *
 *     server -> acceptor, library -> intake, run, answer -> stream, flow, sockets -> phase, request_span -> keeper, request -> head, routes, connections
 */
#ifndef NERDX_HTTP_INSIDE_H
#define NERDX_HTTP_INSIDE_H

#include "http/acceptor.h"
#include "http/keeper.h"
#include "http/request.h"
#include "http/routes.h"

typedef struct Sockets Sockets;

enum { MAX_FILTERS = 8, MAX_READY_CHECKS = 16, MAX_METRICS = 24, MAX_LANES = 16 };

typedef struct NamedCheck {
    const char *name;
    ReadyCheck check;
    void *context;
    bool is_soft;      /* requests are served without it */
    atomic_bool is_up; /* when it was last looked at */
} NamedCheck;

struct Server {
    ServerConfig config;
    char *listen;
    Arena arena; /* what mounting makes */
    Routes routes;
    Filter filters[MAX_FILTERS];
    Filter decider; /* the one of them that decides, if any */
    size_t filter_count;
    NamedCheck checks[MAX_READY_CHECKS];
    size_t check_count;
    const Metrics *shown[MAX_METRICS];
    size_t shown_count;
    Metrics *metrics;
    const char *check_names[MAX_READY_CHECKS];
    Metric up_row;
    Metrics *up;
    atomic_bool is_looking; /* at all checks */

    struct MHD_Daemon *daemon;
    Pool *pool;
    Pool *lanes[MAX_LANES];
    size_t lane_count;
    Connections connections;
    RequestStore requests;
    Keeper keeper;
    Sockets *sockets;
    Acceptor acceptor;
    int port;
    int socket;
    atomic_bool draining; /* answers say Connection: close, /readyz says no */
    atomic_bool leaving;  /* event streams end whose readers come back elsewhere, */
    atomic_bool ending;   /* and all others */
    atomic_bool stopping; /* nothing goes to sleep any more */
    atomic_int waking;    /* threads that are about to resume a connection */
    atomic_size_t active; /* requests between their first line and the end of their answer */
};

/* What the server counts; rows in metrics.c. */
enum ServerMetric {
    METRIC_REQUESTS_REFUSED,
    METRIC_CONNECTIONS,
    METRIC_ACTIVE,
    METRIC_WORKERS_RUNNING,
    METRIC_WORKERS_QUEUED,
    METRIC_CONNECTION_LIMIT,
    METRIC_OVERLOADED,
    METRIC_DEADLINES
};

static inline int64_t server_now_us(const Server *server)
{
    return clock_monotonic_us(server->config.clock);
}

/* library.c: libmicrohttpd, which reads and writes the connections and calls us. */
struct MHD_Daemon *library_start(Server *server); /* NULL: errno says why not */

/* sockets.c: the thread that serves WebSockets, to which sockets.h hands requests. */
Sockets *sockets_create(Server *server);
void sockets_start(Sockets *sockets);
void sockets_end(Sockets *sockets);     /* closes all; none is taken in any more */
void sockets_destroy(Sockets *sockets); /* once the library has stopped; accepts NULL */

/* up.c: service_up, of each check. */
void up_open(Server *server);       /* once all checks are known and there are workers */
void up_look_again(Server *server); /* on a worker, unless that is under way; waits for nobody */
Err up_look(NamedCheck *check);     /* now */

/* metrics.c, health.c: /metrics, /healthz, /readyz. */
Metrics *server_metrics_create(Server *server);
Err health_mount(Server *server);

/* listen.c */
Err listen_open(const char *address, unsigned backlog, int *out_socket, int *out_port);

#endif
