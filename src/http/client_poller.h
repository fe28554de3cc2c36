/* libcurl's multi_socket interface on epoll, which looks only at connections with news. It knows nothing of what they carry. For
 * client_loop.c only, on its thread, but for poller_wake.
 *
 *     poller_wait(&poller, until_us);        curl has done all that can be done now: curl_multi_info_read says what has ended */
#ifndef NERDX_HTTP_CLIENT_POLLER_H
#define NERDX_HTTP_CLIENT_POLLER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Poller {
    CURLM *multi;
    int epoll;
    int waker;        /* an eventfd */
    int64_t timer_us; /* when curl wants to be called; 0 = it doesn't */
} Poller;

/* max_idle: connections that are kept open. It stays where it is until it is closed. False: there is no memory, or no file. */
bool poller_open(Poller *poller, size_t max_idle);
void poller_close(Poller *poller); /* one that couldn't be opened, too */

/* Waits for news, for poller_wake or until then (monotonic; 0: for ever), and has curl take them. */
void poller_wait(Poller *poller, int64_t until_us);
void poller_take_time(Poller *poller); /* has curl do what is due without news */
void poller_wake(const Poller *poller);

#endif
