#include "http/client_poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

enum { US_PER_MS = 1000, EVENTS_AT_ONCE = 64, NEVER_MS = -1 };

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

/* --- what curl says --- */

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known)
{
    const Poller *poller = context;
    struct epoll_event event = {.data.fd = socket};

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(poller->epoll, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
    (void)epoll_ctl(poller->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    (void)curl_multi_assign(poller->multi, socket, poller->multi); /* anything: it is known from now on */
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    Poller *poller = context;

    (void)multi;
    poller->timer_us = timeout_ms < 0 ? 0 : now_us() + (int64_t)timeout_ms * US_PER_MS;
    return 0;
}

/* --- what it is told --- */

static int wait_ms(const Poller *poller, int64_t until_us)
{
    int64_t timer_us = poller->timer_us;
    int64_t until = until_us == 0 || (timer_us != 0 && timer_us < until_us) ? timer_us : until_us;

    if (until == 0)
        return NEVER_MS;
    int64_t left_us = until - now_us();
    return left_us <= 0 ? 0 : (int)((left_us + US_PER_MS - 1) / US_PER_MS);
}

static void take_event(const Poller *poller, const struct epoll_event *event)
{
    int flags = (event->events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                (event->events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                (event->events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    uint64_t count;
    int running;

    if (event->data.fd == poller->waker)
        (void)!read(poller->waker, &count, sizeof count);
    else
        (void)curl_multi_socket_action(poller->multi, event->data.fd, flags, &running);
}

void poller_take_time(Poller *poller)
{
    int running;

    if (poller->timer_us == 0 || now_us() < poller->timer_us)
        return;
    poller->timer_us = 0;
    (void)curl_multi_socket_action(poller->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

void poller_wait(Poller *poller, int64_t until_us)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(poller->epoll, events, EVENTS_AT_ONCE, wait_ms(poller, until_us));

    for (int i = 0; i < count; i++)
        take_event(poller, &events[i]);
    poller_take_time(poller);
}

void poller_wake(const Poller *poller)
{
    const uint64_t one = 1;

    (void)!write(poller->waker, &one, sizeof one);
}

/* --- opening and closing --- */

static void set_up(Poller *poller, size_t max_idle)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = poller->waker};

    (void)epoll_ctl(poller->epoll, EPOLL_CTL_ADD, poller->waker, &event);
    curl_multi_setopt(poller->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(poller->multi, CURLMOPT_SOCKETDATA, poller);
    curl_multi_setopt(poller->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(poller->multi, CURLMOPT_TIMERDATA, poller);
    curl_multi_setopt(poller->multi, CURLMOPT_MAXCONNECTS, (long)max_idle);
}

bool poller_open(Poller *poller, size_t max_idle)
{
    poller->timer_us = 0;
    poller->multi = curl_multi_init();
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    poller->waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poller->multi == NULL || poller->epoll < 0 || poller->waker < 0)
        return false;
    set_up(poller, max_idle);
    return true;
}

void poller_close(Poller *poller)
{
    (void)curl_multi_cleanup(poller->multi);
    if (poller->epoll >= 0)
        (void)close(poller->epoll);
    if (poller->waker >= 0)
        (void)close(poller->waker);
}
