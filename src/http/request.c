#include "http/request.h"

#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

static Request *take_free(Server *server)
{
    MUTEX_HOLD(&server->free_lock);
    Request *request = server->free_requests;
    if (request) {
        server->free_requests = request->next_free;
        server->free_count--;
    }
    return request;
}

/* Everything but the header slots and the arenas' first blocks starts from zero. */
static void clear(Request *request)
{
    Arena arena = request->exchange.arena;
    Arena spare = request->spare;

    request->exchange = (Exchange){.arena = arena, .route = ""};
    memset(&request->head, 0, sizeof request->head);
    memset(&request->stage, 0, sizeof *request - offsetof(Request, stage));
    request->spare = spare;
    request->route = NULL;
    request->allow = NULL;
}

Request *request_create(Server *server, struct MHD_Connection *link, Connection *connection,
                        const char *target)
{
    Request *request = take_free(server);

    if (!request)
        request = memory_new(Request);
    clear(request);
    request->server = server;
    request->link = link;
    request->connection = connection;
    request->exchange.target = str_copy(&request->exchange.arena, str_from(target));
    request->head.target_place = target;
    request->exchange.client = str_from(connection->client);
    request->exchange.start_us = server_now_us(server);
    atomic_init(&request->references, 1);
    atomic_init(&request->phase, PHASE_RUNNING);
    atomic_fetch_add(&server->active, 1);
    return request;
}

void request_retain(Request *request)
{
    atomic_fetch_add_explicit(&request->references, 1, memory_order_relaxed);
}

static bool keep_for_reuse(Server *server, Request *request)
{
    MUTEX_HOLD(&server->free_lock);
    if (server->free_count == MAX_FREE_REQUESTS)
        return false;
    request->next_free = server->free_requests;
    server->free_requests = request;
    server->free_count++;
    return true;
}

void request_release(Request *request)
{
    Server *server = request->server;

    if (atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) > 1)
        return;
    event_log_release(request->events);
    if (request->body_on_heap)
        memory_free(request->body);
    arena_reset(&request->exchange.arena);
    arena_reset(&request->spare);
    if (!keep_for_reuse(server, request)) {
        arena_finish(&request->exchange.arena);
        arena_finish(&request->spare);
        memory_free(request);
    }
    atomic_fetch_sub(&server->active, 1);
}

void request_finish(Request *request, bool aborted)
{
    Server *server = request->server;

    stream_finish(request);
    keeper_unwatch(request);
    request->outcome.aborted = aborted;
    request->outcome.duration_us = server_now_us(server) - request->exchange.start_us;
    for (size_t i = server->filter_count; i-- > 0;)
        if (server->filters[i].after)
            server->filters[i].after(server->filters[i].context, &request->exchange, &request->outcome);
    request_release(request);
}
