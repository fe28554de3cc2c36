#include "http/client.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/thread.h"
#include "http/client_loop.h"
#include "http/problem.h"
#include "http/transfer.h"

enum {
    DEFAULT_CONNECT_MS = 2000,
    DEFAULT_TOTAL_MS = 30000,
    DEFAULT_MAX_BODY = 8 << 20,
    DEFAULT_MAX_IDLE = 16,
    US_PER_MS = 1000,
};

static void start_curl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static HttpClientConfig with_defaults(const HttpClientConfig *config)
{
    HttpClientConfig full = *config;

    full.connect_timeout_ms = full.connect_timeout_ms > 0 ? full.connect_timeout_ms : DEFAULT_CONNECT_MS;
    full.total_timeout_ms = full.total_timeout_ms > 0 ? full.total_timeout_ms : DEFAULT_TOTAL_MS;
    full.max_body = full.max_body > 0 ? full.max_body : DEFAULT_MAX_BODY;
    full.max_idle = full.max_idle > 0 ? full.max_idle : DEFAULT_MAX_IDLE;
    return full;
}

static void read_address(HttpClient *client)
{
    CURLU *parts = curl_url();
    char *host = NULL, *port = NULL;

    if (curl_url_set(parts, CURLUPART_URL, client->base_url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
        str_to_int(str_from(port), &client->port))
        client->host = memory_copy_text(host);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parts);
}

Err http_client_create(const HttpClientConfig *config, HttpClient **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    Str url = str_from(config->base_url);

    if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
        return err(INVALID, "%.*s: a service's address starts with http:// or https://", STR_ARG(url));
    (void)pthread_once(&once, start_curl);
    HttpClient *client = memory_new(HttpClient);
    client->config = with_defaults(config);
    client->watch = client_watch_of(config->name);
    client_watch_pool(client->watch, (int64_t)config->max_open);
    client->base_url = memory_copy_text(config->base_url);
    if (str_ends(url, STR("/")))
        client->base_url[url.len - 1] = '\0';
    read_address(client);
    client->idle = memory_zalloc(client->config.max_idle * sizeof(CURL *));
    (void)pthread_mutex_init(&client->lock, NULL);
    cond_init(&client->ended);
    *out = client;
    return OK;
}

void http_client_destroy(HttpClient *client)
{
    if (client == NULL)
        return;
    client_loop_destroy(client->loop);
    client_watch_pool(client->watch, -(int64_t)client->config.max_open);
    for (size_t i = 0; i < client->idle_count; i++)
        curl_easy_cleanup(client->idle[i]);
    (void)pthread_cond_destroy(&client->ended);
    (void)pthread_mutex_destroy(&client->lock);
    memory_free(client->idle);
    memory_free(client->base_url);
    memory_free(client->host);
    memory_free(client);
}

HttpClientLoad http_client_load(HttpClient *client)
{
    MUTEX_HOLD(&client->lock);
    return (HttpClientLoad){client->open, client->waiting};
}

void http_client_leave_alone(HttpClient *client)
{
    client_watch_left_alone(client->watch);
}

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    Str bytes = {data, size * count};

    return transfer_keep(context, bytes) ? bytes.len : 0; /* 0: curl gives up */
}

static void begin_span(Span *span, const HttpClient *client, Arena *arena, const HttpRequest *request)
{
    Str name = STR("");

    if (span_tracing() && span_current() != NULL)
        name = str_format(arena, "%s %s", request->method, request->route != NULL ? request->route : "");
    span_begin(span, SPAN_CLIENT, name.len > 0 ? str_trim(name).data : "", NULL);
    span_note_text(span, "http.request.method", request->method);
    if (client->host == NULL)
        return;
    span_note_text(span, "server.address", client->host);
    span_note_int(span, "server.port", client->port);
}

/* What nobody asked for, a thread of ours at work, begins here: the others are told whether it is chosen as of any that begins. */
static Trace trace_of(const Span *span, const Call *call)
{
    if (span->is_recorded)
        return span->trace;
    if (call == NULL)
        return span_new_trace();
    Trace trace = trace_child(&call->trace);
    if (span_tracing())
        trace.flags = span_choose();
    return trace;
}

static Err send_in(Span *span, HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                   HttpReply *out)
{
    AUTO_TRANSFER Transfer transfer = {0};
    int64_t left_us = (int64_t)transfer_time_left_ms(client, call) * US_PER_MS;

    TRY(transfer_begin(&transfer, client, arena, clock_monotonic_us(clock_system()) + left_us));
    transfer.trace = trace_of(span, call);
    transfer_prepare(&transfer, arena, call, request, receive, &transfer);
    CURLcode code = curl_easy_perform(transfer.handle);
    client_call_end(&transfer.counted, transfer_outcome(&transfer, code));
    if (code != CURLE_OK)
        return transfer_error(&transfer, code);
    transfer_read_reply(&transfer, arena, out);
    return OK;
}

Err http_client_send(HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                     HttpReply *out)
{
    enum { FIRST_FAULT = 500 };
    AUTO_SPAN Span span;

    begin_span(&span, client, arena, request);
    TRY(span_fail(&span, send_in(&span, client, arena, call, request, out)));
    span_note_int(&span, "http.response.status_code", out->status);
    if (out->status >= FIRST_FAULT)
        span.error = err_kind(err_code_of_status(out->status))->name;
    return OK;
}

static Err refused(const HttpReply *reply)
{
    Err e = problem_read(reply->status, reply->body);

    return e.retry_after_s == 0 ? err_retry_after(e, reply->retry_after_s) : e;
}

Err http_client_invoke(HttpClient *client, const Binding *binding, Call *call, const void *in, void *out)
{
    HttpRequest request = {
        .method = binding->method,
        .target = binding_target(binding, call->arena, in),
        .body = binding_body(binding, call->arena, in),
        .route = binding->path,
    };
    HttpReply reply;

    if (client->config.show != NULL)
        request.auth =
            client->config.show(client->config.show_context, call, str_from(request.method), request.target);
    TRY(http_client_send(client, call->arena, call, &request, &reply));
    if (reply.status == binding->success_status)
        return binding_read_result(binding, call->arena, reply.body, out);
    if (reply.status < 400)
        return err_detail(err(INTERNAL, "a service answered out of order"), "%s%s: status %d",
                          client->base_url, binding->path, reply.status);
    return refused(&reply);
}
