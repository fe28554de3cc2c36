#include "stores/kv/redis_line.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "stores/kv/redis_dial.h"

enum {
    MOST_WORDS = 16,
    MOST_WAITING = 16384,
    PAUSE_US = 250000, /* between two tries to connect: who asks meanwhile is refused */
    READ_SIZE = 16384,
    MOST_AT_ONCE = 64, /* commands a write */
    US_A_MS = 1000,
};

typedef struct Ask {
    struct Ask *next;
    char *command; /* hiredis's */
    size_t len;
    RedisAnswerFn answer; /* NULL: no answer is waited for */
    void *context;
    int64_t until_us;
} Ask;

typedef struct Queue {
    Ask *first;
    Ask *last;
    size_t count;
} Queue;

struct RedisLine {
    const RedisAddress *address;
    RedisPushes pushes;
    int waker; /* an eventfd */
    pthread_t thread;

    pthread_mutex_t lock; /* guards what follows */
    Queue asked;
    int64_t refused_until_us;
    bool ends;
    size_t under_way; /* asked and not answered */

    /* the thread's own */
    redisContext *redis; /* NULL: not connected */
    redisReader *reader;
    Queue unsent;
    size_t sent_of_first;
    Queue flying;
};

static int64_t now_us(void)
{
    return clock_monotonic_us(clock_system());
}

static void push(Queue *queue, Ask *ask)
{
    ask->next = NULL;
    if (queue->last)
        queue->last->next = ask;
    else
        queue->first = ask;
    queue->last = ask;
    queue->count++;
}

static Ask *pop(Queue *queue)
{
    Ask *ask = queue->first;

    queue->first = ask->next;
    if (!queue->first)
        queue->last = NULL;
    queue->count--;
    return ask;
}

static void free_ask(Ask *ask)
{
    redisFreeCommand(ask->command);
    memory_free(ask);
}

static Err gone(void)
{
    return err_retry_after(err(UNAVAILABLE, "the key-value store can't be reached; try again"), 1);
}

/* --- asking --- */

static void wake(RedisLine *line)
{
    uint64_t one = 1;

    (void)!write(line->waker, &one, sizeof one);
}

static Ask *make_ask(int count, const Str *words, RedisAnswerFn answer, void *context)
{
    const char *data[MOST_WORDS];
    size_t lens[MOST_WORDS];
    Ask *ask = memory_new(Ask);

    assert(count <= MOST_WORDS);
    for (int i = 0; i < count; i++) {
        data[i] = words[i].data;
        lens[i] = words[i].len;
    }
    ask->len = (size_t)redisFormatCommandArgv(&ask->command, count, data, lens);
    ask->answer = answer;
    ask->context = context;
    ask->until_us = now_us() + (int64_t)KV_TIMEOUT_MS * US_A_MS;
    return ask;
}

/* False: the line is full, or the server was found gone a moment ago. */
static bool enqueue(RedisLine *line, Ask *ask)
{
    MUTEX_HOLD(&line->lock);
    if (line->under_way >= MOST_WAITING || now_us() < line->refused_until_us)
        return false;
    line->under_way++;
    push(&line->asked, ask);
    if (line->asked.count == 1)
        wake(line);
    return true;
}

void redis_line_ask(RedisLine *line, int count, const Str *words, RedisAnswerFn answer, void *context)
{
    Ask *ask = make_ask(count, words, answer, context);

    if (enqueue(line, ask))
        return;
    free_ask(ask);
    if (answer)
        answer(context, gone(), NULL);
}

void redis_line_tell(RedisLine *line, int count, const Str *words)
{
    redis_line_ask(line, count, words, NULL, NULL);
}

/* --- answering --- */

static void end_ask(RedisLine *line, Ask *ask, Err result, const redisReply *reply)
{
    if (ask->answer)
        ask->answer(ask->context, result, reply);
    free_ask(ask);
    MUTEX_HOLD(&line->lock);
    line->under_way--;
}

static void fail_all(RedisLine *line, Queue *queue)
{
    while (queue->first)
        end_ask(line, pop(queue), gone(), NULL);
}

static void hang_up(RedisLine *line)
{
    if (line->redis)
        redisFree(line->redis);
    if (line->reader)
        redisReaderFree(line->reader);
    line->redis = NULL;
    line->reader = NULL;
    line->sent_of_first = 0;
    fail_all(line, &line->flying);
    fail_all(line, &line->unsent);
}

static void refuse_for_a_while(RedisLine *line)
{
    {
        MUTEX_HOLD(&line->lock);
        line->refused_until_us = now_us() + PAUSE_US;
    }
    hang_up(line);
}

/* --- connecting --- */

static void note_found(RedisLine *line)
{
    MUTEX_HOLD(&line->lock);
    line->refused_until_us = 0;
}

static bool connect_line(RedisLine *line)
{
    if (line->redis)
        return true;
    line->redis = redis_dial(line->address);
    if (!line->redis) {
        refuse_for_a_while(line);
        return false;
    }
    line->reader = redisReaderCreate();
    note_found(line);
    if (line->pushes.on_connected)
        line->pushes.on_connected(line->pushes.context, line);
    return true;
}

/* --- sending and receiving --- */

static void take_asked(RedisLine *line)
{
    MUTEX_HOLD(&line->lock);
    while (line->asked.first)
        push(&line->unsent, pop(&line->asked));
}

/* What was written whole is waited for; of the next the rest is left. */
static void note_written(RedisLine *line, size_t written)
{
    written += line->sent_of_first;
    while (line->unsent.first && written >= line->unsent.first->len) {
        Ask *ask = pop(&line->unsent);
        written -= ask->len;
        if (ask->answer)
            push(&line->flying, ask);
        else
            end_ask(line, ask, OK, NULL);
    }
    line->sent_of_first = written;
}

/* False: the connection broke. */
static bool send_some(RedisLine *line)
{
    struct iovec pieces[MOST_AT_ONCE];
    int count = 0;

    for (Ask *ask = line->unsent.first; ask && count < MOST_AT_ONCE; ask = ask->next) {
        size_t skipped = count == 0 ? line->sent_of_first : 0;
        pieces[count++] = (struct iovec){ask->command + skipped, ask->len - skipped};
    }
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = (size_t)count};
    ssize_t written = sendmsg(line->redis->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0)
        return errno == EAGAIN || errno == EINTR;
    note_written(line, (size_t)written);
    return true;
}

static void give(RedisLine *line, redisReply *reply)
{
    if (line->pushes.on_push)
        line->pushes.on_push(line->pushes.context, reply);
    else if (line->flying.first)
        end_ask(line, pop(&line->flying), OK, reply);
    freeReplyObject(reply);
}

static bool receive_some(RedisLine *line)
{
    char bytes[READ_SIZE];
    void *reply = NULL;
    ssize_t count = recv(line->redis->fd, bytes, sizeof bytes, MSG_DONTWAIT);

    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (count <= 0 || redisReaderFeed(line->reader, bytes, (size_t)count) != REDIS_OK)
        return false;
    while (redisReaderGetReply(line->reader, &reply) == REDIS_OK && reply)
        give(line, reply);
    return !line->reader->err;
}

/* The first to be answered is the first whose time is over. */
static int64_t next_deadline(const RedisLine *line)
{
    if (line->flying.first)
        return line->flying.first->until_us;
    return line->unsent.first ? line->unsent.first->until_us : 0;
}

/* Who listens must be connected, though nobody asks. */
static bool is_missed(const RedisLine *line)
{
    return line->pushes.on_connected && !line->redis;
}

static int wait_ms(const RedisLine *line)
{
    int64_t deadline = next_deadline(line);
    int64_t left_us = deadline - now_us();

    if (!deadline)
        return is_missed(line) ? PAUSE_US / US_A_MS : -1;
    return left_us <= 0 ? 0 : (int)(left_us / US_A_MS) + 1;
}

static void wait_for_news(RedisLine *line, struct pollfd watched[2])
{
    uint64_t count;

    watched[0] = (struct pollfd){.fd = line->waker, .events = POLLIN};
    watched[1] = (struct pollfd){.fd = line->redis ? line->redis->fd : -1,
                                 .events = (short)(POLLIN | (line->unsent.first ? POLLOUT : 0))};
    (void)poll(watched, 2, wait_ms(line));
    if (watched[0].revents)
        (void)!read(line->waker, &count, sizeof count);
}

static bool is_late(const RedisLine *line)
{
    int64_t deadline = next_deadline(line);

    return deadline && deadline <= now_us();
}

/* One that breaks while nobody waits is only hung up: the next who asks connects anew. */
static void work_once(RedisLine *line)
{
    struct pollfd watched[2];
    bool works = true;

    wait_for_news(line, watched);
    if (line->redis && watched[1].revents & (POLLIN | POLLHUP | POLLERR))
        works = receive_some(line);
    if (!works)
        hang_up(line);
    take_asked(line);
    if ((line->unsent.first || is_missed(line)) && !connect_line(line))
        return;
    if (line->unsent.first && !send_some(line))
        hang_up(line);
    if (is_late(line))
        refuse_for_a_while(line);
}

static bool has_ended(RedisLine *line)
{
    MUTEX_HOLD(&line->lock);
    return line->ends;
}

static void *run(void *context)
{
    RedisLine *line = context;

    while (!has_ended(line))
        work_once(line);
    take_asked(line);
    hang_up(line);
    return NULL;
}

RedisLine *redis_line_create(const RedisAddress *address, const RedisPushes *pushes)
{
    RedisLine *line = memory_new(RedisLine);

    line->address = address;
    line->pushes = pushes ? *pushes : (RedisPushes){0};
    line->waker = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&line->lock, NULL);
    line->thread = thread_start("redis", run, line);
    return line;
}

void redis_line_destroy(RedisLine *line)
{
    if (!line)
        return;
    mutex_lock(&line->lock);
    line->ends = true;
    mutex_unlock(&line->lock);
    wake(line);
    thread_join(line->thread);
    close(line->waker);
    pthread_mutex_destroy(&line->lock);
    memory_free(line);
}
