#include "http/request.h"

#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "http/inside.h"

enum { MAX_FREE_REQUESTS = 256, FIRST_BLOCK = 8 * 1024 - 64 };

void request_store_init(RequestStore *store)
{
    *store = (RequestStore){0};
    pthread_mutex_init(&store->lock, NULL);
}

static Request *take_free(RequestStore *store)
{
    MUTEX_HOLD(&store->lock);
    Request *request = store->free;
    if (request) {
        store->free = request->next_free;
        store->count--;
    }
    return request;
}

static bool keep_for_reuse(RequestStore *store, Request *request)
{
    MUTEX_HOLD(&store->lock);
    if (store->count == MAX_FREE_REQUESTS)
        return false;
    request->next_free = store->free;
    store->free = request;
    store->count++;
    return true;
}

static void free_request(Request *request)
{
    arena_finish(&request->exchange.arena);
    arena_finish(&request->spare);
    memory_free(request);
}

void request_store_finish(RequestStore *store)
{
    Request *request;

    while ((request = take_free(store)))
        free_request(request);
    pthread_mutex_destroy(&store->lock);
}

/* What it needs for an answer of a few pages is one block of memory, which stays with it. */
static Request *new_request(void)
{
    Request *request = memory_new(Request);

    (void)arena_alloc(&request->exchange.arena, FIRST_BLOCK);
    arena_reset(&request->exchange.arena);
    return request;
}

/* Everything but the arenas' first blocks starts from zero. */
static void clear(Request *request)
{
    Arena arena = request->exchange.arena;
    Arena spare = request->spare;

    request->exchange = (Exchange){.arena = arena, .route = ""};
    memset(&request->head, 0, sizeof request->head);
    memset(&request->stage, 0, sizeof *request - offsetof(Request, stage));
    request->spare = spare;
    memset(request->parent_id, 0, sizeof request->parent_id);
    request->route = NULL;
    request->allow = NULL;
    request->headers = NULL;
}

Request *request_create(Server *server, struct MHD_Connection *link, Connection *connection,
                        const char *target)
{
    Request *request = take_free(&server->requests);

    if (!request)
        request = new_request();
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

bool request_come_in(Request *request)
{
    const Route *route = request->route;

    if (route->most_at_once == 0)
        return true;
    request->is_at_work = true;
    return atomic_fetch_add_explicit(route->at_work, 1, memory_order_relaxed) < route->most_at_once;
}

void request_release(Request *request)
{
    Server *server = request->server;

    if (atomic_fetch_sub_explicit(&request->references, 1, memory_order_acq_rel) > 1)
        return;
    if (request->is_at_work)
        atomic_fetch_sub_explicit(request->route->at_work, 1, memory_order_relaxed);
    event_log_release(request->events);
    if (request->body_on_heap)
        memory_free(request->body);
    arena_reset(&request->exchange.arena);
    arena_reset(&request->spare);
    if (!keep_for_reuse(&server->requests, request))
        free_request(request);
    atomic_fetch_sub(&server->active, 1);
}

/* The same part of a copy. */
static Str moved(Str part, Str from, Str to)
{
    return part.len ? (Str){to.data + (part.data - from.data), part.len} : STR("");
}

void request_own_head(Request *request)
{
    Exchange *exchange = &request->exchange;
    Str lent = request->head.bytes;
    Str own = str_copy(&exchange->arena, lent);

    for (size_t i = 0; i < exchange->header_count; i++) {
        request->headers[i].name = moved(request->headers[i].name, lent, own);
        request->headers[i].value = moved(request->headers[i].value, lent, own);
    }
    exchange->method = moved(exchange->method, lent, own);
    exchange->client = str_copy(&exchange->arena, exchange->client);
}

void request_refuse(Request *request, int status, Err error)
{
    if (request->refusal)
        return;
    Refusal *refusal = arena_alloc(&request->exchange.arena, sizeof *refusal);
    *refusal = (Refusal){status, error};
    request->refusal = refusal;
}

bool request_must_end(const Request *request)
{
    const Server *server = request->server;

    return atomic_load(&server->ending) ||
           (atomic_load(&server->leaving) && event_log_is_to_come_back(request->events));
}
