#include "http/answer.h"

#include <stdio.h>
#include <sys/socket.h>

#include "base/log.h"
#include "http/flow.h"
#include "http/inside.h"
#include "http/phase.h"
#include "http/problem.h"
#include "http/request_span.h"
#include "http/sockets.h"
#include "http/stream.h"
#include "http/upgrade.h"

enum { UNKNOWN_CALLER = 401 };

/* Statuses that are about HTTP itself, for which there is no error code. */
typedef struct Protocol {
    int status;
    const char *name;
    const char *title;
} Protocol;

static const Protocol PROTOCOL[] = {
    {414, "target-too-long", "The target is too long"},
    {417, "expectation-failed", "The expectation cannot be met"},
    {UPGRADE_REQUIRED, "upgrade-required", "This version of WebSocket is not spoken here"},
    {431, "head-too-large", "The head is too large"},
    {501, "not-implemented", "Not implemented"},
    {505, "http-version", "This version of HTTP is not spoken here"},
};

static const Protocol *protocol_of(int status)
{
    for (size_t i = 0; i < sizeof PROTOCOL / sizeof *PROTOCOL; i++)
        if (PROTOCOL[i].status == status)
            return &PROTOCOL[i];
    return NULL;
}

static void put_refusal(Buf *out, const Refusal *refusal, const Trace *trace)
{
    const Protocol *protocol = protocol_of(refusal->status);
    char id[TRACE_ID_TEXT];

    if (!protocol) {
        problem_put(out, &refusal->error, trace);
        return;
    }
    trace_id_print(trace, id);
    buf_format(out, "{\"type\":\"/problems/%s\",\"title\":\"%s\",\"status\":%d,\"detail\":", protocol->name,
               protocol->title, protocol->status);
    json_put_string(out, str_from(refusal->error.message));
    buf_format(out, ",\"instance\":\"urn:trace:%s\"}", id);
}

static int status_of(const Refusal *refusal)
{
    return refusal->status ? refusal->status : err_kind(refusal->error.code)->status;
}

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (MHD_add_response_header(response, name, value) != MHD_YES)
        log_error("a response header was refused", log_chars("name", name));
}

static struct MHD_Response *response_of(Str body, const char *content_type)
{
    /* The library doesn't write to it, and lets go of it before the arena ends. */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.data, MHD_RESPMEM_PERSISTENT);

    if (response && content_type)
        add_header(response, "Content-Type", content_type);
    return response;
}

/* Every 401 says how to do better (RFC 9110, 11.6.1; RFC 6750, 3). */
static const char *challenge_of(const Exchange *exchange)
{
    return exchange->challenge ? exchange->challenge : "Bearer realm=\"nerdx\"";
}

static struct MHD_Response *refusal_response(Request *request, const Refusal *refusal)
{
    Buf body = {.arena = &request->spare};
    char seconds[16];

    put_refusal(&body, refusal, &request->exchange.trace);
    struct MHD_Response *response = response_of(buf_str(&body), PROBLEM_MIME);
    if (response && refusal->error.retry_after_s > 0) {
        (void)snprintf(seconds, sizeof seconds, "%d", refusal->error.retry_after_s);
        add_header(response, "Retry-After", seconds);
    }
    if (response && status_of(refusal) == UNKNOWN_CALLER)
        add_header(response, "WWW-Authenticate", challenge_of(&request->exchange));
    request->outcome.status = status_of(refusal);
    request->outcome.error = &refusal->error;
    request->outcome.bytes = body.len;
    return response;
}

static struct MHD_Response *plain_response(Request *request)
{
    const Exchange *exchange = &request->exchange;

    request->outcome.status = exchange->status;
    request->outcome.bytes = exchange->body.len;
    return response_of(exchange->body, exchange->content_type);
}

/* The handler hasn't returned, and may be writing to the exchange: nothing of it may be read here. */
static struct MHD_Response *late_response(Request *request)
{
    bool stopping = atomic_load(&request->server->stopping);
    const Refusal late = {0, stopping ? err(UNAVAILABLE, "The server is shutting down.")
                                      : err(TIMED_OUT, "The answer took too long.")};

    struct MHD_Response *response = refusal_response(request, &late);
    request->outcome.error = NULL;
    return response;
}

/* Somebody follows it for as long as they like: that is no work of its request. */
static struct MHD_Response *events_response(Request *request)
{
    struct MHD_Response *response =
        request->wants_socket ? sockets_response(request) : stream_response(request);

    if (event_log_is_to_come_back(request->events))
        request_span_end(request, server_now_us(request->server) - request->exchange.start_us);
    return response;
}

static struct MHD_Response *choose_response(Request *request, bool late)
{
    if (late)
        return late_response(request);
    if (request->refusal)
        return refusal_response(request, request->refusal);
    if (request->events)
        return events_response(request);
    if (request->exchange.rest)
        return flow_response(request);
    return plain_response(request);
}

static bool any_reply_header(const Exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->reply_header_count; i++)
        if (str_equal_nocase(str_from(exchange->reply_headers[i].name), str_from(name)))
            return true;
    return false;
}

static void add_headers(Request *request, struct MHD_Response *response, bool late)
{
    const Exchange *exchange = &request->exchange;
    char traceparent[TRACE_TEXT];

    trace_print(&exchange->trace, traceparent);
    add_header(response, "traceparent", traceparent);
    add_header(response, "X-Content-Type-Options", "nosniff");
    if (late) {
        add_header(response, "Cache-Control", "no-store");
    } else {
        for (size_t i = 0; i < exchange->reply_header_count; i++)
            add_header(response, exchange->reply_headers[i].name, exchange->reply_headers[i].value);
        if (!any_reply_header(exchange, "Cache-Control"))
            add_header(response, "Cache-Control", "no-store");
    }
    if (request->outcome.status == UPGRADE_SWITCHING)
        return; /* nothing of HTTP comes after it */
    if (request->closing || atomic_load_explicit(&request->server->draining, memory_order_relaxed))
        add_header(response, "Connection", "close");
}

enum MHD_Result answer_queue(Request *request)
{
    bool late = phase_was_given_up(request);

    keeper_unwatch(&request->server->keeper, &request->sleeper);
    struct MHD_Response *response = choose_response(request, late);
    if (!response)
        return MHD_NO;
    add_headers(request, response, late);
    if (str_equal(request->head.method, STR("HEAD")) || request->outcome.status == 304)
        request->outcome.bytes = 0;
    enum MHD_Result result = MHD_queue_response(request->link, (unsigned)request->outcome.status, response);
    MHD_destroy_response(response);
    return result;
}

void answer_at_once(Request *request)
{
    Buf body = {.arena = &request->spare};
    Buf out = {.arena = &request->spare};
    const Refusal *refusal = request->refusal;
    char traceparent[TRACE_TEXT];

    trace_print(&request->exchange.trace, traceparent);
    put_refusal(&body, refusal, &request->exchange.trace);
    buf_format(&out, "HTTP/1.1 %d Refused\r\nContent-Type: " PROBLEM_MIME "\r\nContent-Length: %zu\r\n",
               status_of(refusal), body.len);
    buf_format(&out, "traceparent: %s\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n", traceparent);
    buf_put(&out, buf_str(&body));
    request->outcome.status = status_of(refusal);
    request->outcome.error = &refusal->error;
    request->outcome.bytes = body.len;
    ssize_t sent = send(request->connection->socket, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    request->sent = sent == (ssize_t)out.len;
}
