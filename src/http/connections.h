/* Every open connection, so that the slow ones can be ended, the idle ones closed when the server drains, and
 * those we refuse closed in such a way that the client can still read why. */
#ifndef NERDX_HTTP_CONNECTIONS_H
#define NERDX_HTTP_CONNECTIONS_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { CLIENT_TEXT = INET6_ADDRSTRLEN };

typedef struct Connection Connection;

struct Connection {
    Connection *next;
    Connection *previous;
    int socket;
    _Atomic int64_t
        deadline_us;   /* monotonic: its client must have sent what we wait for; 0 = we don't wait */
    atomic_bool idle;  /* between requests */
    bool more_to_come; /* its loop's: a request was refused while the client may still be sending */
    char client[CLIENT_TEXT];
};

enum { LINGERING_MAX = 256 };

typedef struct Lingering {
    int socket;
    int64_t until_us;
} Lingering;

typedef struct Connections {
    pthread_mutex_t lock;
    Connection *first;
    size_t count;
    Lingering lingering[LINGERING_MAX]; /* closed by us, still read from: see connections_close */
    size_t lingering_count;
} Connections;

void connections_init(Connections *connections);
void connections_finish(Connections *connections);

Connection *connections_open(Connections *connections, int socket, const struct sockaddr *peer,
                             int64_t deadline_us);

/* To be called before the socket is closed. While input is on its way that nobody will read, the kernel
 * answers it with a reset, and the client may lose the answer that tells it why. So such a socket is kept
 * under another descriptor and emptied for a while. */
void connections_close(Connections *connections, Connection *connection, int64_t now_us);

/* Ends connections past their deadline and goes on emptying those that linger. */
void connections_check(Connections *connections, int64_t now_us);

/* Ends the receiving side of idle connections: what a client had sent before is still read and answered. */
void connections_end_idle(Connections *connections);

size_t connections_count(Connections *connections);
bool connections_lingering(Connections *connections);

#endif
