#include "http/run.h"

#include <assert.h>

#include "base/log.h"
#include "http/inside.h"
#include "http/phase.h"

/* What the handler has said, unless a stream has begun: then its error is for the log. */
static void conclude(Request *request, Err error)
{
    if (request->events) {
        if (failed(&error))
            log_warn("a handler failed after its event stream had begun", log_err(&error),
                     log_chars("route", request->exchange.route), log_trace(&request->exchange.trace));
        return;
    }
    if (failed(&error))
        request_refuse(request, 0, error);
    else if (!request->exchange.status)
        request_refuse(request, 0,
                       err_detail(err(INTERNAL, "The request was not answered."), "no reply by handler"));
    phase_answered(request);
}

static Err call_handler(Request *request)
{
    AUTO_DOING const Trace *before = span_enter(&request->exchange.trace);

    return request->route->handle(request->route->context, &request->exchange);
}

/* When its turn has come: a client that has its 504 by now needs no work done. */
static Err call_in_time(Request *request)
{
    if (server_now_us(request->server) >= request->deadline_us)
        return err(TIMED_OUT, "The request waited too long for its turn.");
    return call_handler(request);
}

static void end_turn(void *context, Err error)
{
    Request *request = context;

    if (!request->is_put_off)
        conclude(request, error);
    request_release(request);
}

void run_put_off(Request *request)
{
    assert(!run_is_on_loop(request) && !request->route->lane);
    request->is_put_off = true;
    request_retain(request);
}

void run_finish(Request *request, Err error)
{
    conclude(request, error);
    request_release(request);
}

static void run_on_worker(void *context)
{
    end_turn(context, call_in_time(context));
}

/* What it writes becomes durable with what its neighbours write; its answer leaves then. */
static void run_on_lane(void *context)
{
    Request *request = context;

    request->settlement = arena_new(&request->exchange.arena, Settlement);
    settlement_open(request->settlement, end_turn, request);
    settlement_close(request->settlement, call_in_time(request));
}

static bool submit(Request *request)
{
    Pool *lane = request->route->lane;

    return lane ? pool_submit(lane, run_on_lane, request)
                : pool_submit(request->server->pool, run_on_worker, request);
}

static Err overloaded(const Server *server)
{
    metrics_add(server->metrics, METRIC_OVERLOADED, 0, 1);
    return err_retry_after(err(UNAVAILABLE, "Too much to do at the moment."), 1);
}

static void turn_away(Request *request)
{
    request_refuse(request, 0, overloaded(request->server));
    phase_answered(request);
}

static void hand_over(Request *request)
{
    Server *server = request->server;

    request_own_head(request);
    request_retain(request);
    if (!atomic_load(&server->stopping) && submit(request)) {
        phase_fall_asleep(request);
        return;
    }
    request_release(request);
    turn_away(request);
}

bool run_is_on_loop(const Request *request)
{
    return !request->route->blocking && !request->route->lane && !request->wants_worker;
}

/* On whatever thread the decision has come; the request is retained, and its connection sleeps or is about to. */
static void on_decided(void *context, Err refusal)
{
    Request *request = context;

    request->wants_worker = true;
    if (!failed(&refusal)) {
        if (!atomic_load(&request->server->stopping) && submit(request))
            return;
        refusal = overloaded(request->server);
    }
    request_refuse(request, 0, refusal);
    phase_answered(request);
    request_release(request);
}

/* False when nobody has to be asked first. */
static bool wait_for_decision(Request *request)
{
    const Filter *decider = &request->server->decider;

    if (!decider->decide || !request->exchange.limit_class)
        return false;
    request_own_head(request);
    request_retain(request);
    decider->decide(decider->context, &request->exchange, on_decided, request);
    phase_fall_asleep(request);
    return true;
}

static void run_on_loop(Request *request)
{
    Err error = call_handler(request);

    if (request->wants_worker)
        hand_over(request);
    else
        conclude(request, error);
}

static int64_t deadline_of(const Request *request)
{
    const Route *route = request->route;
    int limit_ms =
        route && route->time_limit_ms ? route->time_limit_ms : request->server->config.request_timeout_ms;

    return request->exchange.start_us + (int64_t)limit_ms * 1000;
}

void run_handler(Request *request)
{
    request->stage = STAGE_HANDLED;
    request->deadline_us = deadline_of(request);
    atomic_store_explicit(&request->connection->deadline_us, 0, memory_order_relaxed);
    if (request->refusal || !request->route)
        phase_answered(request);
    else if (!request_come_in(request))
        turn_away(request);
    else if (wait_for_decision(request))
        return;
    else if (!run_is_on_loop(request))
        hand_over(request);
    else
        run_on_loop(request);
}
