/* The HTTP/1.1 server. Mount the operations of contracts, plain routes and embedded files; start; drain.
 *
 *     ServerConfig config = server_config_default();
 *     TRY(server_create(&config, &server));
 *     TRY(server_mount(server, &WORLD_OPERATIONS, world, false));
 *     TRY(server_start(server));
 *     …
 *     server_drain(server, 30 * 1000);
 *     server_destroy(server);
 *
 * Requests are parsed by libmicrohttpd and then held to RFC 9110 and 9112 by http/head.h: what is refused
 * there closes the connection. Every refusal is an RFC 9457 problem with the trace id. Handlers that don't
 * block run on the loop; those that only write, one after another on their service's lane, where they share
 * commits; the others on a pool of workers. Queues are bounded: 503 when one is full. */
#ifndef NERDX_HTTP_SERVER_H
#define NERDX_HTTP_SERVER_H

#include <stdatomic.h>

#include "base/asset.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "http/exchange.h"

typedef struct Server Server;

typedef struct ServerConfig {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0"; port 0 takes a free one */
    const Clock *clock;
    unsigned loops;                   /* threads that read and write; 0 = one a core */
    unsigned workers;                 /* threads for handlers that block */
    unsigned queue_limit;             /* calls that may wait for a worker */
    unsigned connection_limit;        /* shared out evenly among the loops */
    unsigned connections_per_address; /* 0 = no limit */
    unsigned backlog;                 /* connections the kernel may keep waiting for us */
    int head_timeout_ms;              /* from accept to the end of the first request's head */
    int body_timeout_ms;              /* from the end of the head to the end of the body */
    int idle_timeout_ms;    /* between requests, and for a client that has stopped reading; whole seconds */
    int request_timeout_ms; /* a handler's deadline: after it the client gets 504 */
    int heartbeat_ms;       /* a comment on event streams that are silent; a ping on WebSockets */
} ServerConfig;

ServerConfig server_config_default(void);

/* config is copied. */
Err server_create(const ServerConfig *config, Server **out);

/* ---- Before server_start ---- */

/* Every operation of a contract; service_blocks: its handlers may wait (a store over the network). */
Err server_mount(Server *server, const OperationTable *table, void *service, bool service_blocks);

typedef struct Route {
    const char *method;       /* GET answers HEAD too; OPTIONS is answered by the server */
    const char *path;         /* "/a/{name}/b"; "/files/ *" (without the blank) takes every deeper path */
    const char *name;         /* of its spans: method and path; the server's own */
    const char *consumes;     /* media type a body must have; NULL = any */
    const char *consumes_too; /* or this one; NULL = no other */
    const char *produces;     /* media type the caller must accept; NULL = not checked */
    size_t body_limit;        /* bytes; 0 = no body allowed */
    const char *limit_class;  /* how its callers are counted by a limiter; NULL = they aren't */
    uint64_t permission;      /* what the caller must be allowed; 0 = public */
    const char *permission_name;
    int time_limit_ms; /* in place of request_timeout_ms; 0 = that */
    int most_at_once;  /* requests at work, streams too; another gets 503. 0 = as many as the server takes */
    atomic_int *at_work; /* where they are counted; needed with most_at_once */
    bool blocking;       /* runs on a worker */
    bool sockets;        /* its events go over a WebSocket, too, to who asks for one */
    Pool *lane;          /* a pool of one that settles (base/settle.h) when it rests; NULL = none */
    Err (*handle)(void *context, Exchange *exchange);
    void *context;
} Route;

/* Errors: CONFLICT when the method and path are taken. The texts must outlive the server. */
Err server_route(Server *server, const Route *route);

/* Embedded files below a prefix ("/" or "/docs"): "index.html" answers for the folder itself. max_age_s: how
 * long a browser may use them unasked; 0 = it asks each time (ETag, 304). */
Err server_mount_assets(Server *server, const char *prefix, AssetTable assets, int max_age_s);

/* before: when the head is checked and routed, on the loop, in order; an error refuses the request.
 * after: when the answer is out or has failed, in reverse order; it reads what came in and the outcome, no
 * more (a handler that is too late may still be at work). Neither may block.
 * decide: when the request is whole, before its handler, for what another machine must be asked of a route with a
 * limit_class. It calls decided once, on any thread, perhaps at once; until then the exchange is the filter's. One filter
 * may have it. */
typedef void (*DecidedFn)(void *request, Err refusal);

typedef struct Filter {
    Err (*before)(void *context, Exchange *exchange);                                    /* may be NULL */
    void (*after)(void *context, const Exchange *exchange, const Outcome *outcome);      /* may be NULL */
    void (*decide)(void *context, Exchange *exchange, DecidedFn decided, void *request); /* may be NULL */
    void *context;
} Filter;

void server_add_filter(Server *server, Filter filter);

/* A named condition for /readyz, asked each time on a worker; must answer within a second or so. */
typedef Err (*ReadyCheck)(void *context);
void server_add_ready_check(Server *server, const char *name, ReadyCheck check, void *context);

/* The same of what requests are served without: while it fails, /readyz says "degraded" and still 200, for a fleet
 * whose nodes all left at once would serve nobody. */
void server_add_soft_check(Server *server, const char *name, ReadyCheck check, void *context);

/* A table to be shown at /metrics beside the server's own. Must outlive the server. */
void server_add_metrics(Server *server, const Metrics *metrics);

/* ---- Running ---- */

Err server_start(Server *server);
int server_port(const Server *server);

/* Says that it is going, and serves on: /readyz answers 503 from now on, and each answer closes its connection, so that a
 * balancer goes elsewhere before there is nobody here. */
void server_give_notice(Server *server);

/* Stops accepting, answers what has come in, ends event streams, closes idle connections. Returns false when
 * timeout_ms passed first; server_destroy then cuts off what is left. */
bool server_drain(Server *server, int timeout_ms);
void server_destroy(Server *server); /* accepts NULL, and a server that never started */

#endif
