/* A server made of src/http alone, for the wire tests: it echoes, waits, streams and serves two files.
 *
 *     http_probe [name=value]…      prints "port N" and ends cleanly on SIGTERM
 *
 * GET /plain, GET|POST /echo/{name}, GET /slow (returns when GET /release has been asked as often as it was;
 * ?more=N lets N go through that come later),
 * POST /api/keep (answered when a commit that waits like /slow is done; the body false makes it fail),
 * GET /seen (method, X-Name and client, as the latest /slow saw them after it was released),
 * GET /flow?pieces=N&bytes=B&breaks=1, GET /stream?events=N&bytes=B,
 * GET /follow/{id} (a log that POST /append/{id} and POST /close/{id} feed); both over a WebSocket, too. See mount(). */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/settle.h"
#include "base/thread.h"
#include "http/server.h"

enum { MAX_OWED = 64, LOGS = 8, LOG_BYTES = 64 * 1024 * 1024 };

typedef struct Probe {
    Server *server;
    EventLog *logs[LOGS];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int waiting; /* handlers in /slow, commits */
    int released;
    char seen[128];             /* by the latest /slow, after it was released */
    Settlement *owed[MAX_OWED]; /* of /api/keep: what its next commit makes durable */
    size_t owed_count;
    bool commit_fails;
} Probe;

static Err show_plain(void *context, Exchange *exchange)
{
    (void)context;
    exchange_reply(exchange, 200, "application/json", STR("{\"ok\":true}"));
    return OK;
}

static void put_params(Buf *out, const char *key, Params params)
{
    buf_format(out, ",\"%s\":{", key);
    for (size_t i = 0; i < params.count; i++) {
        if (i)
            buf_put_char(out, ',');
        json_put_string(out, params.items[i].name);
        buf_put_char(out, ':');
        json_put_string(out, params.items[i].value);
    }
    buf_put_char(out, '}');
}

/* What the server made of the request, as JSON. */
static Err echo(void *context, Exchange *exchange)
{
    Buf out = {.arena = &exchange->arena};

    (void)context;
    buf_put(&out, STR("{\"method\":"));
    json_put_string(&out, exchange->method);
    buf_format(&out, ",\"route\":\"%s\"", exchange->route);
    put_params(&out, "path", exchange->input.path);
    put_params(&out, "query", exchange->input.query);
    buf_put(&out, STR(",\"tail\":"));
    json_put_string(&out, exchange->tail.data ? exchange->tail : STR(""));
    buf_put(&out, STR(",\"client\":"));
    json_put_string(&out, exchange->client);
    buf_put(&out, STR(",\"body\":"));
    json_put_string(&out, exchange->input.body.data ? exchange->input.body : STR(""));
    buf_put_char(&out, '}');
    exchange_reply(exchange, 200, "application/json", buf_str(&out));
    return OK;
}

static void wait_for_turn(Probe *probe)
{
    MUTEX_HOLD(&probe->lock);
    int turn = ++probe->waiting;
    pthread_cond_broadcast(&probe->changed);
    while (probe->released < turn)
        pthread_cond_wait(&probe->changed, &probe->lock);
}

static Err wait_for_release(void *context, Exchange *exchange)
{
    Probe *probe = context;

    wait_for_turn(probe);
    MUTEX_HOLD(&probe->lock);
    (void)snprintf(probe->seen, sizeof probe->seen, "%.*s %.*s %.*s", STR_ARG(exchange->method),
                   STR_ARG(exchange_header(exchange, STR("x-name"))), STR_ARG(exchange->client));
    exchange_reply(exchange, 200, "text/plain; charset=utf-8",
                   str_copy(&exchange->arena, str_from(probe->seen)));
    return OK;
}

static int64_t number(const Exchange *exchange, Str name, int64_t otherwise)
{
    int64_t value;

    for (size_t i = 0; i < exchange->input.query.count; i++)
        if (str_equal(exchange->input.query.items[i].name, name) &&
            str_to_int(exchange->input.query.items[i].value, &value))
            return value;
    return otherwise;
}

static Err release(void *context, Exchange *exchange)
{
    Probe *probe = context;

    MUTEX_HOLD(&probe->lock);
    probe->released = probe->waiting + (int)number(exchange, STR("more"), 0);
    pthread_cond_broadcast(&probe->changed);
    exchange_reply(exchange, 200, "text/plain; charset=utf-8",
                   str_format(&exchange->arena, "%d", probe->released));
    return OK;
}

static Err show_seen(void *context, Exchange *exchange)
{
    Probe *probe = context;

    MUTEX_HOLD(&probe->lock);
    exchange_reply(exchange, 200, "text/plain; charset=utf-8",
                   str_copy(&exchange->arena, str_from(probe->seen)));
    return OK;
}

static Err show_waiting(void *context, Exchange *exchange)
{
    Probe *probe = context;

    MUTEX_HOLD(&probe->lock);
    exchange_reply(exchange, 200, "text/plain; charset=utf-8",
                   str_format(&exchange->arena, "%d", probe->waiting - probe->released));
    return OK;
}

static Json filler(Arena *arena, int64_t bytes)
{
    char *text = arena_alloc(arena, (size_t)bytes + 2);

    memset(text, 'x', (size_t)bytes + 2);
    text[0] = text[bytes + 1] = '"';
    return (Json){text, (size_t)bytes + 2};
}

/* Begins its stream and only then makes the events, as a generator does; runs on a worker. */
static Err stream(void *context, Exchange *exchange)
{
    EventLog *log = event_log_create(LOG_BYTES);
    int64_t events = number(exchange, STR("events"), 3);
    Json data = filler(&exchange->arena, number(exchange, STR("bytes"), 8));

    (void)context;
    exchange_stream(exchange, log);
    int64_t until_us = clock_monotonic_us(clock_system()) + number(exchange, STR("pause_us"), 0);
    while (clock_monotonic_us(clock_system()) < until_us)
        ; /* so that a test can aim at the moment when the connection goes to sleep */
    for (int64_t i = 0; i < events; i++)
        (void)event_log_append(log, STR("delta"), data);
    event_log_close(log);
    event_log_release(log);
    return OK;
}

typedef struct Pieces {
    FlowSource source; /* first: of which it is the context */
    int64_t left;
    int64_t bytes;
    bool breaks; /* where the last would be */
} Pieces;

static Err make_piece(void *context, Arena *arena, Str *piece, bool *is_over)
{
    Pieces *pieces = context;

    pieces->left--;
    if (pieces->left == 0 && pieces->breaks)
        return err(UNAVAILABLE, "the disk is gone");
    *piece = filler(arena, pieces->bytes);
    *is_over = pieces->left == 0;
    return OK;
}

static Err flow(void *context, Exchange *exchange)
{
    Pieces *pieces = arena_new(&exchange->arena, Pieces);

    (void)context;
    *pieces = (Pieces){
        .source = {make_piece, pieces},
        .left = number(exchange, STR("pieces"), 3),
        .bytes = number(exchange, STR("bytes"), 8),
        .breaks = number(exchange, STR("breaks"), 0) != 0,
    };
    exchange_reply_on(exchange, 200, "text/plain; charset=utf-8", STR("first"), &pieces->source);
    return OK;
}

static EventLog *log_of(Probe *probe, const Exchange *exchange)
{
    int64_t id = 0;

    (void)str_to_int(exchange->input.path.items[0].value, &id);
    return probe->logs[(size_t)id % LOGS];
}

static Err follow(void *context, Exchange *exchange)
{
    exchange_stream(exchange, log_of(context, exchange));
    return OK;
}

static Err append(void *context, Exchange *exchange)
{
    Json data = exchange->input.body.len ? exchange->input.body
                                         : filler(&exchange->arena, number(exchange, STR("bytes"), 8));

    for (int64_t i = number(exchange, STR("events"), 1); i > 0; i--)
        TRY(event_log_append(log_of(context, exchange), STR("delta"), data));
    exchange_reply(exchange, 204, NULL, STR(""));
    return OK;
}

static Err close_log(void *context, Exchange *exchange)
{
    event_log_close(log_of(context, exchange));
    exchange_reply(exchange, 204, NULL, STR(""));
    return OK;
}

/* ---- The same by a contract's table, as generated code would have it ---- */

static Err invoke_echo(Call *call, const CallInput *in, Buf *out)
{
    (void)call;
    buf_put(out, in->body.data ? in->body : STR("null"));
    return OK;
}

static void commit(void *context)
{
    Probe *probe = context;
    Err result = probe->commit_fails ? err_retry_after(err(UNAVAILABLE, "the disk is full"), 30) : OK;
    size_t count = probe->owed_count;

    wait_for_turn(probe);
    probe->owed_count = 0;
    probe->commit_fails = false;
    for (size_t i = 0; i < count; i++)
        settlement_pay(probe->owed[i], result);
}

static Err invoke_keep(Call *call, const CallInput *in, Buf *out)
{
    Probe *probe = call->service;

    settlement_owe(settlement_of_thread());
    probe->owed[probe->owed_count++] = settlement_of_thread();
    probe->commit_fails |= str_equal(in->body, STR("false"));
    settle_later(commit, probe);
    buf_format(out, "{\"kept_with\":%zu}", probe->owed_count);
    return OK;
}

static Err invoke_refuse(Call *call, const CallInput *in, Buf *out)
{
    (void)call;
    (void)in;
    (void)out;
    return err_at(err_detail(err(UNPROCESSABLE, "abv_percent: 120 is outside 0..100"), "secret"),
                  "/abv_percent");
}

static Err invoke_events(Call *call, const CallInput *in, Buf *out)
{
    EventLog *log = event_log_create(LOG_BYTES);

    (void)in;
    if (call->wants_events)
        call_stream(call, log);
    for (int i = 0; i < 3; i++)
        (void)event_log_append(log, STR("delta"), STR("{\"text\":\"…\"}"));
    event_log_close(log);
    event_log_release(log);
    buf_put(out, STR("{\"whole\":true}"));
    return OK;
}

static const Operation OPERATIONS[] = {
    {.id = "echo", .method = "POST", .path = "/api/echo", .body_limit = 1000, .invoke = invoke_echo},
    {.id = "echo_blocking",
     .method = "POST",
     .path = "/api/echo-blocking",
     .body_limit = 1 << 20,
     .blocking = true,
     .invoke = invoke_echo},
    {.id = "keep",
     .method = "POST",
     .path = "/api/keep",
     .body_limit = 1000,
     .shares_commit = true,
     .invoke = invoke_keep},
    {.id = "refuse", .method = "GET", .path = "/api/refuse", .success_status = 200, .invoke = invoke_refuse},
    {.id = "chat",
     .method = "POST",
     .path = "/api/chat",
     .body_limit = 1000,
     .blocking = true,
     .streams = true,
     .invoke = invoke_events},
    {.id = "turn",
     .method = "GET",
     .path = "/api/turn/{id}/events",
     .blocking = true,
     .streams = true,
     .sockets = true,
     .only_streams = true,
     .invoke = invoke_events},
};

static const OperationTable TABLE = {"probe", OPERATIONS, sizeof OPERATIONS / sizeof *OPERATIONS};

static const Asset FILES[] = {
    {"index.html",
     "text/html; charset=utf-8",
     {"<!doctype html><title>Probe</title>", 35},
     {"\x1f\x8bzip", 5},
     "e1"},
    {"plain.txt", "text/plain; charset=utf-8", {"plain", 5}, {NULL, 0}, "e2"},
};

static Err mount(Probe *probe)
{
    Server *server = probe->server;
    static atomic_int at_work, followed;
    const Route routes[] = {
        {.method = "GET", .path = "/plain", .handle = show_plain},
        {.method = "GET", .path = "/echo/{name}", .handle = echo},
        {.method = "POST", .path = "/echo/{name}", .handle = echo, .body_limit = 100 * 1000},
        {.method = "GET", .path = "/echo/exact", .handle = echo},
        {.method = "GET", .path = "/deep/*", .handle = echo},
        {.method = "POST", .path = "/big", .handle = echo, .body_limit = 8 << 20, .blocking = true},
        {.method = "GET", .path = "/slow", .handle = wait_for_release, .context = probe, .blocking = true},
        {.method = "GET",
         .path = "/one",
         .handle = wait_for_release,
         .context = probe,
         .blocking = true,
         .most_at_once = 1,
         .at_work = &at_work},
        {.method = "GET",
         .path = "/brief",
         .handle = wait_for_release,
         .context = probe,
         .blocking = true,
         .time_limit_ms = 100},
        {.method = "GET", .path = "/release", .handle = release, .context = probe},
        {.method = "GET", .path = "/seen", .handle = show_seen, .context = probe},
        {.method = "GET", .path = "/waiting", .handle = show_waiting, .context = probe},
        {.method = "GET", .path = "/stream", .handle = stream, .blocking = true, .sockets = true},
        {.method = "GET", .path = "/flow", .handle = flow, .blocking = true},
        {.method = "GET", .path = "/follow/{id}", .handle = follow, .context = probe, .sockets = true},
        {.method = "GET",
         .path = "/follow-once/{id}",
         .handle = follow,
         .context = probe,
         .sockets = true,
         .most_at_once = 1,
         .at_work = &followed},
        {.method = "POST", .path = "/append/{id}", .handle = append, .context = probe, .body_limit = 10000},
        {.method = "POST", .path = "/close/{id}", .handle = close_log, .context = probe},
    };

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        TRY(server_route(server, &routes[i]));
    TRY(server_mount(server, &TABLE, probe, false));
    return server_mount_assets(server, "/files", (AssetTable){FILES, sizeof FILES / sizeof *FILES}, 0);
}

static void log_access(void *context, const Exchange *exchange, const Outcome *outcome)
{
    char trace[TRACE_ID_TEXT];
    char line[1024];

    (void)context;
    trace_id_print(&exchange->trace, trace);
    int len =
        snprintf(line, sizeof line,
                 "{\"method\":\"%.*s\",\"target\":\"%.*s\",\"route\":\"%s\",\"status\":%d,\"bytes\":%llu,"
                 "\"duration_us\":%lld,\"client\":\"%.*s\",\"aborted\":%s,\"trace_id\":\"%s\"}\n",
                 STR_ARG(exchange->method), STR_ARG(str_slice(exchange->target, 0, 200)), exchange->route,
                 outcome->status, (unsigned long long)outcome->bytes, (long long)outcome->duration_us,
                 STR_ARG(exchange->client), outcome->aborted ? "true" : "false", trace);
    if (len > 0 && (size_t)len < sizeof line)
        log_buffered((Str){line, (size_t)len});
}

static Err always_ready(void *context)
{
    (void)context;
    return OK;
}

typedef struct Setting {
    const char *name;
    size_t offset;
} Setting;

static const Setting SETTINGS[] = {
    {"loops", offsetof(ServerConfig, loops)},
    {"workers", offsetof(ServerConfig, workers)},
    {"queue_limit", offsetof(ServerConfig, queue_limit)},
    {"connection_limit", offsetof(ServerConfig, connection_limit)},
    {"connections_per_address", offsetof(ServerConfig, connections_per_address)},
    {"head_timeout_ms", offsetof(ServerConfig, head_timeout_ms)},
    {"body_timeout_ms", offsetof(ServerConfig, body_timeout_ms)},
    {"idle_timeout_ms", offsetof(ServerConfig, idle_timeout_ms)},
    {"request_timeout_ms", offsetof(ServerConfig, request_timeout_ms)},
    {"heartbeat_ms", offsetof(ServerConfig, heartbeat_ms)},
};

static void set(ServerConfig *config, int *drain_ms, const char *argument)
{
    const char *equals = strchr(argument, '=');
    size_t len = equals ? (size_t)(equals - argument) : 0;

    if (equals && strncmp(argument, "drain_ms", len) == 0) {
        *drain_ms = atoi(equals + 1);
        return;
    }
    for (size_t i = 0; equals && i < sizeof SETTINGS / sizeof *SETTINGS; i++)
        if (strlen(SETTINGS[i].name) == len && strncmp(SETTINGS[i].name, argument, len) == 0) {
            int value = atoi(equals + 1);
            memcpy((char *)config + SETTINGS[i].offset, &value, sizeof value);
            return;
        }
    (void)fprintf(stderr, "http_probe: what is %s?\n", argument);
    exit(2);
}

static int complain(Err e)
{
    (void)fprintf(stderr, "http_probe: %s\n", e.message);
    return 1;
}

int main(int argc, char **argv)
{
    ServerConfig config = server_config_default();
    Probe probe = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    int drain_ms = 10 * 1000;
    sigset_t ends;
    int signal_number;

    config.listen = "127.0.0.1:0";
    for (int i = 1; i < argc; i++)
        set(&config, &drain_ms, argv[i]);
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    for (size_t i = 0; i < LOGS; i++)
        probe.logs[i] = event_log_create(LOG_BYTES);

    log_start();
    Err e = server_create(&config, &probe.server);
    if (!failed(&e))
        e = mount(&probe);
    server_add_filter(probe.server, (Filter){.after = log_access});
    server_add_ready_check(probe.server, "probe", always_ready, NULL);
    if (!failed(&e))
        e = server_start(probe.server);
    if (failed(&e))
        return complain(e);
    (void)printf("port %d\n", server_port(probe.server));
    (void)fflush(stdout);

    (void)sigwait(&ends, &signal_number);
    bool drained = server_drain(probe.server, drain_ms);
    {
        MUTEX_HOLD(&probe.lock);
        probe.released = 1 << 30;
        pthread_cond_broadcast(&probe.changed);
    }
    server_destroy(probe.server);
    for (size_t i = 0; i < LOGS; i++)
        event_log_release(probe.logs[i]);
    log_stop();
    (void)printf("%s\n", drained ? "drained" : "cut off");
    return 0;
}
