#include "http/transfer.h"

#include "base/clock.h"
#include "base/thread.h"
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

void handle_close(Handle *handle)
{
    curl_easy_cleanup(handle->easy); /* both accept NULL */
    (void)curl_multi_cleanup(handle->multi);
    *handle = (Handle){0};
}

static Err wait_for_turn(HttpClient *client, int64_t until_us)
{
    size_t max = client->config.max_open;

    if (max == 0 || client->open < max)
        return OK;
    if (client->config.max_waiting > 0 && client->waiting == client->config.max_waiting)
        return err_retry_after(err(UNAVAILABLE, "too many wait for a service already"), 1);
    client->waiting++;
    while (client->open == max && cond_wait_until(&client->ended, &client->lock, until_us))
        continue;
    client->waiting--;
    return client->open < max ? OK
                              : err_retry_after(err(UNAVAILABLE, "a service has too much to do for now"), 1);
}

static Err take_handle(HttpClient *client, int64_t until_us, Handle *out)
{
    MUTEX_HOLD(&client->lock);

    TRY(wait_for_turn(client, until_us));
    *out = client->idle_count > 0 ? client->idle[--client->idle_count] : (Handle){curl_easy_init(), NULL};
    if (out->easy == NULL)
        return err(INTERNAL, "no memory for a connection");
    client->open++;
    return OK;
}

static void give_back_handle(HttpClient *client, Handle handle)
{
    curl_easy_reset(handle.easy); /* keeps its connection */
    mutex_lock(&client->lock);
    client->open--;
    if (client->idle_count < client->config.max_idle) {
        client->idle[client->idle_count++] = handle;
        handle = (Handle){0};
    }
    (void)pthread_cond_signal(&client->ended);
    mutex_unlock(&client->lock);
    handle_close(&handle);
}

Err transfer_begin(Transfer *transfer, HttpClient *client, Arena *arena, int64_t until_us)
{
    *transfer = (Transfer){.client = client, .max_body = client->config.max_body};
    buf_init(&transfer->body, arena, BODY_FIRST_BYTES);
    return take_handle(client, until_us, &transfer->handle);
}

void transfer_finish(Transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    if (transfer->handle.easy != NULL)
        give_back_handle(transfer->client, transfer->handle);
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
    curl_easy_setopt(transfer->handle.easy, CURLOPT_HTTPHEADER, transfer->headers);
}

void transfer_prepare(Transfer *transfer, Arena *arena, const Call *call, const HttpRequest *request,
                      curl_write_callback receive, void *context)
{
    const HttpClient *client = transfer->client;
    CURL *handle = transfer->handle.easy;
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

void transfer_read_reply(Transfer *transfer, Arena *arena, HttpReply *out)
{
    CURL *handle = transfer->handle.easy;
    struct curl_header *retry = NULL;
    int64_t seconds = 0;
    const char *type = NULL;
    long status = 0;

    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
    if (curl_easy_header(handle, "Retry-After", 0, CURLH_HEADER, -1, &retry) == CURLHE_OK &&
        (!str_to_int(str_from(retry->value), &seconds) || seconds < 0 || seconds > INT32_MAX))
        seconds = 0;
    *out = (HttpReply){
        .status = (int)status,
        .retry_after_s = (int)seconds,
        .content_type = type == NULL ? (Str){0} : str_copy(arena, str_from(type)),
        .body = buf_str(&transfer->body),
    };
}
