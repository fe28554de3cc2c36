#include "http/connections.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/thread.h"

enum { LINGER_US = 2 * 1000 * 1000, LINGER_READ = 64 * 1024, LINGER_READS = 64 };

void connections_init(Connections *connections)
{
    *connections = (Connections){0};
    pthread_mutex_init(&connections->lock, NULL);
}

void connections_finish(Connections *connections)
{
    for (size_t i = 0; i < connections->lingering_count; i++)
        (void)close(connections->lingering[i].socket);
    pthread_mutex_destroy(&connections->lock);
}

static void print_client(const struct sockaddr *peer, char out[CLIENT_TEXT])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    out[0] = '\0';
    if (peer && peer->sa_family == AF_INET) {
        memcpy(&v4, peer, sizeof v4);
        (void)inet_ntop(AF_INET, &v4.sin_addr, out, CLIENT_TEXT);
    } else if (peer && peer->sa_family == AF_INET6) {
        memcpy(&v6, peer, sizeof v6);
        (void)inet_ntop(AF_INET6, &v6.sin6_addr, out, CLIENT_TEXT);
    }
}

Connection *connections_open(Connections *connections, int socket, const struct sockaddr *peer,
                             int64_t deadline_us)
{
    Connection *connection = memory_new(Connection);

    connection->socket = socket;
    atomic_init(&connection->deadline_us, deadline_us);
    atomic_init(&connection->idle, true);
    print_client(peer, connection->client);

    MUTEX_HOLD(&connections->lock);
    connection->next = connections->first;
    if (connection->next)
        connection->next->previous = connection;
    connections->first = connection;
    connections->count++;
    return connection;
}

static bool has_unread(int socket)
{
    int unread = 0;
    return ioctl(socket, FIONREAD, &unread) == 0 && unread > 0;
}

static void linger(Connections *connections, int socket, int64_t now_us)
{
    if (connections->lingering_count == LINGERING_MAX)
        return;
    int kept = dup(socket);
    if (kept < 0)
        return;
    (void)shutdown(socket, SHUT_WR);
    connections->lingering[connections->lingering_count++] = (Lingering){kept, now_us + LINGER_US};
}

void connections_close(Connections *connections, Connection *connection, int64_t now_us)
{
    {
        MUTEX_HOLD(&connections->lock);
        if (connection->next)
            connection->next->previous = connection->previous;
        if (connection->previous)
            connection->previous->next = connection->next;
        else
            connections->first = connection->next;
        connections->count--;
        if (connection->more_to_come || has_unread(connection->socket))
            linger(connections, connection->socket, now_us);
    }
    memory_free(connection);
}

/* Throws away what has come. False when the client has closed, or sends on and on. */
static bool empty_socket(int socket)
{
    char scratch[LINGER_READ];
    ssize_t got = 1;

    for (int i = 0; i < LINGER_READS && got > 0; i++)
        got = recv(socket, scratch, sizeof scratch, MSG_DONTWAIT);
    return got != 0;
}

static void check_lingering(Connections *connections, int64_t now_us)
{
    size_t kept = 0;

    for (size_t i = 0; i < connections->lingering_count; i++) {
        Lingering *one = &connections->lingering[i];
        if (now_us < one->until_us && empty_socket(one->socket))
            connections->lingering[kept++] = *one;
        else
            (void)close(one->socket);
    }
    connections->lingering_count = kept;
}

void connections_check(Connections *connections, int64_t now_us)
{
    MUTEX_HOLD(&connections->lock);
    for (Connection *one = connections->first; one; one = one->next) {
        int64_t deadline = atomic_load_explicit(&one->deadline_us, memory_order_relaxed);
        if (deadline && now_us > deadline)
            (void)shutdown(one->socket, SHUT_RDWR);
    }
    check_lingering(connections, now_us);
}

void connections_end_idle(Connections *connections)
{
    MUTEX_HOLD(&connections->lock);
    for (Connection *one = connections->first; one; one = one->next)
        if (atomic_load_explicit(&one->idle, memory_order_relaxed))
            (void)shutdown(one->socket, SHUT_RD);
}

size_t connections_count(Connections *connections)
{
    MUTEX_HOLD(&connections->lock);
    return connections->count;
}

bool connections_lingering(Connections *connections)
{
    MUTEX_HOLD(&connections->lock);
    return connections->lingering_count > 0;
}
