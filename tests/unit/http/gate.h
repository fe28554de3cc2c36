/* A server that holds requests until it is told to let them go, and who asks it, for tests of the client. */
#ifndef NERDX_TESTS_HTTP_GATE_H
#define NERDX_TESTS_HTTP_GATE_H

#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/thread.h"
#include "http/client.h"
#include "http/server.h"

typedef struct Gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int inside;   /* requests that the handler holds */
    bool is_open; /* it may let them go */
    char seen[64];
    Server *server;
    char url[64];
} Gate;

/* Holds the request until the gate is open. */
static inline Err hold(void *context, Exchange *exchange)
{
    Gate *gate = context;
    MUTEX_HOLD(&gate->lock);

    gate->inside++;
    (void)pthread_cond_broadcast(&gate->changed);
    while (!gate->is_open)
        (void)pthread_cond_wait(&gate->changed, &gate->lock);
    exchange_reply(exchange, 200, "application/json", STR("{}"));
    return OK;
}

static inline Err note_header(void *context, Exchange *exchange)
{
    Gate *gate = context;

    (void)snprintf(gate->seen, sizeof gate->seen, "%.*s", STR_ARG(exchange_header(exchange, STR("x-mode"))));
    exchange_reply(exchange, 200, "application/json", STR("{}"));
    return OK;
}

static inline int open_gate(void **state)
{
    static Gate gate;
    ServerConfig config = server_config_default();

    memset(&gate, 0, sizeof gate);
    (void)pthread_mutex_init(&gate.lock, NULL);
    (void)pthread_cond_init(&gate.changed, NULL);
    config.listen = "127.0.0.1:0";
    check_ok(server_create(&config, &gate.server));
    check_ok(server_route(
        gate.server,
        &(Route){.method = "GET", .path = "/hold", .blocking = true, .handle = hold, .context = &gate}));
    check_ok(server_route(
        gate.server, &(Route){.method = "GET", .path = "/header", .handle = note_header, .context = &gate}));
    check_ok(server_start(gate.server));
    (void)snprintf(gate.url, sizeof gate.url, "http://127.0.0.1:%d", server_port(gate.server));
    *state = &gate;
    return 0;
}

static inline int close_gate(void **state)
{
    Gate *gate = *state;

    (void)server_drain(gate->server, 1000);
    server_destroy(gate->server);
    (void)pthread_cond_destroy(&gate->changed);
    (void)pthread_mutex_destroy(&gate->lock);
    return 0;
}

static inline Err get(HttpClient *client, const Call *call, const char *path)
{
    AUTO_ARENA Arena arena = {0};
    HttpRequest request = {.method = "GET", .target = str_from(path)};
    HttpReply reply;

    return http_client_send(client, &arena, call, &request, &reply);
}

static inline void *get_held(void *client)
{
    check_ok(get(client, NULL, "/hold"));
    return NULL;
}

static inline void wait_until_inside(Gate *gate, int count)
{
    MUTEX_HOLD(&gate->lock);

    while (gate->inside < count)
        (void)pthread_cond_wait(&gate->changed, &gate->lock);
}

static inline void let_go(Gate *gate)
{
    MUTEX_HOLD(&gate->lock);

    gate->is_open = true;
    (void)pthread_cond_broadcast(&gate->changed);
}

typedef struct Follower {
    Gate *gate;
    HttpReader reader;
    HttpStream *stream;
    size_t bytes;
    bool is_told;
    int64_t until_us;
} Follower;

static inline Err take_bytes(void *context, Str bytes)
{
    Follower *follower = context;

    follower->bytes += bytes.len;
    return OK;
}

static inline int64_t follows_until(void *context)
{
    const Follower *follower = context;

    return follower->until_us;
}

static inline void tell(void *context)
{
    Follower *follower = context;
    MUTEX_HOLD(&follower->gate->lock);

    follower->is_told = true;
    (void)pthread_cond_broadcast(&follower->gate->changed);
}

static inline Err follow(HttpClient *client, Gate *gate, Arena *arena, int64_t wait_us, Follower *out)
{
    HttpRequest request = {.method = "GET", .target = STR("/hold")};

    *out = (Follower){.gate = gate, .until_us = clock_monotonic_us(clock_system()) + wait_us};
    out->reader = (HttpReader){out, take_bytes, follows_until, NULL};
    return http_client_open(client, arena, NULL, &request, &out->reader, 0, (HttpTold){tell, out},
                            &out->stream);
}

static inline Err read_to_end(Follower *follower, HttpReply *reply)
{
    Gate *gate = follower->gate;
    Err result = OK;

    do {
        MUTEX_HOLD(&gate->lock);
        while (!follower->is_told)
            (void)pthread_cond_wait(&gate->changed, &gate->lock);
        follower->is_told = false;
    } while (!http_stream_read(follower->stream, reply, &result));
    return result;
}

#define gate_test(f) cmocka_unit_test_setup_teardown(f, open_gate, close_gate)

#endif
