/* What a handler gets and a contract operation is. Generated code (tools/apigen) stands between the two:
 * it decodes and checks the input, calls the handler, and encodes what the handler filled in.
 *
 *     Err world_query(Call *call, const QueryInput *in, QueryResult *out);
 */
#ifndef NERDX_HTTP_CALL_H
#define NERDX_HTTP_CALL_H

#include <stdatomic.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/trace.h"
#include "http/events.h"
#include "http/identity.h"

typedef struct Call Call;
typedef struct RowWriter RowWriter; /* contract/row_writer.h */
typedef struct Shape Shape;         /* contract/shape.h */

/* Where the rows of an answer come from (operations with x-rows): next puts some more and says whether those were the last. It is called
 * again whenever the caller has taken what there was, on a worker, by one at a time, and may wait. context lasts as long as the call's arena. */
typedef struct RowSource {
    Err (*next)(void *context, RowWriter *rows, bool *is_over);
    void *context;
} RowSource;

struct Call {
    Arena *arena;        /* owns everything this call makes */
    void *service;       /* the service the operation belongs to */
    Trace trace;         /* W3C trace context */
    Str tracestate;      /* what others of the trace know of it, handed on as it came; absent: nothing */
    Identity identity;   /* who is asking */
    bool from_node;      /* by another process of ours, which has checked what they may */
    int64_t deadline_us; /* monotonic clock; 0 = none */
    const atomic_bool
        *cancelled; /* NULL, or set once nobody wants the answer any more: what takes long looks at it */

    /* Handlers that wait for nothing run on the loop thread; one that turns out to (x-blocking-with) is run again. */
    bool on_loop;
    bool elsewhere; /* call_elsewhere was called: there is no answer yet */

    /* A caller who takes bytes (HTTP) may get an answer that was written before: a handler that has it sets `written` (a copy
     * in the arena, with its NUL) and leaves its output alone; one that wants to keep what is about to be written sets `keep`. */
    bool takes_bytes;
    Str written;
    void (*keep)(void *context, Str written);
    void *keep_context;

    /* What only a caller over HTTP has; else absent and NULL. */
    Str client;                                /* its address, without the port, behind proxies too */
    Str (*header)(const Call *call, Str name); /* a request header; absent when there is none */
    void (*put_header)(Call *call, const char *name,
                       const char *value); /* of the answer; lasts as long as the arena */

    /* Event streams (operations with x-events). A handler that wants to answer with events calls call_stream
     * once, before its first event; from then on its Err is only logged, the stream carries its own `error`
     * event. */
    bool wants_events;      /* the caller asked for text/event-stream */
    uint64_t last_event_id; /* from Last-Event-ID, 0 = from the start */
    void (*start_stream)(Call *call, EventLog *log);
    void *stream_context; /* for start_stream and the headers: the server's own */
    bool streaming;       /* call_stream was called: there is no other answer */

    RowSource rows; /* set by the handler of an operation with x-rows */

    /* Answers that are waited for without a thread. A handler may say call_put_off and return OK; its answer is then made by
     * others, and the last of them calls finish, once, as the last thing that is done with the call. All that the handler was given
     * lasts until then. NULL where whoever calls waits for the handler. Operations with x-events and a JSON answer only. */
    void (*put_off)(Call *call);
    void (*finish)(Call *call, Err result);
    bool is_put_off;
    const void *result; /* what the handler fills in; set by generated code */
};

typedef struct Binding Binding;

/* One named text from the path or the query string. */
typedef struct Param {
    Str name;
    Str value; /* percent-decoded, valid UTF-8 */
} Param;

typedef struct Params {
    const Param *items;
    size_t count;
} Params;

/* What came in, after the server's own checks and before the contract's. */
typedef struct CallInput {
    Params path;
    Params query;
    Str body; /* absent when the request had none */
} CallInput;

/* An operation of the contract, as generated: a row in a const table a service. */
typedef struct Operation {
    const char *id;              /* "world_query": also the name of the handler */
    const char *method;          /* "POST" */
    const char *path;            /* "/api/v1/world-model/entity/{id}" */
    const char *summary;         /* one line, for docs and agents */
    size_t body_limit;           /* bytes; 0 = no body allowed */
    bool takes_form;             /* the body is a form, which becomes an object of texts */
    uint64_t permission;         /* x-permission: what the caller needs; 0 = public */
    const char *permission_name; /* "world:read"; NULL = public */
    const char *limit_class;     /* x-limit-class: how a limiter counts its callers; NULL = as most */
    int time_limit_s;            /* x-seconds: must be answered within this; 0 = as the server has it */
    int most_at_once; /* x-at-once: so many calls at work; 0 = as many as there are workers and places to wait */
    bool blocking;    /* x-blocking: may wait (disk, network, LLM): never on the loop thread */
    bool shares_commit; /* x-shares-commit: waits for nothing but its own commits */
    bool streams;       /* x-events: can answer as text/event-stream */
    bool sockets;       /* x-websocket: over a WebSocket, too */
    bool only_streams;  /* has no JSON answer */
    const Shape *rows;  /* x-rows: of each row of its answer; NULL = it isn't made of rows */
    int success_status;
    Err (*invoke)(Call *call, const CallInput *in, Buf *out); /* decode, check, call the handler, encode */
    const Binding *binding; /* encodes an answer that was put off; NULL where none can be */
} Operation;

typedef struct OperationTable {
    const char *service; /* "world" */
    const Operation *operations;
    size_t count;
} OperationTable;

/* Answers this call with the events of a log (which the server retains), from last_event_id on, which a handler
 * may set back. */
static inline void call_stream(Call *call, EventLog *log)
{
    call->streaming = true;
    call->start_stream(call, log);
}

/* Has the whole call made again on a worker, where it may wait. */
static inline Err call_elsewhere(Call *call)
{
    call->elsewhere = true;
    return OK;
}

/* The answer comes later, and call->finish ends the call. Only where call->finish isn't NULL. */
static inline void call_put_off(Call *call)
{
    call->is_put_off = true;
    call->put_off(call);
}

/* The call another service gets from this one, in the same process: same arena, caller and deadline,
 * a span of its own, no events. */
static inline Call call_child(const Call *call, void *service)
{
    return (Call){
        .arena = call->arena,
        .service = service,
        .trace = trace_child(&call->trace),
        .tracestate = call->tracestate,
        .identity = call->identity,
        .deadline_us = call->deadline_us,
        .cancelled = call->cancelled,
    };
}

static inline bool call_is_cancelled(const Call *call)
{
    return call->cancelled != NULL && atomic_load(call->cancelled);
}

#endif
