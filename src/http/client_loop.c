#include "http/client_loop.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

enum { BODIES_MAX = 128 /* that are written and not yet sent, however many wait */ };
enum { US_PER_MS = 1000, LOOK_US = 50 * US_PER_MS, EVENTS_AT_ONCE = 64, READ_AT_ONCE = 2048, NEVER_MS = -1 };

struct ClientLoop {
    HttpClient *client;
    CURLM *multi;
    int epoll;
    int waker;             /* an eventfd */
    int64_t timer_us;      /* when curl wants to be called; 0 = it doesn't */
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

/* --- what curl says --- */

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known)
{
    const ClientLoop *loop = context;
    struct epoll_event event = {.data.fd = socket};

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0U) | (what & CURL_POLL_OUT ? EPOLLOUT : 0U);
    (void)epoll_ctl(loop->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    (void)curl_multi_assign(loop->multi, socket, loop->multi); /* anything: it is known from now on */
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context)
{
    ClientLoop *loop = context;

    (void)multi;
    loop->timer_us = timeout_ms < 0 ? 0 : now_us() + (int64_t)timeout_ms * US_PER_MS;
    return 0;
}

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

    (void)curl_multi_remove_handle(loop->multi, stream->transfer.handle);
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

    while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
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
    return curl_multi_add_handle(loop->multi, stream->transfer.handle) == CURLM_OK;
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

static int wait_ms(ClientLoop *loop)
{
    int64_t until = loop->timer_us;

    MUTEX_HOLD(&loop->client->lock);
    if (loop->first != NULL)
        until = until == 0 ? loop->next_look_us : earlier(until, loop->next_look_us);
    if (until == 0)
        return NEVER_MS;
    int64_t left_us = until - now_us();
    return left_us <= 0 ? 0 : (int)((left_us + US_PER_MS - 1) / US_PER_MS);
}

static void take_event(ClientLoop *loop, const struct epoll_event *event)
{
    int flags = (event->events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                (event->events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                (event->events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    uint64_t count;
    int running;

    if (event->data.fd == loop->waker)
        (void)!read(loop->waker, &count, sizeof count);
    else
        (void)curl_multi_socket_action(loop->multi, event->data.fd, flags, &running);
}

static void take_time(ClientLoop *loop)
{
    int running;

    if (loop->timer_us == 0 || now_us() < loop->timer_us)
        return;
    loop->timer_us = 0;
    (void)curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static bool ends(ClientLoop *loop)
{
    MUTEX_HOLD(&loop->client->lock);
    return loop->ends;
}

static void *run(void *context)
{
    ClientLoop *loop = context;
    struct epoll_event events[EVENTS_AT_ONCE];

    while (!ends(loop)) {
        int count = epoll_wait(loop->epoll, events, EVENTS_AT_ONCE, wait_ms(loop));
        for (int i = 0; i < count; i++)
            take_event(loop, &events[i]);
        take_time(loop);
        end_finished(loop);
        look(loop);
        take_time(loop); /* what has begun to fly goes at once */
        end_finished(loop);
    }
    return NULL;
}

static void set_up(ClientLoop *loop)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = loop->waker};

    (void)epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->waker, &event);
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)loop->client->config.max_idle);
}

ClientLoop *client_loop_create(HttpClient *client)
{
    ClientLoop *loop = memory_new(ClientLoop);

    loop->client = client;
    loop->multi = curl_multi_init();
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->multi == NULL || loop->epoll < 0 || loop->waker < 0) {
        client_loop_destroy(loop);
        return NULL;
    }
    set_up(loop);
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
    (void)curl_multi_cleanup(loop->multi);
    if (loop->epoll >= 0)
        (void)close(loop->epoll);
    if (loop->waker >= 0)
        (void)close(loop->waker);
    memory_free(loop);
}

void client_loop_wake(ClientLoop *loop)
{
    const uint64_t one = 1;

    if (!atomic_exchange(&loop->has_calls, true))
        (void)!write(loop->waker, &one, sizeof one);
}

void client_loop_add(ClientLoop *loop, HttpStream *stream)
{
    stream->previous = loop->last;
    *(loop->last != NULL ? &loop->last->next : &loop->first) = stream;
    loop->last = stream;
    client_loop_wake(loop);
}
