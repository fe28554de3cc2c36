#include "http/transfer.h"

#include "base/clock.h"
#include "base/thread.h"
#include "http/client_loop.h"
#include "http/problem.h"

enum { BODY_FIRST_BYTES = 1024, US_PER_MS = 1000 };

long transfer_time_left_ms(const HttpClient *client, const Call *call)
{
    int64_t left = client->config.total_timeout_ms;

    if (call != NULL && call->deadline_us != 0) {
        int64_t until = (call->deadline_us - clock_monotonic_us(clock_system())) / US_PER_MS;
        left = until < left ? until : left;
    }
    return left < 1 ? 1 : (long)left;
}

bool transfer_has_room(const HttpClient *client)
{
    return client->config.max_open == 0 || client->open < client->config.max_open;
}

Err transfer_too_many(void)
{
    return err_retry_after(err(UNAVAILABLE, "a service has too much to do for now"), 1);
}

static Err wait_for_turn(HttpClient *client, int64_t until_us)
{
    if (transfer_has_room(client))
        return OK;
    if (client->config.max_waiting > 0 && client->waiting >= client->config.max_waiting)
        return err_retry_after(err(UNAVAILABLE, "too many wait for a service already"), 1);
    client->waiting++;
    while (!transfer_has_room(client) && cond_wait_until(&client->ended, &client->lock, until_us))
        continue;
    client->waiting--;
    return transfer_has_room(client) ? OK : transfer_too_many();
}

/* With the lock held. */
static Err take_handle(HttpClient *client, CURL **out)
{
    *out = client->idle_count > 0 ? client->idle[--client->idle_count] : curl_easy_init();
    return *out != NULL ? OK : err(INTERNAL, "no memory for a connection");
}

static void give_back_handle(HttpClient *client, CURL *handle, size_t ended)
{
    curl_easy_reset(handle); /* keeps its connection */
    mutex_lock(&client->lock);
    client->open -= ended;
    if (client->idle_count < client->config.max_idle) {
        client->idle[client->idle_count++] = handle;
        handle = NULL;
    }
    (void)pthread_cond_signal(&client->ended);
    if (client->loop != NULL)
        client_loop_wake(client->loop); /* who waits may be one of its own */
    mutex_unlock(&client->lock);
    curl_easy_cleanup(handle); /* accepts NULL */
}

static void init(Transfer *transfer, HttpClient *client, Arena *arena)
{
    *transfer = (Transfer){.client = client, .max_body = client->config.max_body, .body = {.arena = arena}};
}

static Err take_turn(Transfer *transfer, int64_t until_us)
{
    HttpClient *client = transfer->client;
    MUTEX_HOLD(&client->lock);

    TRY(wait_for_turn(client, until_us));
    TRY(take_handle(client, &transfer->handle));
    client->open++;
    return OK;
}

Err transfer_begin(Transfer *transfer, HttpClient *client, Arena *arena, int64_t until_us)
{
    init(transfer, client, arena);
    (void)buf_reserve(&transfer->body, BODY_FIRST_BYTES);
    client_call_wait(&transfer->counted, client->watch, 0);
    Err e = take_turn(transfer, until_us);
    if (failed(&e))
        client_call_end(&transfer->counted, CLIENT_NO_ROOM);
    else
        client_call_go(&transfer->counted);
    return e;
}

Err transfer_begin_later(Transfer *transfer, HttpClient *client, Arena *arena)
{
    init(transfer, client, arena);
    MUTEX_HOLD(&client->lock);
    return take_handle(client, &transfer->handle);
}

static void finish(Transfer *transfer, size_t ended)
{
    curl_slist_free_all(transfer->headers);
    if (transfer->handle != NULL)
        give_back_handle(transfer->client, transfer->handle, ended);
    transfer->headers = NULL;
    transfer->handle = NULL;
}

void transfer_let_go(Transfer *transfer)
{
    finish(transfer, 0);
}

void transfer_finish(Transfer *transfer)
{
    finish(transfer, 1);
}

bool transfer_keep(Transfer *transfer, Str bytes)
{
    if (bytes.len > transfer->max_body - transfer->body.len) {
        transfer->too_large = true;
        return false;
    }
    buf_put(&transfer->body, bytes);
    return true;
}

static void add_header(Transfer *transfer, Arena *arena, const char *name, const char *value)
{
    Str line = str_format(arena, "%s: %s", name, value);

    transfer->headers = curl_slist_append(transfer->headers, line.data);
}

static void set_headers(Transfer *transfer, Arena *arena, const Call *call, const HttpRequest *request)
{
    char traceparent[TRACE_TEXT];

    trace_print(&transfer->trace, traceparent);
    add_header(transfer, arena, "traceparent", traceparent);
    if (call != NULL && call->tracestate.data != NULL && !transfer->client->config.is_outside)
        add_header(transfer, arena, "tracestate", str_c(arena, call->tracestate));
    add_header(transfer, arena, "Accept",
               request->accept != NULL ? request->accept : "application/json, " PROBLEM_MIME);
    if (request->auth != NULL)
        add_header(transfer, arena, "Authorization", request->auth);
    for (const char *const *line = request->headers; line != NULL && *line != NULL; line++)
        transfer->headers = curl_slist_append(transfer->headers, *line);
    if (request->body.data != NULL || request->writer.write != NULL) {
        add_header(transfer, arena, "Content-Type",
                   request->body_type != NULL ? request->body_type : "application/json");
        transfer->headers = curl_slist_append(transfer->headers, "Expect:"); /* no 100-continue round trip */
    }
    curl_easy_setopt(transfer->handle, CURLOPT_HTTPHEADER, transfer->headers);
}

void transfer_prepare(Transfer *transfer, Arena *arena, const Call *call, const HttpRequest *request,
                      curl_write_callback receive, void *context)
{
    const HttpClient *client = transfer->client;
    CURL *handle = transfer->handle;
    Str url = str_format(arena, "%s%.*s", client->base_url, STR_ARG(request->target));

    curl_easy_setopt(handle, CURLOPT_URL, url.data);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!client->config.is_outside) /* ours are reached directly, whatever the environment says */
        curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)client->config.connect_timeout_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, transfer_time_left_ms(client, call));
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    if (request->body.data != NULL) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request->body.data);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    set_headers(transfer, arena, call, request);
}

ClientOutcome transfer_outcome(const Transfer *transfer, CURLcode code)
{
    long status = 0;

    curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
    return client_outcome_of(code, status);
}

Err transfer_error(const Transfer *transfer, CURLcode code)
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

HttpReply transfer_read_head(const Transfer *transfer)
{
    CURL *handle = transfer->handle;
    struct curl_header *retry = NULL;
    int64_t seconds = 0;
    const char *type = NULL;
    long status = 0;

    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
    if (curl_easy_header(handle, "Retry-After", 0, CURLH_HEADER, -1, &retry) == CURLHE_OK &&
        (!str_to_int(str_from(retry->value), &seconds) || seconds < 0 || seconds > INT32_MAX))
        seconds = 0;
    return (HttpReply){
        .status = (int)status,
        .retry_after_s = (int)seconds,
        .content_type = type == NULL ? (Str){0} : str_from(type),
    };
}

void transfer_read_reply(Transfer *transfer, Arena *arena, HttpReply *out)
{
    *out = transfer_read_head(transfer);
    if (out->content_type.data != NULL)
        out->content_type = str_copy(arena, out->content_type);
    out->body = buf_str(&transfer->body);
}
