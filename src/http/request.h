/* Inside the server: a request from its first line to the end of its answer, and the server itself.
 *
 * A request is counted: its connection holds one reference, a worker that runs its handler another. Its phase
 * says who may touch the answer. It is changed by exchange, so that exactly one side wakes the connection:
 *
 *     RUNNING  --handler returns or begins a stream-->  ANSWERED            (the loop has not gone to sleep)
 *     RUNNING  --the loop suspends the connection-->    ASLEEP
 *     ASLEEP   --handler returns or begins a stream-->  ANSWERED            and the connection is resumed
 *     ASLEEP   --deadline, or the server ends-->        GIVEN_UP            and the connection is resumed
 */
#ifndef NERDX_HTTP_REQUEST_H
#define NERDX_HTTP_REQUEST_H

#include <microhttpd.h>

#include "base/pool.h"
#include "base/settle.h"
#include "http/connections.h"
#include "http/head.h"
#include "http/routes.h"
#include "http/server.h"

typedef struct Request Request;
typedef struct Stream Stream;

typedef enum Stage {
    STAGE_HEAD,   /* the request line is there */
    STAGE_BODY,   /* the head has been accepted: the body follows, if any */
    STAGE_HANDLED /* the handler has been called */
} Stage;

enum Phase { PHASE_RUNNING, PHASE_ASLEEP, PHASE_ANSWERED, PHASE_GIVEN_UP };

struct Request {
    Exchange exchange; /* first: a handler's Exchange is its Request */
    Server *server;
    struct MHD_Connection *link;
    Connection *connection;
    const Route *route;
    const char *allow;
    Head head;
    Header headers[HEAD_MAX_HEADERS];

    Stage stage;
    Outcome outcome;
    bool closing; /* the connection ends with this answer */
    bool refused;
    Refusal refusal;
    char *body; /* in the arena while small, then on the heap */
    size_t body_len;
    size_t body_capacity;
    bool body_on_heap;

    atomic_int references;
    atomic_int phase;
    bool watched;          /* in the server's list below */
    Request *next_watched; /* guarded by watch_lock */
    Request *previous_watched;
    int64_t deadline_us;
    Arena spare;           /* for what the loop writes while a handler may still use the arena */
    Settlement settlement; /* of a call on a lane */
    EventLog *events;
    Stream *stream;
    Request *next_free;
};

enum { MAX_FILTERS = 8, MAX_READY_CHECKS = 16, MAX_METRICS = 16, MAX_LANES = 16, MAX_FREE_REQUESTS = 256 };

typedef struct NamedCheck {
    const char *name;
    ReadyCheck check;
    void *context;
} NamedCheck;

struct Server {
    ServerConfig config;
    char *listen;
    Arena arena; /* what mounting makes */
    Routes routes;
    Filter filters[MAX_FILTERS];
    size_t filter_count;
    NamedCheck checks[MAX_READY_CHECKS];
    size_t check_count;
    const Metrics *shown[MAX_METRICS];
    size_t shown_count;
    Metrics *metrics;

    struct MHD_Daemon *daemon;
    Pool *pool;
    Pool *lanes[MAX_LANES];
    size_t lane_count;
    Connections connections;
    int port;
    int socket;
    atomic_bool draining; /* answers say Connection: close, /readyz says no */
    atomic_bool ending;   /* event streams end */
    atomic_bool stopping; /* nothing goes to sleep any more */
    atomic_int waking;    /* threads that are about to resume a connection */
    atomic_size_t active; /* requests between their first line and the end of their answer */

    pthread_mutex_t watch_lock;
    Request *watched; /* asleep or streaming: looked at by the keeper */
    pthread_mutex_t free_lock;
    Request *free_requests;
    size_t free_count;

    pthread_t keeper;
    bool keeper_started;
    pthread_mutex_t keeper_lock;
    pthread_cond_t keeper_wakes;
    bool keeper_ends;
};

/* What the server counts; rows in metrics.c. */
enum ServerMetric {
    METRIC_REQUESTS_REFUSED,
    METRIC_CONNECTIONS,
    METRIC_ACTIVE,
    METRIC_WORKERS_RUNNING,
    METRIC_WORKERS_QUEUED,
    METRIC_OVERLOADED,
    METRIC_DEADLINES
};

static inline int64_t server_now_us(const Server *server)
{
    return clock_monotonic_us(server->config.clock);
}

/* request.c: the life of a request. */
Request *request_create(Server *server, struct MHD_Connection *link, Connection *connection,
                        const char *target);
void request_retain(Request *request);
void request_release(Request *request);
void request_finish(Request *request, bool aborted); /* the connection's reference ends */

/* intake.c: from the head to the whole body. */
void request_take_head(Request *request, const char *method, const char *version);
bool request_take_body(Request *request, const char *data, size_t len); /* false: end the connection */
bool request_refuses_body(const Request *request); /* the answer must not wait for the body */
void request_check_body(Request *request);
void request_refuse(Request *request, int status, Err error);

/* run.c: calling the handler, here or on a worker. */
void request_run(Request *request);
void request_answered(Request *request); /* from any thread: there is something to send */
void request_give_up(Request *request);  /* from any thread: the handler is too late */

/* answer.c: from the exchange to the wire. */
enum MHD_Result request_answer(Request *request);
void request_send_refusal(Request *request); /* straight to the socket, where the library can't */

/* stream.c: an answer made of events. */
struct MHD_Response *stream_response(Request *request);
void stream_tick(Request *request, int64_t now_us); /* under watch_lock */
void stream_wake(Request *request);
void stream_finish(Request *request);

/* keeper.c: the thread that looks after deadlines, heartbeats and slow clients. */
void keeper_start(Server *server);
void keeper_stop(Server *server);
void keeper_watch(Request *request);
void keeper_unwatch(Request *request);
void keeper_wake_all(Server *server);

/* metrics.c, health.c: /metrics, /healthz, /readyz. */
Metrics *server_metrics_create(Server *server);
Err health_mount(Server *server);

/* listen.c */
Err listen_open(const char *address, unsigned backlog, int *out_socket, int *out_port);

#endif
