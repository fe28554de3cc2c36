#include "http/sockets.h"

#include <assert.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread.h"
#include "http/inside.h"
#include "http/socket.h"
#include "http/upgrade.h"

enum { TICK_US = 100 * 1000, US_PER_MS = 1000, READY_AT_ONCE = 64 };

typedef struct Member Member;
struct Member {
    Socket socket; /* first */
    Sockets *sockets;
    struct MHD_UpgradeResponseHandle *handle;
    Member *next, **place; /* among all; the thread's own */
    uint32_t waits_for;    /* of epoll */
    Member *next_news;     /* under the lock */
    bool has_news;         /* and is in the list of those */
};

struct Sockets {
    Server *server;
    pthread_t thread;
    bool is_started;
    int epoll;
    int wake;
    Member *all;       /* the thread's own */
    int64_t looked_us; /* at all of them */
    pthread_mutex_t lock;
    Member *news;
    bool is_over;
};

static void wake(Sockets *sockets)
{
    const uint64_t one = 1;
    ssize_t written = write(sockets->wake, &one, sizeof one);

    (void)written; /* EAGAIN: it is awake already */
}

static void sleep_again(Sockets *sockets)
{
    uint64_t times;
    ssize_t got = read(sockets->wake, &times, sizeof times);

    (void)got;
}

/* ---- Who has news. Logs tell them under their own lock: no log is asked anything under this one. */

/* False: it comes too late. */
static bool put_news(Member *member)
{
    Sockets *sockets = member->sockets;

    MUTEX_HOLD(&sockets->lock);
    if (sockets->is_over || member->has_news)
        return !sockets->is_over;
    if (sockets->news == NULL)
        wake(sockets);
    member->has_news = true;
    member->next_news = sockets->news;
    sockets->news = member;
    return true;
}

static void notify(void *context)
{
    (void)put_news(context);
}

static void forget_news(Member *member)
{
    Member **place = &member->sockets->news;

    MUTEX_HOLD(&member->sockets->lock);
    while (member->has_news && *place != member)
        place = &(*place)->next_news;
    if (member->has_news)
        *place = member->next_news;
    member->has_news = false;
}

/* All of those there are. */
static Member *take_news(Sockets *sockets)
{
    MUTEX_HOLD(&sockets->lock);
    Member *first = sockets->news;
    sockets->news = NULL;
    return first;
}

/* From now on it may have news again. The one behind it. */
static Member *note_news(Member *member)
{
    MUTEX_HOLD(&member->sockets->lock);
    member->has_news = false;
    return member->next_news;
}

/* ---- One of them */

/* Back to the library, which ends its request. */
static void hand_back(Member *member)
{
    struct MHD_UpgradeResponseHandle *handle = member->handle;

    memory_free(member);
    (void)MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

static void let_go(Member *member)
{
    event_log_unwatch(member->socket.request->events, member);
    forget_news(member);
    (void)epoll_ctl(member->sockets->epoll, EPOLL_CTL_DEL, member->socket.fd, NULL);
    *member->place = member->next;
    if (member->next != NULL)
        member->next->place = member->place;
    socket_finish(&member->socket);
    hand_back(member);
}

/* False: the kernel has no room for it. */
static bool wait_for(Member *member, int operation)
{
    struct epoll_event event = {.events = socket_waits_for(&member->socket), .data.ptr = member};

    if (operation == EPOLL_CTL_MOD && event.events == member->waits_for)
        return true;
    member->waits_for = event.events;
    return epoll_ctl(member->sockets->epoll, operation, member->socket.fd, &event) == 0;
}

static void go_on(Member *member, bool lives)
{
    if (!lives || !wait_for(member, EPOLL_CTL_MOD))
        let_go(member);
}

static void take_in(Member *member)
{
    Sockets *sockets = member->sockets;

    socket_open(&member->socket);
    member->next = sockets->all;
    member->place = &sockets->all;
    if (member->next != NULL)
        member->next->place = &member->next;
    sockets->all = member;
    event_log_watch(member->socket.request->events, notify, member);
    go_on(member, wait_for(member, EPOLL_CTL_ADD) && socket_take_turn(&member->socket));
}

/* ---- All of them */

static void serve_news(Sockets *sockets)
{
    Member *next;

    for (Member *member = take_news(sockets); member != NULL; member = next) {
        next = note_news(member);
        if (member->place == NULL)
            take_in(member);
        else
            go_on(member, socket_take_turn(&member->socket));
    }
}

static void look_at_all(Sockets *sockets)
{
    int64_t now_us = server_now_us(sockets->server);
    Member *next;

    if (now_us - sockets->looked_us < TICK_US)
        return;
    sockets->looked_us = now_us;
    for (Member *member = sockets->all; member != NULL; member = next) {
        next = member->next;
        go_on(member, socket_look(&member->socket, now_us));
    }
}

static void serve_ready(Sockets *sockets)
{
    struct epoll_event ready[READY_AT_ONCE];
    int wait_ms = sockets->all != NULL ? TICK_US / US_PER_MS : -1;
    int count = epoll_wait(sockets->epoll, ready, READY_AT_ONCE, wait_ms);

    for (int i = 0; i < count; i++) {
        Member *member = ready[i].data.ptr;
        if (member == NULL)
            sleep_again(sockets);
        else
            go_on(member, socket_take_turn(&member->socket));
    }
}

static bool is_over(Sockets *sockets)
{
    MUTEX_HOLD(&sockets->lock);
    return sockets->is_over;
}

/* Nobody is waited for any more. */
static void end_all(Sockets *sockets)
{
    Member *next;

    for (Member *member = take_news(sockets); member != NULL; member = next) {
        next = note_news(member);
        if (member->place == NULL)
            hand_back(member);
    }
    while (sockets->all != NULL) {
        socket_close(&sockets->all->socket, FRAMES_GOING_AWAY);
        (void)socket_take_turn(&sockets->all->socket);
        let_go(sockets->all);
    }
}

static void *serve_all(void *context)
{
    Sockets *sockets = context;

    while (!is_over(sockets)) {
        serve_ready(sockets);
        serve_news(sockets);
        look_at_all(sockets);
    }
    end_all(sockets);
    return NULL;
}

Sockets *sockets_create(Server *server)
{
    Sockets *sockets = memory_new(Sockets);
    struct epoll_event woken = {.events = EPOLLIN};

    sockets->server = server;
    sockets->epoll = epoll_create1(EPOLL_CLOEXEC);
    sockets->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    (void)epoll_ctl(sockets->epoll, EPOLL_CTL_ADD, sockets->wake, &woken);
    (void)pthread_mutex_init(&sockets->lock, NULL);
    return sockets;
}

void sockets_start(Sockets *sockets)
{
    sockets->thread = thread_start("http-sockets", serve_all, sockets);
    sockets->is_started = true;
}

void sockets_end(Sockets *sockets)
{
    {
        MUTEX_HOLD(&sockets->lock);
        sockets->is_over = true;
    }
    wake(sockets);
    if (sockets->is_started)
        thread_join(sockets->thread);
    sockets->is_started = false;
}

void sockets_destroy(Sockets *sockets)
{
    if (sockets == NULL)
        return;
    assert(!sockets->is_started && sockets->all == NULL && sockets->news == NULL);
    (void)close(sockets->epoll);
    (void)close(sockets->wake);
    (void)pthread_mutex_destroy(&sockets->lock);
    memory_free(sockets);
}

/* ---- The upgrade */

/* On the loop, once the answer is out. */
static void begin(void *context, struct MHD_Connection *link, void *slot, const char *early, size_t early_len,
                  MHD_socket fd, struct MHD_UpgradeResponseHandle *handle)
{
    Request *request = context;
    Member *member = memory_new(Member);

    (void)link;
    (void)slot;
    *member = (Member){.sockets = request->server->sockets, .handle = handle};
    member->socket = (Socket){.request = request,
                              .fd = fd,
                              .early = str_copy(&request->spare, (Str){early, early_len}),
                              .cursor = request->events_after};
    request->outcome.aborted = true; /* until it has been closed */
    if (!put_news(member))
        hand_back(member);
}

struct MHD_Response *sockets_response(Request *request)
{
    struct MHD_Response *response = MHD_create_response_for_upgrade(begin, request);
    Str accept = upgrade_accept(&request->spare, &request->exchange);

    request->outcome.status = UPGRADE_SWITCHING;
    if (response == NULL)
        return NULL;
    (void)MHD_add_response_header(response, "Upgrade", "websocket");
    (void)MHD_add_response_header(response, "Sec-WebSocket-Accept", str_c(&request->spare, accept));
    return response;
}
