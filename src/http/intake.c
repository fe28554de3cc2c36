#include "http/intake.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "http/inside.h"
#include "http/negotiate.h"
#include "http/target.h"
#include "http/upgrade.h"

/* A refused body up to this size is read and dropped, so that the connection lives on; a larger one isn't
 * waited for. */
enum { DROPPED_BODY_MAX = 64 * 1024, SMALL_BODY = 16 * 1024 };

static void refuse_and_close(Request *request, int status, Err error)
{
    request_refuse(request, status, error);
    request->closing = request->connection->more_to_come = true;
}

static enum MHD_Result note_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_len,
                                   const char *value, size_t value_len)
{
    Request *request = context;
    size_t *count = &request->head.header_count;

    (void)kind;
    if (*count < HEAD_MAX_HEADERS)
        request->headers[*count] = (Header){{name, name_len}, {value ? value : "", value_len}};
    *count += 1;
    return MHD_YES;
}

static Header *header_room(Request *request)
{
    int count = MHD_get_connection_values_n(request->link, MHD_HEADER_KIND, NULL, NULL);

    return arena_array(&request->exchange.arena, Header,
                       count < HEAD_MAX_HEADERS ? (size_t)count : HEAD_MAX_HEADERS);
}

static void read_head(Request *request, const char *method, const char *version)
{
    Head *head = &request->head;
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(request->link, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

    head->bytes = (Str){method, size ? size->header_size : 0};
    head->method = str_from(method);
    head->target = request->exchange.target;
    head->version = str_from(version);
    request->headers = header_room(request);
    head->headers = request->headers;
    (void)MHD_get_connection_values_n(request->link, MHD_HEADER_KIND, note_header, request);
    request->exchange.method = head->method;
    request->exchange.headers = request->headers;
    request->exchange.header_count =
        head->header_count < HEAD_MAX_HEADERS ? head->header_count : HEAD_MAX_HEADERS;
}

static bool has_body(const Head *head)
{
    return head->chunked || head->content_length > 0;
}

static Err find_route(Request *request)
{
    Exchange *exchange = &request->exchange;
    Target target;
    RouteMatch match;

    TRY(target_parse(exchange->method, exchange->target, request->head.known[HEADER_HOST], &target));
    TRY(target_parse_query(&exchange->arena, target.query, &exchange->input.query));
    if (target.path.data[0] == '*') {
        request->allow = "GET, HEAD, POST, OPTIONS";
        return OK;
    }
    TRY(routes_find(&request->server->routes, &exchange->arena, exchange->method, target.path, &match));
    exchange->input.path = match.params;
    exchange->tail = match.tail;
    request->allow = match.allow;
    request->route = match.route;
    if (match.route) {
        exchange->route = match.route->path;
        exchange->limit_class = match.route->limit_class;
    }
    return OK;
}

static void refuse_unrouted(Request *request)
{
    Exchange *exchange = &request->exchange;

    if (!request->allow) {
        request_refuse(request, 0, err(NOT_FOUND, "There is nothing at this path."));
        return;
    }
    exchange_put_header(exchange, "Allow", request->allow);
    if (str_equal(exchange->method, STR("OPTIONS")))
        exchange->status = 204;
    else
        request_refuse(
            request, 0,
            err(NOT_ALLOWED, "This path takes %s, not %.*s.", request->allow, STR_ARG(exchange->method)));
}

static void check_length(Request *request)
{
    size_t limit = request->route ? request->route->body_limit : 0;

    if (request->head.content_length > (int64_t)limit)
        request_refuse(request, 0,
                       limit ? err(TOO_LARGE, "The body has %lld bytes; here it may have %zu.",
                                   (long long)request->head.content_length, limit)
                             : err(TOO_LARGE, "This request takes no body."));
}

/* Before the body is waited for: a stranger's isn't read. What another process asks for has been checked there, as what
 * services ask each other within one has. */
static void check_permission(Request *request)
{
    const Route *route = request->route;
    Err e = identity_check(&request->exchange.identity, route->permission, route->permission_name);

    if (failed(&e) && !request->exchange.from_node)
        request_refuse(request, 0, e);
}

static bool is_media_of(const Route *route, Str type)
{
    return media_type_is(type, str_from(route->consumes)) ||
           (route->consumes_too && media_type_is(type, str_from(route->consumes_too)));
}

static void check_media(Request *request)
{
    const Head *head = &request->head;
    const Route *route = request->route;

    if (head->known[HEADER_CONTENT_ENCODING].data &&
        !str_equal_nocase(head->known[HEADER_CONTENT_ENCODING], STR("identity")))
        request_refuse(request, 0, err(UNSUPPORTED, "Content-Encoding: only identity is taken."));
    if (route->consumes && has_body(head) && !is_media_of(route, head->known[HEADER_CONTENT_TYPE]))
        request_refuse(request, 0,
                       err(UNSUPPORTED, "Content-Type must be %s%s%s.", route->consumes,
                           route->consumes_too ? " or " : "",
                           route->consumes_too ? route->consumes_too : ""));
    if (route->produces && !accepts_media(head->known[HEADER_ACCEPT], str_from(route->produces)))
        request_refuse(request, 0, err(NOT_ACCEPTABLE, "Accept must allow %s.", route->produces));
}

/* Who asks for a WebSocket where there is none gets what others get (RFC 9110, 7.8). */
static void check_upgrade(Request *request)
{
    Exchange *exchange = &request->exchange;

    if (request->refusal || !request->route->sockets || !upgrade_is_asked(exchange) ||
        !str_equal(request->head.version, STR("HTTP/1.1")))
        return;
    Err e = upgrade_check(exchange);
    request->wants_socket = !failed(&e);
    if (e.code == UNSUPPORTED) {
        exchange_put_header(exchange, "Upgrade", "websocket");
        exchange_put_header(exchange, "Sec-WebSocket-Version", "13");
    }
    if (failed(&e))
        request_refuse(request, e.code == UNSUPPORTED ? UPGRADE_REQUIRED : 0, e);
}

static void run_filters(Request *request)
{
    Server *server = request->server;

    for (size_t i = 0; i < server->filter_count && !request->refusal; i++) {
        if (!server->filters[i].before)
            continue;
        Err e = server->filters[i].before(server->filters[i].context, &request->exchange);
        if (failed(&e))
            request_refuse(request, 0, e);
    }
}

static void admit(Request *request)
{
    Err e = find_route(request);

    if (failed(&e)) {
        refuse_and_close(request, 0, e);
        return;
    }
    run_filters(request);
    if (request->refusal)
        return;
    if (!request->route) {
        refuse_unrouted(request);
    } else {
        check_permission(request);
        check_media(request);
        check_length(request);
        check_upgrade(request);
    }
    if (request->refusal && has_body(&request->head) && intake_refuses_body(request))
        request->closing = request->connection->more_to_come = true;
}

/* A wrong traceparent is none (W3C Trace Context, 4.3). */
static void read_trace(Request *request)
{
    Trace parent;
    bool has_parent = trace_parse(request->head.known[HEADER_TRACEPARENT], &parent);

    request->exchange.trace = has_parent ? trace_child(&parent) : trace_new();
    if (has_parent)
        memcpy(request->parent_id, parent.span_id, sizeof request->parent_id);
}

/* What a stranger says of which traces are to be kept counts for nothing, here and where it is passed on to: they could
 * have all of theirs kept. */
static void begin_span(Request *request)
{
    Exchange *exchange = &request->exchange;

    request->is_kept_before = (exchange->trace.flags & TRACE_SAMPLED) != 0;
    if (!exchange->from_node)
        exchange->trace.flags = span_choose();
    if (span_tracing() && request->route != NULL && request->route->limit_class != NULL)
        request->is_recorded = span_root_open(&exchange->trace);
}

void intake_head(Request *request, const char *method, const char *version)
{
    Server *server = request->server;
    Refusal refusal;

    request->stage = STAGE_BODY;
    read_head(request, method, version);
    bool well_formed = head_check(&request->head, &refusal);
    read_trace(request);
    if (!well_formed) {
        metrics_add(server->metrics, METRIC_REQUESTS_REFUSED, 0, 1);
        refuse_and_close(request, refusal.status, refusal.error);
        return;
    }
    /* How chunks are framed can't be checked through the library (it takes a lone LF): nothing that follows
     * them on the same connection may be read as a request. */
    if (request->head.chunked)
        request->closing = true;
    admit(request);
    begin_span(request);
    if (has_body(&request->head))
        atomic_store_explicit(&request->connection->deadline_us,
                              request->exchange.start_us + (int64_t)server->config.body_timeout_ms * 1000,
                              memory_order_relaxed);
}

bool intake_refuses_body(const Request *request)
{
    return request->refusal && (request->head.chunked || request->head.expects_continue ||
                                request->head.content_length > DROPPED_BODY_MAX);
}

static void make_room(Request *request, size_t more)
{
    size_t wanted = request->body_len + more;
    size_t limit = request->route->body_limit;
    int64_t announced = request->head.content_length;

    if (wanted <= request->body_capacity)
        return;
    if (!request->body && announced >= 0 && announced <= SMALL_BODY) {
        request->body_capacity = (size_t)announced;
        request->body = arena_alloc(&request->exchange.arena, request->body_capacity);
        return;
    }
    size_t capacity = request->body_capacity * 2 > wanted ? request->body_capacity * 2 : wanted;
    request->body_capacity = capacity < limit ? capacity : limit;
    request->body = memory_grow(request->body, request->body_capacity, 1);
    request->body_on_heap = true;
}

bool intake_body(Request *request, const char *data, size_t len)
{
    if (request->refusal || !request->route)
        return true; /* dropped: it is small, or the connection is about to end */
    if (len > request->route->body_limit - request->body_len) {
        refuse_and_close(request, 0,
                         err(TOO_LARGE, "The body is longer than the %zu bytes it may have here.",
                             request->route->body_limit));
        return false;
    }
    make_room(request, len);
    memcpy(request->body + request->body_len, data, len);
    request->body_len += len;
    return true;
}

static enum MHD_Result note_trailer(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    (void)kind;
    (void)name;
    (void)value;
    *(bool *)context = true;
    return MHD_NO;
}

void intake_check_body(Request *request)
{
    Exchange *exchange = &request->exchange;
    bool trailers = false;

    if (request->refusal || !request->route || !has_body(&request->head))
        return;
    if (request->head.chunked)
        (void)MHD_get_connection_values(request->link, MHD_FOOTER_KIND, note_trailer, &trailers);
    if (trailers) {
        refuse_and_close(request, 0, err(INVALID, "Trailers behind a chunked body are not taken."));
        return;
    }
    exchange->input.body = (Str){request->body_len ? request->body : "", request->body_len};
    if (!request->route->consumes)
        return;
    size_t good = utf8_valid_until(exchange->input.body);
    if (good < exchange->input.body.len)
        request_refuse(request, 0, err(INVALID, "The body isn't UTF-8: byte %zu is wrong.", good));
}
