/* A request from its first line to the end of its answer. It is counted: its connection holds one reference, a
 * worker that runs its handler another. phase.h says who may touch the answer. */
#ifndef NERDX_HTTP_REQUEST_H
#define NERDX_HTTP_REQUEST_H

#include <microhttpd.h>

#include "base/settle.h"
#include "base/span.h"
#include "http/connections.h"
#include "http/head.h"
#include "http/keeper.h"
#include "http/routes.h"

typedef struct Request Request;
typedef struct Stream Stream;
typedef struct Flow Flow;

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
    Header *headers;      /* in the arena: as many as there are, HEAD_MAX_HEADERS at the most */
    uint8_t parent_id[8]; /* of the span that asks; zeros: there is none */

    Stage stage; /* from here on everything begins at zero */
    Outcome outcome;
    bool is_kept_before;    /* its trace is, as whoever asks says, a stranger too */
    bool is_recorded;       /* span_root_open has taken its span in */
    bool is_spent;          /* its work is over, and its span has ended */
    bool closing;           /* the connection ends with this answer */
    bool sent;              /* the answer went out past the library's own way */
    const Refusal *refusal; /* NULL: it isn't refused */
    char *body;             /* in the arena while small, then on the heap */
    size_t body_len;
    size_t body_capacity;
    bool body_on_heap;

    atomic_int references;
    atomic_int phase;
    Watched sleeper; /* while it sleeps */
    int64_t deadline_us;
    bool is_put_off;        /* the handler has returned, or will, before there is an answer */
    bool is_at_work;        /* counted in its route */
    bool wants_worker;      /* the handler was run on the loop and turned out to wait */
    Arena spare;            /* for what the loop writes while a handler may still use the arena */
    Settlement *settlement; /* of a call on a lane */
    EventLog *events;
    bool wants_socket;     /* its events go over a WebSocket */
    uint64_t events_after; /* the reader has them up to this one */
    Stream *stream;
    Flow *flow;
    Request *next_free;
};

/* Those that are over, kept with the first blocks of their arenas. */
typedef struct RequestStore {
    pthread_mutex_t lock;
    Request *free;
    size_t count;
} RequestStore;

void request_store_init(RequestStore *store);
void request_store_finish(RequestStore *store);

Request *request_create(Server *server, struct MHD_Connection *link, Connection *connection,
                        const char *target);
void request_retain(Request *request);
void request_release(Request *request);

/* Counts it among those of its route that are at work, until it is over; false when there are as many as may be. */
bool request_come_in(Request *request);

/* From now on the exchange points to nothing of the connection, which may go on or end before a worker has
 * returned. Its head must have passed head_check. */
void request_own_head(Request *request);

/* Its answer is this refusal; the first one counts. status: see Refusal. */
void request_refuse(Request *request, int status, Err error);

/* Whether its events end now because the server stops. */
bool request_must_end(const Request *request);

#endif
