/* From the operations of a contract to routes: one adapter for all of them. */
#include "http/inside.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "http/contract/binding.h"
#include "http/form.h"
#include "http/negotiate.h"
#include "http/row_answer.h"
#include "http/run.h"

#define JSON_MIME "application/json"
#define EVENTS_MIME "text/event-stream"

enum { MS_PER_S = 1000 };

typedef struct Mounted {
    const Operation *operation;
    void *service;
} Mounted;

static void start_stream(Call *call, EventLog *log)
{
    exchange_stream_after(call->stream_context, log, call->last_event_id);
}

static Str header(const Call *call, Str name)
{
    return exchange_header(call->stream_context, name);
}

static void put_header(Call *call, const char *name, const char *value)
{
    exchange_put_header(call->stream_context, name, value);
}

/* What goes over a WebSocket are events. */
static Err choose_form(const Operation *operation, const Request *request, bool *wants_events)
{
    Str accept = exchange_header(&request->exchange, STR("accept"));
    int json = operation->only_streams ? 0 : accept_weight(accept, STR(JSON_MIME));
    int events = operation->streams ? accept_weight(accept, STR(EVENTS_MIME)) : 0;

    *wants_events = events > json || request->wants_socket;
    if (json == 0 && events == 0 && !request->wants_socket)
        return err(NOT_ACCEPTABLE, "Accept must allow %s.",
                   operation->only_streams ? EVENTS_MIME
                   : operation->streams    ? JSON_MIME " or " EVENTS_MIME
                                           : JSON_MIME);
    return OK;
}

static void reply(Exchange *exchange, const Operation *operation, Str body)
{
    exchange_reply(exchange, operation->success_status ? operation->success_status : 200,
                   body.len ? JSON_MIME : NULL, body);
}

/* What an operation is served with, in the arena of its request. */
typedef struct Served {
    Call call; /* first */
    const Operation *operation;
} Served;

static void put_off(Call *call)
{
    run_put_off(call->stream_context);
}

static void finish(Call *call, Err result)
{
    const Operation *operation = ((Served *)call)->operation;
    Exchange *exchange = call->stream_context;
    Buf out = {.arena = &exchange->arena};

    result = binding_refusal(result);
    if (!failed(&result))
        result = binding_write(operation->binding, call, call->result, &out);
    if (!failed(&result))
        reply(exchange, operation, buf_str(&out));
    run_finish((Request *)exchange, result);
}

/* A body that came as a form is an object from here on. */
static Err take_form(const Operation *operation, Exchange *exchange, CallInput *input)
{
    if (!operation->takes_form || input->body.len == 0)
        return OK;
    return form_read(&exchange->arena, exchange_header(exchange, STR("content-type")), input->body,
                     &input->body);
}

/* Only beside a traceparent that is one (W3C Trace Context, 3.3); several lines are one list. */
static Str state_of(Request *request)
{
    static const uint8_t NONE[sizeof request->parent_id];
    Exchange *exchange = &request->exchange;
    Str state = {0};

    if (memcmp(request->parent_id, NONE, sizeof NONE) == 0)
        return state;
    for (size_t i = 0; i < exchange->header_count; i++) {
        Str line = exchange->headers[i].value;
        if (str_equal_nocase(exchange->headers[i].name, STR("tracestate")))
            state = state.data == NULL
                        ? line
                        : str_format(&exchange->arena, "%.*s,%.*s", STR_ARG(state), STR_ARG(line));
    }
    return trace_state_of(state);
}

/* Runs the operation. Its Call lives in the arena: a stream may outlive the handler's frame. */
static Err invoke(void *context, Exchange *exchange)
{
    const Mounted *mounted = context;
    const Operation *operation = mounted->operation;
    Request *request = (Request *)exchange;
    Served *served = arena_new(&exchange->arena, Served);
    Call *call = &served->call;
    CallInput input = exchange->input;
    Buf out = {.arena = &exchange->arena};

    served->operation = operation;
    *call = (Call){
        .arena = &exchange->arena,
        .service = mounted->service,
        .trace = exchange->trace,
        .tracestate = state_of(request),
        .identity = exchange->identity,
        .from_node = exchange->from_node,
        .deadline_us = request->deadline_us,
        .on_loop = run_is_on_loop(request),
        .takes_bytes = true,
        .client = exchange->origin.data != NULL ? exchange->origin : exchange->client,
        .header = header,
        .put_header = put_header,
        .last_event_id = exchange_last_event_id(exchange),
        .start_stream = start_stream,
        .stream_context = exchange,
        .put_off = operation->binding ? put_off : NULL,
        .finish = operation->binding ? finish : NULL,
    };
    if (operation->rows)
        return row_answer(operation, call, exchange);
    TRY(choose_form(operation, request, &call->wants_events));
    TRY(take_form(operation, exchange, &input));
    TRY(operation->invoke(call, &input, &out));
    if (call->is_put_off)
        return OK;
    if (call->elsewhere)
        request->wants_worker = true;
    else
        reply(exchange, operation, buf_str(&out));
    return OK;
}

/* The service's own: where the calls that share their commits run, one after another. */
static Pool *open_lane(Server *server, const OperationTable *table)
{
    assert(server->lane_count < MAX_LANES);
    Pool *lane = pool_create(table->service, 1, server->config.queue_limit);

    pool_at_rest(lane, settle_all);
    server->lanes[server->lane_count++] = lane;
    return lane;
}

static bool any_shares_commit(const OperationTable *table)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->operations[i].shares_commit)
            return true;
    return false;
}

Err server_mount(Server *server, const OperationTable *table, void *service, bool service_blocks)
{
    Pool *lane = !service_blocks && any_shares_commit(table) ? open_lane(server, table) : NULL;

    for (size_t i = 0; i < table->count; i++) {
        const Operation *operation = &table->operations[i];
        Mounted *mounted = arena_new(&server->arena, Mounted);
        *mounted = (Mounted){operation, service};
        TRY(server_route(server,
                         &(Route){
                             .method = operation->method,
                             .path = operation->path,
                             .consumes = !operation->body_limit  ? NULL
                                         : operation->takes_form ? FORM_MIME
                                                                 : JSON_MIME,
                             .consumes_too = operation->takes_form ? PARTS_MIME : NULL,
                             .body_limit = operation->body_limit,
                             .limit_class = operation->limit_class ? operation->limit_class : "default",
                             .permission = operation->permission,
                             .permission_name = operation->permission_name,
                             .time_limit_ms = operation->time_limit_s * MS_PER_S,
                             .most_at_once = operation->most_at_once,
                             .at_work = arena_new(&server->arena, atomic_int),
                             .blocking = operation->blocking || service_blocks,
                             .sockets = operation->sockets,
                             .lane = operation->shares_commit ? lane : NULL,
                             .handle = invoke,
                             .context = mounted,
                         }));
    }
    return OK;
}
