#include "http/stream.h"

#include <poll.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "http/inside.h"

/* Waking must not be lost between "there is nothing to read" and "the connection sleeps", nor reach a
 * connection that isn't asleep: `news` says that something has happened since the last look, `asleep` that
 * the connection is suspended; both change under the lock. The event log is never called under it, because
 * the log calls notify() under its own. */
struct Stream {
    Watched watched; /* first */
    Request *request;
    pthread_mutex_t lock;
    bool news;
    bool asleep;
    bool heartbeat_due;
    bool is_left; /* by its client */
    int64_t last_sent_us;
    int64_t look_at_client_us; /* the keeper's: not before */
    uint64_t cursor;
    Arena arena; /* holds `pending` */
    Str pending; /* read from the log, not yet taken by the library */
    bool over;
};

enum { READ_AT_ONCE = 16 * 1024, LIBRARY_BLOCK = 1024, CLIENT_LOOK_US = 1000 * 1000 };

static void wake(Stream *stream, bool heartbeat, bool is_left)
{
    MUTEX_HOLD(&stream->lock);
    stream->news = true;
    stream->heartbeat_due |= heartbeat;
    stream->is_left |= is_left;
    if (stream->asleep) {
        stream->asleep = false;
        MHD_resume_connection(stream->request->link);
    }
}

static void notify(void *context)
{
    wake(context, false, false);
}

/* True when the connection sleeps now; false when there was news meanwhile. */
static bool go_to_sleep(Stream *stream)
{
    MUTEX_HOLD(&stream->lock);
    if (stream->news)
        return false;
    MHD_suspend_connection(stream->request->link);
    stream->asleep = true;
    return true;
}

static bool take_news(Stream *stream)
{
    MUTEX_HOLD(&stream->lock);
    bool heartbeat = stream->heartbeat_due;
    stream->news = stream->heartbeat_due = false;
    return heartbeat;
}

static bool is_left(Stream *stream)
{
    MUTEX_HOLD(&stream->lock);
    return stream->is_left;
}

static void read_events(Stream *stream, bool heartbeat)
{
    Buf out;

    arena_reset(&stream->arena);
    buf_init(&out, &stream->arena, 1024);
    stream->over = !event_log_read(stream->request->events, &stream->cursor, READ_AT_ONCE, &out);
    if (out.len == 0 && heartbeat)
        buf_put(&out, STR(": still here\n\n"));
    stream->pending = buf_str(&out);
}

static ssize_t give_pending(Stream *stream, char *out, size_t room)
{
    size_t len = stream->pending.len < room ? stream->pending.len : room;
    int64_t now_us = server_now_us(stream->request->server);

    memcpy(out, stream->pending.data, len);
    stream->pending = str_slice(stream->pending, len, stream->pending.len);
    stream->request->outcome.bytes += len;
    MUTEX_HOLD(&stream->lock);
    stream->last_sent_us = now_us;
    return (ssize_t)len;
}

/* Called by the library when it can send more. */
static ssize_t read_stream(void *context, uint64_t position, char *out, size_t room)
{
    Stream *stream = context;

    (void)position;
    while (stream->pending.len == 0) {
        if (stream->over || request_must_end(stream->request))
            return MHD_CONTENT_READER_END_OF_STREAM;
        if (is_left(stream))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        read_events(stream, take_news(stream));
        if (stream->pending.len > 0 || stream->over)
            continue;
        arena_finish(&stream->arena); /* most streams sleep most of the time */
        if (go_to_sleep(stream))
            return 0;
    }
    return give_pending(stream, out, room);
}

/* The library doesn't look at a connection that sleeps. Without this, two heartbeats would find out that its client has gone:
 * the first is answered with a reset. */
static bool has_gone(Stream *stream, int64_t now_us)
{
    struct pollfd client = {.fd = stream->request->connection->socket, .events = POLLRDHUP};

    if (now_us < stream->look_at_client_us)
        return false;
    stream->look_at_client_us = now_us + CLIENT_LOOK_US;
    return poll(&client, 1, 0) > 0;
}

/* Ends it with the server or its client, and lets the client know that it isn't forgotten. */
static void look(Watched *watched, int64_t now_us)
{
    Stream *stream = (Stream *)watched;
    const Server *server = stream->request->server;
    int64_t silent_us;

    {
        MUTEX_HOLD(&stream->lock);
        silent_us = now_us - stream->last_sent_us;
    }
    bool heartbeat = silent_us >= (int64_t)server->config.heartbeat_ms * 1000;
    bool gone = has_gone(stream, now_us);
    if (heartbeat || gone || request_must_end(stream->request))
        wake(stream, heartbeat, gone);
}

struct MHD_Response *stream_response(Request *request)
{
    Stream *stream = memory_new(Stream);

    stream->watched.look = look;
    stream->request = request;
    pthread_mutex_init(&stream->lock, NULL);
    stream->cursor = request->events_after;
    stream->last_sent_us = server_now_us(request->server);
    request->stream = stream;
    request->outcome.status = 200;
    keeper_watch(&request->server->keeper, &stream->watched);
    event_log_watch(request->events, notify, stream);

    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, LIBRARY_BLOCK, read_stream, stream, NULL);
    if (response) {
        (void)MHD_add_response_header(response, "Content-Type", "text/event-stream; charset=utf-8");
        (void)MHD_add_response_header(response, "X-Accel-Buffering", "no");
    }
    return response;
}

/* The connection is over, and awake: nobody can resume it any more once the watching has ended. */
void stream_finish(Request *request)
{
    Stream *stream = request->stream;

    if (!stream)
        return;
    event_log_unwatch(request->events, stream);
    keeper_unwatch(&request->server->keeper, &stream->watched);
    request->stream = NULL;
    arena_finish(&stream->arena);
    pthread_mutex_destroy(&stream->lock);
    memory_free(stream);
}
