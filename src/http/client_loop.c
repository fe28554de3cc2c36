#include "http/client_loop.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "http/client_poller.h"

enum { BODIES_MAX = 128 /* that are written and not yet sent, however many wait */ };
enum { LOOK_US = 50000, READ_AT_ONCE = 2048 };

struct ClientLoop {
    HttpClient *client;
    Poller poller;
    int64_t next_look_us;  /* at what the streams wait for */
    size_t bodies;         /* that are being sent */
    bool is_full;          /* somebody waits for one of them to have been */
    atomic_bool has_calls; /* somebody wants a look now */
    HttpStream *first;     /* guarded by the client's lock, as what follows */
    HttpStream *last;
    bool ends;
    bool started;
    pthread_t thread;
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* --- what comes --- */

static void put_in_inbox(HttpStream *stream, Str bytes)
{
    size_t wanted = stream->inbox_len + bytes.len;

    if (wanted > stream->inbox_capacity) {
        size_t doubled = stream->inbox_capacity * 2;
        stream->inbox_capacity = wanted > doubled ? wanted : doubled;
        stream->inbox = memory_grow(stream->inbox, stream->inbox_capacity, 1);
    }
    memcpy(stream->inbox + stream->inbox_len, bytes.data, bytes.len);
    stream->inbox_len = wanted;
}

/* True when the reader is to be told now; with the lock held. */
static bool has_news(HttpStream *stream)
{
    bool was_told = stream->is_told;

    stream->is_told = true;
    return !was_told;
}

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    HttpStream *stream = context;
    Str bytes = {data, size * count};
    bool news = false;

    mutex_lock(&stream->transfer.client->lock);
    if (stream->reply.status == 0)
        stream->reply.status = transfer_read_head(&stream->transfer).status;
    stream->is_held = stream->inbox_len > 0 && stream->inbox_len + bytes.len > STREAM_UNREAD_MAX;
    bool is_held = stream->is_held;
    if (!stream->is_unwanted && !is_held) {
        put_in_inbox(stream, bytes);
        news = has_news(stream);
    }
    mutex_unlock(&stream->transfer.client->lock);
    if (news)
        stream->told.told(stream->told.context);
    return is_held ? CURL_WRITEFUNC_PAUSE : bytes.len;
}

/* --- the end of a stream --- */

static void unlink_stream(ClientLoop *loop, HttpStream *stream)
{
    *(stream->next != NULL ? &stream->next->previous : &loop->last) = stream->previous;
    *(stream->previous != NULL ? &stream->previous->next : &loop->first) = stream->next;
}

static HttpReply read_head(HttpStream *stream)
{
    HttpReply head = transfer_read_head(&stream->transfer);
    size_t len = head.content_type.len < STREAM_TYPE_MAX ? head.content_type.len : STREAM_TYPE_MAX;

    if (head.content_type.data != NULL)
        memcpy(stream->type, head.content_type.data, len);
    head.content_type.len = len;
    head.content_type.data = head.content_type.data != NULL ? stream->type : NULL;
    return head;
}

static HttpReply land(ClientLoop *loop, HttpStream *stream)
{
    HttpReply head = read_head(stream);

    (void)curl_multi_remove_handle(loop->poller.multi, stream->transfer.handle);
    transfer_finish(&stream->transfer);
    return head;
}

static ClientOutcome outcome_of(const HttpStream *stream, CURLcode code)
{
    if (code == CURLE_OPERATION_TIMEDOUT && stream->stage == STREAM_WAITING)
        return CLIENT_NO_ROOM;
    if (code == CURLE_ABORTED_BY_CALLBACK && stream->transfer.too_large)
        return CLIENT_TOO_LARGE;
    return transfer_outcome(&stream->transfer, code);
}

/* A server that doesn't end what is whole has answered. */
static CURLcode end_of(const HttpStream *stream, CURLcode code)
{
    return code == CURLE_OPERATION_TIMEDOUT && atomic_load(&stream->is_whole) ? CURLE_OK : code;
}

/* The reader may have all of it from here on. */
static void end_stream(ClientLoop *loop, HttpStream *stream, CURLcode said)
{
    bool flew = stream->stage == STREAM_FLYING, news;
    CURLcode code = end_of(stream, said);

    client_call_end(&stream->transfer.counted, outcome_of(stream, code));
    HttpReply reply = flew ? land(loop, stream) : (HttpReply){0};

    transfer_let_go(&stream->transfer);
    stream_body_let_go(&stream->body);
    mutex_lock(&loop->client->lock);
    unlink_stream(loop, stream);
    loop->client->waiting -= !flew;
    stream->reply = reply;
    stream->code = code;
    stream->flew = flew;
    stream->stage = STREAM_OVER;
    news = has_news(stream);
    mutex_unlock(&loop->client->lock);
    if (news)
        stream->told.told(stream->told.context);
}

static void end_finished(ClientLoop *loop)
{
    const CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(loop->poller.multi, &left)) != NULL) {
        HttpStream *stream = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
        if (message->msg == CURLMSG_DONE)
            end_stream(loop, stream, code);
    }
}

/* --- looking at what waits --- */

static bool begin_flight(ClientLoop *loop, HttpStream *stream)
{
    curl_easy_setopt(stream->transfer.handle, CURLOPT_PRIVATE, stream);
    curl_easy_setopt(stream->transfer.handle, CURLOPT_BUFFERSIZE, (long)READ_AT_ONCE);
    curl_easy_setopt(stream->transfer.handle, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(stream->transfer.handle, CURLOPT_WRITEDATA, stream);
    stream_body_send(&stream->body, stream->transfer.handle, &loop->bodies);
    return curl_multi_add_handle(loop->poller.multi, stream->transfer.handle) == CURLM_OK;
}

static bool may_fly(ClientLoop *loop, const HttpStream *stream, int64_t now)
{
    bool is_due =
        stream->stage == STREAM_WAITING && stream->not_before_us <= now && transfer_has_room(loop->client);

    loop->is_full = loop->is_full || (is_due && loop->bodies == BODIES_MAX);
    return is_due && loop->bodies < BODIES_MAX;
}

/* What is to be done about a stream; with the lock held. */
typedef enum Todo { DO_NOTHING, DO_FLY, DO_END, DO_TIME_OUT, DO_CANCEL, DO_LET_FLOW } Todo;

static bool is_cancelled(const HttpStream *stream)
{
    return stream->cancelled != NULL && atomic_load(stream->cancelled);
}

static Todo todo_of(ClientLoop *loop, const HttpStream *stream, int64_t now)
{
    if (stream->is_unwanted)
        return DO_END;
    if (!stream->is_told && is_cancelled(stream))
        return DO_CANCEL;
    if (!stream->is_told && atomic_load(&stream->until_us) <= now)
        return DO_TIME_OUT; /* what has come is read first */
    if (stream->is_held && stream->inbox_len == 0)
        return DO_LET_FLOW;
    return may_fly(loop, stream, now) ? DO_FLY : DO_NOTHING;
}

static void do_it(ClientLoop *loop, HttpStream *stream, Todo todo)
{
    if (todo == DO_FLY && !begin_flight(loop, stream))
        end_stream(loop, stream, CURLE_FAILED_INIT);
    if (todo == DO_END || todo == DO_CANCEL)
        end_stream(loop, stream, CURLE_ABORTED_BY_CALLBACK);
    if (todo == DO_TIME_OUT)
        end_stream(loop, stream, CURLE_OPERATION_TIMEDOUT);
    if (todo == DO_LET_FLOW)
        (void)curl_easy_pause(stream->transfer.handle, CURLPAUSE_CONT);
}

/* When there may be something to do about it without anybody saying so; what is due already waits for somebody. */
static int64_t wakes_at(const HttpStream *stream, int64_t now)
{
    int64_t until_us = atomic_load(&stream->until_us);
    int64_t at = stream->stage == STREAM_WAITING && stream->not_before_us > now
                     ? earlier(stream->not_before_us, until_us)
                     : until_us;

    return at > now ? at : INT64_MAX;
}

/* The next one there is something to do about, from *at on; *at moves behind it. */
static Todo next_todo(ClientLoop *loop, HttpStream **at, int64_t now, HttpStream **out)
{
    MUTEX_HOLD(&loop->client->lock);
    for (HttpStream *stream = *at != NULL ? *at : loop->first; stream != NULL; stream = stream->next) {
        Todo todo = todo_of(loop, stream, now);
        *at = stream->next;
        *out = stream;
        if (todo == DO_FLY) {
            loop->client->waiting--;
            loop->client->open++;
            stream->stage = STREAM_FLYING;
            client_call_go(&stream->transfer.counted);
        }
        if (todo == DO_LET_FLOW)
            stream->is_held = false;
        if (todo != DO_NOTHING)
            return todo;
        loop->next_look_us = earlier(loop->next_look_us, wakes_at(stream, now));
    }
    *at = NULL;
    return DO_NOTHING;
}

/* At all of them: seldom, as there may be a thousand, and most have nothing but time. */
static void look(ClientLoop *loop)
{
    int64_t now = now_us();
    bool has_place = loop->is_full && loop->bodies < BODIES_MAX;
    HttpStream *at = NULL, *stream;
    Todo todo;

    if (!atomic_exchange(&loop->has_calls, false) && now < loop->next_look_us && !has_place)
        return;
    loop->is_full = false;
    loop->next_look_us = now + LOOK_US;
    do {
        todo = next_todo(loop, &at, now, &stream);
        do_it(loop, stream, todo);
    } while (todo != DO_NOTHING && at != NULL);
}

/* --- the thread --- */

static bool ends(ClientLoop *loop)
{
    MUTEX_HOLD(&loop->client->lock);
    return loop->ends;
}

/* When the streams are to be looked at again; 0: there are none. */
static int64_t looks_at(ClientLoop *loop)
{
    MUTEX_HOLD(&loop->client->lock);
    return loop->first != NULL ? loop->next_look_us : 0;
}

static void *run(void *context)
{
    ClientLoop *loop = context;

    while (!ends(loop)) {
        poller_wait(&loop->poller, looks_at(loop));
        end_finished(loop);
        look(loop);
        poller_take_time(&loop->poller); /* what has begun to fly goes at once */
        end_finished(loop);
    }
    return NULL;
}

ClientLoop *client_loop_create(HttpClient *client)
{
    ClientLoop *loop = memory_new(ClientLoop);

    loop->client = client;
    if (!poller_open(&loop->poller, client->config.max_idle)) {
        client_loop_destroy(loop);
        return NULL;
    }
    loop->thread = thread_start("http-client", run, loop);
    loop->started = true;
    return loop;
}

static void end_thread(ClientLoop *loop)
{
    {
        MUTEX_HOLD(&loop->client->lock);
        assert(loop->first == NULL);
        loop->ends = true;
        client_loop_wake(loop);
    }
    thread_join(loop->thread);
}

void client_loop_destroy(ClientLoop *loop)
{
    if (loop == NULL)
        return;
    if (loop->started)
        end_thread(loop);
    poller_close(&loop->poller);
    memory_free(loop);
}

void client_loop_wake(ClientLoop *loop)
{
    if (!atomic_exchange(&loop->has_calls, true))
        poller_wake(&loop->poller);
}

void client_loop_add(ClientLoop *loop, HttpStream *stream)
{
    stream->previous = loop->last;
    *(loop->last != NULL ? &loop->last->next : &loop->first) = stream;
    loop->last = stream;
    client_loop_wake(loop);
}
