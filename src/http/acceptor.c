#include "http/acceptor.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/thread.h"

/* When descriptors or memory have run out, the kernel is asked again after a while. */
enum { OUT_OF_ROOM_MS = 50 };

static bool is_full(const Acceptor *acceptor)
{
    return acceptor_open(acceptor) >= acceptor->limit;
}

static void wake(Acceptor *acceptor)
{
    const uint64_t one = 1;
    ssize_t written = write(acceptor->wake, &one, sizeof one);

    (void)written; /* EAGAIN: it is awake already */
}

/* Whoever closes a connection looks at `waits` after counting down, and we at the count after setting it. */
static void wait_for_place(Acceptor *acceptor)
{
    struct pollfd woken = {.fd = acceptor->wake, .events = POLLIN};
    uint64_t times;

    atomic_store(&acceptor->waits, true);
    while (is_full(acceptor) && !atomic_load(&acceptor->stops)) {
        (void)poll(&woken, 1, -1);
        ssize_t got = read(acceptor->wake, &times, sizeof times);
        (void)got;
    }
    atomic_store(&acceptor->waits, false);
}

/* False when nobody is there. A client that has gone again is no reason to stop. */
static bool accept_one(Acceptor *acceptor)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    int taken = accept4(acceptor->socket, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (taken < 0)
        return errno == ECONNABORTED || errno == EINTR;
    atomic_fetch_add(&acceptor->open, 1);
    if (!acceptor->take(acceptor->context, taken, (struct sockaddr *)&peer, size))
        atomic_fetch_sub(&acceptor->open, 1);
    return true;
}

static bool is_out_of_room(int problem)
{
    return problem == EMFILE || problem == ENFILE || problem == ENOBUFS || problem == ENOMEM;
}

static void wait_for_others(Acceptor *acceptor)
{
    struct pollfd watched[] = {{.fd = acceptor->wake, .events = POLLIN},
                               {.fd = acceptor->socket, .events = POLLIN}};
    bool short_of = is_out_of_room(errno);

    if (short_of)
        log_warn("a client has to wait", log_text("reason", str_from(strerror(errno))));
    (void)poll(watched, short_of ? 1 : 2, short_of ? OUT_OF_ROOM_MS : -1);
}

static void *accept_all(void *context)
{
    Acceptor *acceptor = context;

    while (!atomic_load(&acceptor->stops)) {
        if (is_full(acceptor))
            wait_for_place(acceptor);
        else if (!accept_one(acceptor))
            wait_for_others(acceptor);
    }
    while (accept_one(acceptor))
        ;
    (void)shutdown(acceptor->socket, SHUT_RD); /* without a pause: who is completed in between is reset */
    return NULL;
}

void acceptor_start(Acceptor *acceptor, int socket, unsigned limit, AcceptTake take, void *context)
{
    *acceptor = (Acceptor){.take = take, .context = context, .socket = socket, .limit = limit};
    acceptor->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    acceptor->thread = thread_start("http-acceptor", accept_all, acceptor);
    acceptor->started = true;
}

unsigned acceptor_open(const Acceptor *acceptor)
{
    return atomic_load(&acceptor->open);
}

void acceptor_give_back(Acceptor *acceptor)
{
    atomic_fetch_sub(&acceptor->open, 1);
    if (atomic_load(&acceptor->waits))
        wake(acceptor);
}

void acceptor_stop(Acceptor *acceptor)
{
    if (!acceptor->started)
        return;
    acceptor->started = false;
    atomic_store(&acceptor->stops, true);
    wake(acceptor);
    thread_join(acceptor->thread);
}

void acceptor_destroy(Acceptor *acceptor)
{
    acceptor_stop(acceptor);
    (void)close(acceptor->wake);
}
