#include "http/socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "http/inside.h"

enum {
    CLOSING_MS = 2000,        /* for a client to answer that we close */
    SAID_AT_ONCE = 64 * 1024, /* bytes, then it is the others' turn */
    US_PER_MS = 1000
};

static ssize_t read_bytes(void *context, uint8_t *out, size_t room)
{
    Socket *socket = context;

    if (socket->early.len > 0) {
        size_t len = socket->early.len < room ? socket->early.len : room;
        memcpy(out, socket->early.data, len);
        socket->early = str_slice(socket->early, len, socket->early.len);
        return (ssize_t)len;
    }
    ssize_t got = recv(socket->fd, out, room, MSG_DONTWAIT);
    return got > 0 ? got : got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static ssize_t write_bytes(void *context, const uint8_t *bytes, size_t len)
{
    Socket *socket = context;
    ssize_t sent = send(socket->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent > 0)
        socket->request->outcome.bytes += (uint64_t)sent;
    return sent > 0 ? sent : sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

void socket_close(Socket *socket, int code)
{
    if (socket->closing_us != 0)
        return;
    socket->closing_us = server_now_us(socket->request->server);
    frames_close(socket->frames, code);
}

static int64_t beat_us(const Socket *socket)
{
    return (int64_t)socket->request->server->config.heartbeat_ms * US_PER_MS;
}

/* A close overtakes what waits to be sent, and one message waits at the most: the others wait in the log. */
static bool say_all(Socket *socket)
{
    AUTO_ARENA Arena arena = {0};
    size_t said = 0;

    socket->is_behind = socket->early.len > 0;
    while (socket->closing_us == 0 && !frames_wants_write(socket->frames)) {
        Buf out = {.arena = &arena};
        bool is_open = event_log_read_one(socket->request->events, &socket->cursor, &out);
        if (out.len == 0) {
            if (!is_open)
                socket_close(socket, FRAMES_NORMAL);
            break;
        }
        frames_say(socket->frames, buf_str(&out));
        said += out.len;
        if (!frames_write(socket->frames))
            return false;
        arena_reset(&arena);
        if (said > SAID_AT_ONCE) {
            socket->is_behind = true;
            break;
        }
    }
    return true;
}

void socket_open(Socket *socket)
{
    const int on = 1;

    socket->frames = frames_create(&(FramesIo){read_bytes, write_bytes, socket});
    socket->pinged_us = server_now_us(socket->request->server);
    (void)setsockopt(socket->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Of who was refused, more may be on its way, which must not reset the connection before they have read why. */
void socket_finish(Socket *socket)
{
    Request *request = socket->request;
    bool is_closed = frames_has_closed(socket->frames);

    request->outcome.aborted = !is_closed;
    request->connection->more_to_come = is_closed && !frames_was_closed(socket->frames);
    frames_destroy(socket->frames);
}

bool socket_take_turn(Socket *socket)
{
    return frames_read(socket->frames) && say_all(socket) && frames_write(socket->frames) &&
           !frames_is_over(socket->frames);
}

uint32_t socket_waits_for(const Socket *socket)
{
    bool wants_write = socket->is_behind || frames_wants_write(socket->frames);

    return (frames_wants_read(socket->frames) ? (uint32_t)EPOLLIN : 0) |
           (wants_write ? (uint32_t)EPOLLOUT : 0);
}

static bool is_given_up(const Socket *socket, int64_t now_us)
{
    int64_t patience_us = (int64_t)socket->request->server->config.idle_timeout_ms * US_PER_MS;

    return (socket->closing_us != 0 && now_us - socket->closing_us > (int64_t)CLOSING_MS * US_PER_MS) ||
           (socket->awaits_pong && now_us - socket->pinged_us > patience_us);
}

static bool ping_if_due(Socket *socket, int64_t now_us)
{
    if (frames_was_answered(socket->frames))
        socket->awaits_pong = false;
    if (socket->awaits_pong || now_us - socket->pinged_us < beat_us(socket))
        return false;
    socket->awaits_pong = true;
    socket->pinged_us = now_us;
    frames_ping(socket->frames);
    return true;
}

bool socket_look(Socket *socket, int64_t now_us)
{
    bool is_due = ping_if_due(socket, now_us);
    bool ends = socket->closing_us == 0 && request_must_end(socket->request);

    if (is_given_up(socket, now_us))
        return false;
    if (ends)
        socket_close(socket, FRAMES_GOING_AWAY);
    return (is_due || ends) ? socket_take_turn(socket) : true;
}
