#include "http/request.h"

#include "base/thread.h"

/* Often enough for deadlines in seconds; more often while refused clients are still sending. */
enum { TICK_US = 100 * 1000, LINGERING_TICK_US = 10 * 1000 };

void keeper_watch(Request *request)
{
    Server *server = request->server;

    MUTEX_HOLD(&server->watch_lock);
    request->previous_watched = NULL;
    request->next_watched = server->watched;
    if (server->watched)
        server->watched->previous_watched = request;
    server->watched = request;
    request->watched = true;
}

/* Only the loop of the request's connection watches and unwatches it, so `watched` needs no lock there. */
void keeper_unwatch(Request *request)
{
    Server *server = request->server;

    if (!request->watched)
        return;
    MUTEX_HOLD(&server->watch_lock);
    if (request->next_watched)
        request->next_watched->previous_watched = request->previous_watched;
    if (request->previous_watched)
        request->previous_watched->next_watched = request->next_watched;
    else
        server->watched = request->next_watched;
    request->watched = false;
}

static void look_after(Request *request, int64_t now_us)
{
    if (request->stream)
        stream_tick(request, now_us);
    else if (now_us > request->deadline_us)
        request_give_up(request);
}

void keeper_wake_all(Server *server)
{
    MUTEX_HOLD(&server->watch_lock);
    for (Request *request = server->watched; request; request = request->next_watched) {
        if (request->stream)
            stream_wake(request);
        else if (atomic_load(&server->stopping))
            request_give_up(request);
    }
}

static void tick(Server *server)
{
    int64_t now_us = server_now_us(server);

    connections_check(&server->connections, now_us);
    MUTEX_HOLD(&server->watch_lock);
    for (Request *request = server->watched; request; request = request->next_watched)
        look_after(request, now_us);
}

static void *keep(void *context)
{
    Server *server = context;

    MUTEX_HOLD(&server->keeper_lock);
    while (!server->keeper_ends) {
        bool lingering = connections_lingering(&server->connections);
        int64_t next_us = clock_monotonic_us(clock_system()) + (lingering ? LINGERING_TICK_US : TICK_US);
        (void)cond_wait_until(&server->keeper_wakes, &server->keeper_lock, next_us);
        tick(server);
    }
    return NULL;
}

void keeper_start(Server *server)
{
    server->keeper_ends = false;
    server->keeper = thread_start("http-keeper", keep, server);
    server->keeper_started = true;
}

void keeper_stop(Server *server)
{
    if (!server->keeper_started)
        return;
    {
        MUTEX_HOLD(&server->keeper_lock);
        server->keeper_ends = true;
        pthread_cond_signal(&server->keeper_wakes);
    }
    thread_join(server->keeper);
    server->keeper_started = false;
}
