#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/thread.h"
#include "base/utf8.h"

enum { SHARDS = 8, SHARD_BYTES = 64 * 1024, VALUE_MAX = 4 * 1024 };

_Atomic int log_threshold = LEVEL_INFO;

/* Lines wait in the shard of their thread. Locks are taken in one order: output, then a shard. */
typedef struct Shard {
    pthread_mutex_t lock;
    char *bytes;
    size_t len;
} Shard;

static struct Log {
    int fd;
    pthread_mutex_t output; /* whoever writes to fd holds it: lines are never torn */
    char *spare;            /* swapped with a shard's bytes while these are written; under output */
    Shard shards[SHARDS];
    _Atomic bool buffering;

    pthread_t flusher;
    pthread_mutex_t wake_lock;
    pthread_cond_t wake;
    bool wake_now;
    bool ending;
} the_log = {.fd = STDERR_FILENO, .output = PTHREAD_MUTEX_INITIALIZER};

/* ---- levels and fields */

static const char *const LEVELS[] = {"debug", "info", "warn", "error", "off"};

const char *log_level_name(LogLevel level)
{
    return LEVELS[level];
}

bool log_level_from(Str name, LogLevel *out)
{
    for (LogLevel level = LEVEL_DEBUG; level <= LEVEL_OFF; level++)
        if (str_equal(name, str_from(LEVELS[level]))) {
            *out = level;
            return true;
        }
    return false;
}

void log_set_level(LogLevel level)
{
    atomic_store_explicit(&log_threshold, (int)level, memory_order_relaxed);
}

LogField log_text(const char *key, Str value)
{
    return (LogField){key, LOG_FIELD_TEXT, {.text = value}};
}

LogField log_chars(const char *key, const char *value)
{
    return log_text(key, str_from(value));
}

LogField log_int(const char *key, int64_t value)
{
    return (LogField){key, LOG_FIELD_INT, {.integer = value}};
}

LogField log_real(const char *key, double value)
{
    return (LogField){key, LOG_FIELD_REAL, {.real = value}};
}

LogField log_bool(const char *key, bool value)
{
    return (LogField){key, LOG_FIELD_BOOL, {.truth = value}};
}

LogField log_err(const Err *error)
{
    return (LogField){"error", LOG_FIELD_ERR, {.error = error}};
}

LogField log_trace(const Trace *trace)
{
    return (LogField){"trace_id", LOG_FIELD_TRACE, {.trace = trace}};
}

/* ---- one line */

static void put_key(Buf *line, const char *key)
{
    buf_put_char(line, ',');
    json_put_string(line, str_from(key));
    buf_put_char(line, ':');
}

static void put_text(Buf *line, Str value)
{
    if (value.data)
        json_put_string(line, utf8_cut_bytes(value, VALUE_MAX));
    else
        buf_put(line, STR("null"));
}

static void put_error(Buf *line, const Err *error)
{
    const struct {
        const char *key;
        const char *value;
    } parts[] = {{"message", error->message}, {"detail", error->detail}, {"pointer", error->pointer}};

    buf_put(line, STR("{\"code\":"));
    json_put_string(line, str_from(err_kind(error->code)->name));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!*parts[i].value)
            continue;
        put_key(line, parts[i].key);
        put_text(line, str_from(parts[i].value));
    }
    buf_put_char(line, '}');
}

/* The key is there already. */
static void put_trace(Buf *line, const Trace *trace)
{
    char trace_id[TRACE_ID_TEXT], span_id[SPAN_ID_TEXT];

    trace_id_print(trace, trace_id);
    span_id_print(trace, span_id);
    buf_format(line, "\"%s\",\"span_id\":\"%s\"", trace_id, span_id);
}

static void put_field(Buf *line, const LogField *field)
{
    put_key(line, field->key);
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        put_text(line, field->text);
        break;
    case LOG_FIELD_INT:
        buf_put_int(line, field->integer);
        break;
    case LOG_FIELD_REAL:
        if (__builtin_isfinite(field->real))
            json_put_number(line, field->real);
        else
            buf_put(line, STR("null"));
        break;
    case LOG_FIELD_BOOL:
        json_put_bool(line, field->truth);
        break;
    case LOG_FIELD_ERR:
        put_error(line, field->error);
        break;
    case LOG_FIELD_TRACE:
        put_trace(line, field->trace);
        break;
    }
}

/* All of it, whatever the descriptor is like; what can't be written has nowhere else to go. */
static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EAGAIN)
            (void)poll(&(struct pollfd){fd, POLLOUT, 0}, 1, -1);
        else if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            bytes += written;
            len -= (size_t)written;
        }
    }
}

static void write_line(Str line)
{
    MUTEX_HOLD(&the_log.output);
    write_all(the_log.fd, line.data, line.len);
}

void log_write(LogLevel level, const char *message, const LogField *fields)
{
    AUTO_ARENA Arena scratch = {0};
    Buf line = {.arena = &scratch};

    assert(level < LEVEL_OFF);
    buf_put(&line, STR("{\"time\":"));
    json_put_time(&line, clock_wall_us(clock_system()));
    buf_put(&line, STR(",\"level\":\""));
    buf_put(&line, str_from(LEVELS[level]));
    buf_put(&line, STR("\",\"message\":"));
    put_text(&line, str_from(message));
    const Trace *doing = span_current();
    for (; fields->key; fields++) {
        put_field(&line, fields);
        if (fields->kind == LOG_FIELD_TRACE)
            doing = NULL;
    }
    if (doing != NULL)
        put_field(&line, &(LogField){"trace_id", LOG_FIELD_TRACE, {.trace = doing}});
    buf_put(&line, STR("}\n"));
    write_line(buf_str(&line));
}

void log_set_output(int fd)
{
    MUTEX_HOLD(&the_log.output);
    the_log.fd = fd;
}

/* ---- the buffered way */

static Shard *shard_of_thread(void)
{
    static _Atomic size_t threads;
    static _Thread_local Shard *mine;

    if (!mine)
        mine = &the_log.shards[atomic_fetch_add(&threads, 1) % SHARDS];
    return mine;
}

/* Holding output from the swap to the write keeps a thread's lines in order. */
static void flush_shard(Shard *shard)
{
    MUTEX_HOLD(&the_log.output);
    (void)mutex_lock(&shard->lock);
    char *bytes = shard->bytes;
    size_t len = shard->len;
    shard->bytes = the_log.spare;
    shard->len = 0;
    mutex_unlock(&shard->lock);

    the_log.spare = bytes;
    write_all(the_log.fd, bytes, len);
}

static void wake_flusher(void)
{
    MUTEX_HOLD(&the_log.wake_lock);
    the_log.wake_now = true;
    pthread_cond_signal(&the_log.wake);
}

/* False when there is no room now. half: this line made the shard half full. */
static bool append(Shard *shard, Str line, bool *half)
{
    MUTEX_HOLD(&shard->lock);
    if (SHARD_BYTES - shard->len < line.len)
        return false;
    memcpy(shard->bytes + shard->len, line.data, line.len);
    *half = shard->len < SHARD_BYTES / 2 && shard->len + line.len >= SHARD_BYTES / 2;
    shard->len += line.len;
    return true;
}

void log_buffered(Str line)
{
    bool half = false;

    assert(line.len > 0 && line.len <= LOG_LINE_MAX && line.data[line.len - 1] == '\n');
    if (!atomic_load_explicit(&the_log.buffering, memory_order_acquire)) {
        write_line(line);
        return;
    }
    Shard *shard = shard_of_thread();
    while (!append(shard, line, &half))
        flush_shard(shard);
    if (half)
        wake_flusher();
}

void log_flush(void)
{
    if (!atomic_load_explicit(&the_log.buffering, memory_order_acquire))
        return;
    for (size_t i = 0; i < SHARDS; i++)
        flush_shard(&the_log.shards[i]);
}

/* Sleeps until it is time, there is much to write, or it is over: false then. */
static bool wait_for_flush(void)
{
    int64_t until = clock_monotonic_us(clock_system()) + LOG_FLUSH_MS * 1000;

    MUTEX_HOLD(&the_log.wake_lock);
    while (!the_log.wake_now && !the_log.ending)
        if (!cond_wait_until(&the_log.wake, &the_log.wake_lock, until))
            break;
    the_log.wake_now = false;
    return !the_log.ending;
}

static void *flush_by_time(void *context)
{
    (void)context;
    while (wait_for_flush())
        log_flush();
    return NULL;
}

void log_start(void)
{
    assert(!atomic_load(&the_log.buffering));
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_init(&the_log.shards[i].lock, NULL);
        the_log.shards[i].bytes = memory_alloc(SHARD_BYTES);
    }
    the_log.spare = memory_alloc(SHARD_BYTES);
    pthread_mutex_init(&the_log.wake_lock, NULL);
    cond_init(&the_log.wake);
    the_log.ending = false;
    atomic_store_explicit(&the_log.buffering, true, memory_order_release);
    the_log.flusher = thread_start("log", flush_by_time, NULL);
}

static void end_flusher(void)
{
    {
        MUTEX_HOLD(&the_log.wake_lock);
        the_log.ending = true;
        pthread_cond_signal(&the_log.wake);
    }
    thread_join(the_log.flusher);
}

void log_stop(void)
{
    if (!atomic_load(&the_log.buffering))
        return;
    end_flusher();
    log_flush();
    atomic_store_explicit(&the_log.buffering, false, memory_order_release);
    for (size_t i = 0; i < SHARDS; i++) {
        memory_free(the_log.shards[i].bytes);
        pthread_mutex_destroy(&the_log.shards[i].lock);
        the_log.shards[i] = (Shard){0};
    }
    memory_free(the_log.spare);
    the_log.spare = NULL;
    pthread_cond_destroy(&the_log.wake);
    pthread_mutex_destroy(&the_log.wake_lock);
}
