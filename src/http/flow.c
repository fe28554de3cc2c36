#include "http/flow.h"

#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "http/inside.h"

/* The piece is the loop's, or while it is being made a worker's; whose it is changes under the lock. The connection sleeps only while a worker
 * has it, so that there is always somebody to wake it, and the keeper when the server ends. */
struct Flow {
    Watched watched; /* first */
    Request *request;
    atomic_int references; /* the connection's, and the worker's that makes a piece */
    pthread_mutex_t lock;
    bool is_made; /* by a worker, now */
    bool asleep;
    bool ends; /* the server does */
    Arena arena;
    Str piece; /* what the library hasn't taken of it */
    bool is_over;
    bool is_broken;
};

enum { LIBRARY_BLOCK = 16 * 1024 };

static void release(Flow *flow)
{
    if (atomic_fetch_sub_explicit(&flow->references, 1, memory_order_acq_rel) > 1)
        return;
    arena_finish(&flow->arena);
    pthread_mutex_destroy(&flow->lock);
    memory_free(flow);
}

/* With the lock. */
static void wake(Flow *flow)
{
    if (flow->asleep)
        MHD_resume_connection(flow->request->link);
    flow->asleep = false;
}

/* On a worker. */
static void make_piece(void *context)
{
    Flow *flow = context;
    Request *request = flow->request;
    const FlowSource *rest = request->exchange.rest;

    arena_reset(&flow->arena);
    Err e = rest->next(rest->context, &flow->arena, &flow->piece, &flow->is_over);
    if (failed(&e))
        log_warn("an answer breaks off", log_err(&e), log_chars("route", request->exchange.route),
                 log_trace(&request->exchange.trace));
    flow->is_broken = failed(&e);
    {
        MUTEX_HOLD(&flow->lock);
        flow->is_made = false;
        wake(flow);
    }
    release(flow);
    request_release(request);
}

/* On the loop. False: the workers have too much to do. */
static bool order_piece(Flow *flow)
{
    request_retain(flow->request);
    atomic_fetch_add_explicit(&flow->references, 1, memory_order_relaxed);
    flow->is_made = true;
    if (pool_submit_later(flow->request->server->pool, make_piece, flow))
        return true;
    flow->is_made = false;
    release(flow);
    request_release(flow->request);
    return false;
}

typedef enum Turn { TURN_OURS, TURN_ASLEEP, TURN_ENDS } Turn;

/* The connection sleeps while a piece is made. */
static Turn take_turn(Flow *flow)
{
    MUTEX_HOLD(&flow->lock);
    if (flow->ends)
        return TURN_ENDS;
    if (!flow->is_made)
        return TURN_OURS;
    MHD_suspend_connection(flow->request->link);
    flow->asleep = true;
    return TURN_ASLEEP;
}

static ssize_t give_piece(Flow *flow, char *out, size_t room)
{
    size_t len = flow->piece.len < room ? flow->piece.len : room;

    memcpy(out, flow->piece.data, len);
    flow->piece = str_slice(flow->piece, len, flow->piece.len);
    flow->request->outcome.bytes += len;
    return (ssize_t)len;
}

/* Called by the library when it can send more. */
static ssize_t read_flow(void *context, uint64_t position, char *out, size_t room)
{
    Flow *flow = context;

    (void)position;
    for (;;) {
        Turn turn = take_turn(flow);
        if (turn == TURN_ASLEEP)
            return 0;
        if (turn == TURN_ENDS)
            return MHD_CONTENT_READER_END_WITH_ERROR;
        if (flow->piece.len > 0 && !flow->is_broken)
            return give_piece(flow, out, room);
        if (flow->is_over && !flow->is_broken)
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (flow->is_broken || !order_piece(flow))
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
}

static void look(Watched *watched, int64_t now_us)
{
    Flow *flow = (Flow *)watched;

    (void)now_us;
    if (!atomic_load(&flow->request->server->ending))
        return;
    MUTEX_HOLD(&flow->lock);
    flow->ends = true;
    wake(flow);
}

struct MHD_Response *flow_response(Request *request)
{
    Flow *flow = memory_new(Flow);

    flow->watched.look = look;
    flow->request = request;
    atomic_init(&flow->references, 1);
    pthread_mutex_init(&flow->lock, NULL);
    flow->piece = request->exchange.body;
    flow->ends = atomic_load(&request->server->ending);
    request->flow = flow;
    request->outcome.status = request->exchange.status;
    keeper_watch(&request->server->keeper, &flow->watched);

    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, LIBRARY_BLOCK, read_flow, flow, NULL);
    if (response)
        (void)MHD_add_response_header(response, "Content-Type", request->exchange.content_type);
    return response;
}

/* The connection is over, and awake: a worker that is still at it wakes nobody any more. */
void flow_finish(Request *request)
{
    Flow *flow = request->flow;

    if (!flow)
        return;
    keeper_unwatch(&request->server->keeper, &flow->watched);
    {
        MUTEX_HOLD(&flow->lock);
        flow->asleep = false;
    }
    request->flow = NULL;
    release(flow);
}
