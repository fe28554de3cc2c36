/* A thread that takes connections from the listening socket and hands them to the loops, and never more than the
 * limit: the rest wait in the kernel's queue. libmicrohttpd could listen itself, but its 0.9.75 can't stop to: its
 * MHD_quiesce_daemon and its loops may both take the socket out of the same epoll set, and the second one of them
 * ends the process. */
#ifndef NERDX_HTTP_ACCEPTOR_H
#define NERDX_HTTP_ACCEPTOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Hands one on, and owns the socket from then on, also when it refuses: then it has closed it. */
typedef bool (*AcceptTake)(void *context, int socket, const struct sockaddr *peer, socklen_t size);

typedef struct Acceptor {
    AcceptTake take;
    void *context;
    int socket;
    int wake; /* eventfd: a place is free, or it is time to stop */
    unsigned limit;
    atomic_uint open;
    atomic_bool waits; /* for a place */
    atomic_bool stops;
    bool started;
    pthread_t thread;
} Acceptor;

void acceptor_start(Acceptor *acceptor, int socket, unsigned limit, AcceptTake take, void *context);

/* Connections that were taken and haven't ended, those too that no loop has looked at yet. */
unsigned acceptor_open(const Acceptor *acceptor);

/* A connection that was taken has ended. */
void acceptor_give_back(Acceptor *acceptor);

/* What the kernel has completed by now is still taken in, limit or not; then the port is closed to others. The
 * descriptor stays open. Harmless when it has stopped, or was never started. */
void acceptor_stop(Acceptor *acceptor);

/* Once no connection is left to be given back. */
void acceptor_destroy(Acceptor *acceptor);

#endif
