#include "http/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "http/problem.h"

enum {
    DEFAULT_CONNECT_MS = 2000,
    DEFAULT_TOTAL_MS = 30000,
    DEFAULT_MAX_BODY = 8 << 20,
    DEFAULT_MAX_IDLE = 16,
    BODY_FIRST_BYTES = 1024,
    US_PER_MS = 1000,
};

/* Idle curl handles, each with the connection it last used: the newest is taken first, as its connection is
 * the least likely to have been closed by the other side. */
struct HttpClient {
    char *base_url;
    HttpClientConfig config;
    pthread_mutex_t lock;
    CURL **idle;
    size_t idle_count;
    pthread_cond_t ended; /* a request under way did */
    size_t open;          /* requests under way */
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

Err http_client_create(const HttpClientConfig *config, HttpClient **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    Str url = str_from(config->base_url);

    if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
        return err(INVALID, "%.*s: a service's address starts with http:// or https://", STR_ARG(url));
    (void)pthread_once(&once, start_curl);
    HttpClient *client = memory_new(HttpClient);
    client->config = with_defaults(config);
    client->base_url = memory_copy_text(config->base_url);
    if (str_ends(url, STR("/")))
        client->base_url[url.len - 1] = '\0';
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
    for (size_t i = 0; i < client->idle_count; i++)
        curl_easy_cleanup(client->idle[i]);
    (void)pthread_cond_destroy(&client->ended);
    (void)pthread_mutex_destroy(&client->lock);
    memory_free(client->idle);
    memory_free(client->base_url);
    memory_free(client);
}

/* Milliseconds left for this call, at least 1 so that curl's 0 (for ever) never comes about. */
static long time_left_ms(const HttpClient *client, const Call *call)
{
    int64_t left = client->config.total_timeout_ms;

    if (call != NULL && call->deadline_us != 0) {
        int64_t until = (call->deadline_us - clock_monotonic_us(clock_system())) / US_PER_MS;
        left = until < left ? until : left;
    }
    return left < 1 ? 1 : (long)left;
}

/* Waits its turn when too many requests are under way. *out is given back by give_back_handle. */
static Err take_handle(HttpClient *client, const Call *call, CURL **out)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + time_left_ms(client, call) * US_PER_MS;
    MUTEX_HOLD(&client->lock);

    while (client->config.max_open > 0 && client->open == client->config.max_open)
        if (!cond_wait_until(&client->ended, &client->lock, until_us))
            return err_retry_after(err(UNAVAILABLE, "a service has too much to do for now"), 1);
    *out = client->idle_count > 0 ? client->idle[--client->idle_count] : curl_easy_init();
    if (*out == NULL)
        return err(INTERNAL, "no memory for a connection");
    client->open++;
    return OK;
}

static void give_back_handle(HttpClient *client, CURL *handle)
{
    curl_easy_reset(handle); /* keeps its connection */
    mutex_lock(&client->lock);
    client->open--;
    if (client->idle_count < client->config.max_idle) {
        client->idle[client->idle_count++] = handle;
        handle = NULL;
    }
    (void)pthread_cond_signal(&client->ended);
    mutex_unlock(&client->lock);
    curl_easy_cleanup(handle); /* accepts NULL */
}

/* One request on its way: leaves by cleanup. */
typedef struct Transfer {
    HttpClient *client;
    CURL *handle;
    struct curl_slist *headers;
    Buf body;
    size_t max_body;
    bool too_large;
} Transfer;

static void transfer_finish(Transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    if (transfer->handle != NULL)
        give_back_handle(transfer->client, transfer->handle);
}

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    Transfer *transfer = context;
    size_t bytes = size * count;

    if (bytes > transfer->max_body - transfer->body.len) {
        transfer->too_large = true;
        return 0; /* curl gives up */
    }
    buf_put(&transfer->body, (Str){data, bytes});
    return bytes;
}

static void add_header(Transfer *transfer, Arena *arena, const char *name, const char *value)
{
    Str line = str_format(arena, "%s: %s", name, value);

    transfer->headers = curl_slist_append(transfer->headers, line.data);
}

static void set_headers(Transfer *transfer, Arena *arena, const Call *call, const HttpRequest *request)
{
    Trace trace = call == NULL ? trace_new() : trace_child(&call->trace);
    char traceparent[TRACE_TEXT];

    trace_print(&trace, traceparent);
    add_header(transfer, arena, "traceparent", traceparent);
    add_header(transfer, arena, "Accept",
               request->accept != NULL ? request->accept : "application/json, " PROBLEM_MIME);
    if (request->auth != NULL)
        add_header(transfer, arena, "Authorization", request->auth);
    for (const char *const *line = request->headers; line != NULL && *line != NULL; line++)
        transfer->headers = curl_slist_append(transfer->headers, *line);
    if (request->body.data != NULL) {
        add_header(transfer, arena, "Content-Type", "application/json");
        transfer->headers = curl_slist_append(transfer->headers, "Expect:"); /* no 100-continue round trip */
    }
    curl_easy_setopt(transfer->handle, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_options(Transfer *transfer, Arena *arena, const Call *call, const HttpRequest *request)
{
    const HttpClient *client = transfer->client;
    CURL *handle = transfer->handle;
    Str url = str_format(arena, "%s%.*s", client->base_url, STR_ARG(request->target));

    curl_easy_setopt(handle, CURLOPT_URL, url.data);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PROXY,
                     ""); /* services are reached directly, whatever the environment says */
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)client->config.connect_timeout_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, time_left_ms(client, call));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    if (request->body.data != NULL) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.data);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    set_headers(transfer, arena, call, request);
}

static Err transfer_error(const Transfer *transfer, CURLcode code)
{
    const char *base_url = transfer->client->base_url;

    if (transfer->too_large)
        return err_detail(err(INTERNAL, "a service answered with too much"), "%s: over %zu bytes", base_url,
                          transfer->max_body);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return err_detail(err(TIMED_OUT, "a service took too long to answer"), "%s: %s", base_url,
                          curl_easy_strerror(code));
    return err_retry_after(err_detail(err(UNAVAILABLE, "a service can't be reached for now"), "%s: %s",
                                      base_url, curl_easy_strerror(code)),
                           1);
}

static void read_reply(Transfer *transfer, Arena *arena, HttpReply *out)
{
    struct curl_header *retry = NULL;
    int64_t seconds = 0;
    const char *type = NULL;
    long status = 0;

    curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->handle, CURLINFO_CONTENT_TYPE, &type);
    if (curl_easy_header(transfer->handle, "Retry-After", 0, CURLH_HEADER, -1, &retry) == CURLHE_OK &&
        (!str_to_int(str_from(retry->value), &seconds) || seconds < 0 || seconds > INT32_MAX))
        seconds = 0;
    *out = (HttpReply){
        .status = (int)status,
        .retry_after_s = (int)seconds,
        .content_type = type == NULL ? (Str){0} : str_copy(arena, str_from(type)),
        .body = buf_str(&transfer->body),
    };
}

Err http_client_send(HttpClient *client, Arena *arena, const Call *call, const HttpRequest *request,
                     HttpReply *out)
{
    __attribute__((cleanup(transfer_finish))) Transfer transfer = {
        .client = client,
        .max_body = client->config.max_body,
    };

    TRY(take_handle(client, call, &transfer.handle));
    buf_init(&transfer.body, arena, BODY_FIRST_BYTES);
    set_options(&transfer, arena, call, request);
    CURLcode code = curl_easy_perform(transfer.handle);
    if (code != CURLE_OK)
        return transfer_error(&transfer, code);
    read_reply(&transfer, arena, out);
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
    };
    HttpReply reply;

    TRY(http_client_send(client, call->arena, call, &request, &reply));
    if (reply.status == binding->success_status)
        return binding_read_result(binding, call->arena, reply.body, out);
    if (reply.status < 400)
        return err_detail(err(INTERNAL, "a service answered out of order"), "%s%s: status %d",
                          client->base_url, binding->path, reply.status);
    return refused(&reply);
}
