#include "http/inside.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

/* "host:port" or "[address]:port"; both parts end in NUL. */
static Err split_address(Arena *arena, const char *address, Str *host, Str *port)
{
    Str text = str_from(address);
    const char *colon = text.len ? memrchr(text.data, ':', text.len) : NULL;

    if (!colon || colon[1] == '\0')
        return err(INVALID, "listen: \"%s\" should be HOST:PORT, such as 127.0.0.1:8080 or [::1]:0",
                   address ? address : "");
    Str name = {text.data, (size_t)(colon - text.data)};
    if (name.len >= 2 && name.data[0] == '[' && name.data[name.len - 1] == ']')
        name = str_slice(name, 1, name.len - 1);
    *host = str_copy(arena, name);
    *port = str_from(colon + 1);
    return OK;
}

static Err bind_and_listen(int fd, const struct addrinfo *at, const char *address, unsigned backlog)
{
    const int on = 1;

    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0)
        return err_detail(
            err(UNAVAILABLE, "listen: %s: %s%s", address, strerror(errno),
                errno == EADDRINUSE ? " (another program listens there; choose another port)" : ""),
            "errno %d", errno);
    if (listen(fd, (int)backlog) != 0)
        return err(UNAVAILABLE, "listen: %s: %s", address, strerror(errno));
    return OK;
}

static int port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } bound = {0};
    socklen_t size = sizeof bound;

    if (getsockname(fd, &bound.any, &size) != 0)
        return 0;
    return ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port : bound.v4.sin_port);
}

static Err open_at(const struct addrinfo *at, const char *address, unsigned backlog, int *out)
{
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return err(UNAVAILABLE, "listen: %s: %s", address, strerror(errno));
    Err e = bind_and_listen(fd, at, address, backlog);
    if (failed(&e))
        (void)close(fd);
    else
        *out = fd;
    return e;
}

Err listen_open(const char *address, unsigned backlog, int *out_socket, int *out_port)
{
    AUTO_ARENA Arena scratch = {0};
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    Str host = {0};
    Str port = {0};

    TRY(split_address(&scratch, address, &host, &port));
    int problem = getaddrinfo(host.len ? host.data : NULL, port.data, &hints, &found);
    if (problem != 0)
        return err(INVALID, "listen: %s: %s", address, gai_strerror(problem));
    Err e = open_at(found, address, backlog, out_socket);
    freeaddrinfo(found);
    TRY(e);
    *out_port = port_of(*out_socket);
    return OK;
}
