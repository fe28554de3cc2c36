#include "http/events.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"

typedef struct Event {
    size_t name_at; /* both texts lie in EventLog.text, the name first */
    size_t name_len;
    size_t data_len;
} Event;

typedef struct Watcher {
    void (*notify)(void *context);
    void *context;
} Watcher;

struct EventLog {
    atomic_size_t references;
    pthread_mutex_t lock;
    size_t max_bytes;
    bool closed;
    bool to_come_back; /* never changes */
    char *text;        /* names and data, one behind the other */
    size_t text_len;
    size_t text_capacity;
    Event *events;
    size_t count;
    size_t capacity;
    Watcher *watchers;
    size_t watcher_count;
    size_t watcher_capacity;
};

EventLog *event_log_create(size_t max_bytes)
{
    EventLog *log = memory_new(EventLog);

    atomic_init(&log->references, 1);
    pthread_mutex_init(&log->lock, NULL);
    log->max_bytes = max_bytes;
    return log;
}

EventLog *event_log_create_to_come_back(size_t max_bytes)
{
    EventLog *log = event_log_create(max_bytes);

    log->to_come_back = true;
    return log;
}

bool event_log_is_to_come_back(const EventLog *log)
{
    return log->to_come_back;
}

EventLog *event_log_retain(EventLog *log)
{
    atomic_fetch_add_explicit(&log->references, 1, memory_order_relaxed);
    return log;
}

void event_log_release(EventLog *log)
{
    if (!log || atomic_fetch_sub_explicit(&log->references, 1, memory_order_acq_rel) > 1)
        return;
    assert(log->watcher_count == 0);
    pthread_mutex_destroy(&log->lock);
    memory_free(log->text);
    memory_free(log->events);
    memory_free(log->watchers);
    memory_free(log);
}

static size_t grown(size_t capacity, size_t wanted, size_t least)
{
    size_t doubled = capacity ? capacity * 2 : least;
    return doubled > wanted ? doubled : wanted;
}

static void put_text(EventLog *log, Str text)
{
    if (log->text_capacity - log->text_len < text.len) {
        log->text_capacity = grown(log->text_capacity, log->text_len + text.len, 512);
        log->text = memory_grow(log->text, log->text_capacity, 1);
    }
    if (text.len)
        memcpy(log->text + log->text_len, text.data, text.len);
    log->text_len += text.len;
}

static void notify_all(EventLog *log)
{
    for (size_t i = 0; i < log->watcher_count; i++)
        log->watchers[i].notify(log->watchers[i].context);
}

static bool one_line(Str text)
{
    return text.len == 0 || (!memchr(text.data, '\n', text.len) && !memchr(text.data, '\r', text.len));
}

/* With the lock held. */
static Err add(EventLog *log, Str name, Json data)
{
    if (log->closed)
        return err(CONFLICT, "the event log is closed");
    if (name.len > log->max_bytes - log->text_len || data.len > log->max_bytes - log->text_len - name.len)
        return err(LIMITED, "the event log is full: it takes %zu bytes", log->max_bytes);
    if (log->count == log->capacity) {
        log->capacity = grown(log->capacity, log->count + 1, 8);
        log->events = memory_grow(log->events, log->capacity, sizeof *log->events);
    }
    log->events[log->count++] = (Event){log->text_len, name.len, data.len};
    put_text(log, name);
    put_text(log, data);
    return OK;
}

Err event_log_append(EventLog *log, Str name, Json data)
{
    if (!one_line(name) || !one_line(data))
        return err(INVALID, "an event's name and data are one line each");

    MUTEX_HOLD(&log->lock);
    TRY(add(log, name, data));
    notify_all(log);
    return OK;
}

void event_log_close(EventLog *log)
{
    MUTEX_HOLD(&log->lock);
    if (log->closed)
        return;
    log->closed = true;
    notify_all(log);
}

static Str name_of(const EventLog *log, const Event *event)
{
    return (Str){log->text + event->name_at, event->name_len};
}

static Str data_of(const EventLog *log, const Event *event)
{
    return (Str){log->text + event->name_at + event->name_len, event->data_len};
}

bool event_log_read(EventLog *log, uint64_t *cursor, size_t max_bytes, Buf *out)
{
    size_t start = out->len;

    MUTEX_HOLD(&log->lock);
    while (*cursor < log->count && out->len - start < max_bytes) {
        const Event *event = &log->events[*cursor];
        *cursor += 1;
        buf_put(out, STR("id: "));
        buf_put_int(out, (int64_t)*cursor);
        buf_put(out, STR("\nevent: "));
        buf_put(out, name_of(log, event));
        buf_put(out, STR("\ndata: "));
        buf_put(out, data_of(log, event));
        buf_put(out, STR("\n\n"));
    }
    return !(log->closed && *cursor >= log->count);
}

static void put_json(const EventLog *log, size_t place, Buf *out)
{
    buf_put(out, STR("{\"id\":"));
    buf_put_int(out, (int64_t)place + 1);
    buf_put(out, STR(",\"event\":"));
    json_put_string(out, name_of(log, &log->events[place]));
    buf_put(out, STR(",\"data\":"));
    buf_put(out, data_of(log, &log->events[place]));
    buf_put_char(out, '}');
}

bool event_log_read_one(EventLog *log, uint64_t *cursor, Buf *out)
{
    MUTEX_HOLD(&log->lock);
    if (*cursor < log->count)
        put_json(log, (size_t)(*cursor)++, out);
    return !(log->closed && *cursor >= log->count);
}

static Err add_all(EventLog *log, const EventLog *from, uint64_t *cursor)
{
    for (; *cursor < from->count; *cursor += 1) {
        const Event *event = &from->events[*cursor];
        TRY(add(log, name_of(from, event), data_of(from, event)));
    }
    return OK;
}

Err event_log_take_over(EventLog *log, EventLog *from, uint64_t *cursor, bool closes)
{
    uint64_t before = *cursor;

    MUTEX_HOLD(&from->lock);
    MUTEX_HOLD(&log->lock);
    Err e = add_all(log, from, cursor);
    bool ends = closes && !log->closed;
    log->closed = log->closed || closes;
    if (*cursor > before || ends)
        notify_all(log);
    return e;
}

bool event_log_get(EventLog *log, uint64_t id, Arena *arena, Str *name, Json *data)
{
    MUTEX_HOLD(&log->lock);
    if (id == 0 || id > log->count)
        return false;
    *name = str_copy(arena, name_of(log, &log->events[id - 1]));
    *data = str_copy(arena, data_of(log, &log->events[id - 1]));
    return true;
}

bool event_log_ends_with(EventLog *log, Json data)
{
    MUTEX_HOLD(&log->lock);
    return log->count > 0 && str_equal(data_of(log, &log->events[log->count - 1]), data);
}

bool event_log_is_shared(const EventLog *log)
{
    return atomic_load_explicit(&log->references, memory_order_acquire) > 1;
}

Json event_log_to_json(EventLog *log, Arena *arena)
{
    Buf out = {.arena = arena};

    MUTEX_HOLD(&log->lock);
    buf_put_char(&out, '[');
    for (size_t i = 0; i < log->count; i++) {
        if (i)
            buf_put_char(&out, ',');
        put_json(log, i, &out);
    }
    buf_put_char(&out, ']');
    return buf_str(&out);
}

static Err append_from(EventLog *log, Arena *arena, size_t index, json_t *item)
{
    json_t *name = json_object_get(item, "event");
    json_t *data = json_object_get(item, "data");

    if (!json_is_string(name) || !data ||
        json_integer_value(json_object_get(item, "id")) != (json_int_t)index + 1)
        return err(INVALID, "event %zu: wants its id %zu, a text \"event\" and \"data\"", index, index + 1);
    return event_log_append(log, json_str(name), json_text(arena, data));
}

static Err append_all(EventLog *log, json_t *items)
{
    AUTO_ARENA Arena scratch = {0};
    size_t index;
    json_t *item;

    json_array_foreach(items, index, item)
    {
        TRY(append_from(log, &scratch, index, item));
        arena_reset(&scratch);
    }
    return OK;
}

Err event_log_from_json(Json text, EventLog **out)
{
    AUTO_JSON json_t *items = NULL;

    TRY(json_read(text, &items));
    if (!json_is_array(items))
        return err(INVALID, "an event log is a JSON array");
    EventLog *log = event_log_create(text.len);
    Err failure = append_all(log, items);
    if (failed(&failure)) {
        event_log_release(log);
        return failure;
    }
    log->closed = true;
    *out = log;
    return OK;
}

void event_log_watch(EventLog *log, void (*notify)(void *context), void *context)
{
    MUTEX_HOLD(&log->lock);
    if (log->watcher_count == log->watcher_capacity) {
        log->watcher_capacity = grown(log->watcher_capacity, log->watcher_count + 1, 2);
        log->watchers = memory_grow(log->watchers, log->watcher_capacity, sizeof *log->watchers);
    }
    log->watchers[log->watcher_count++] = (Watcher){notify, context};
}

void event_log_unwatch(EventLog *log, void *context)
{
    MUTEX_HOLD(&log->lock);
    for (size_t i = 0; i < log->watcher_count; i++) {
        if (log->watchers[i].context != context)
            continue;
        log->watchers[i] = log->watchers[--log->watcher_count];
        return;
    }
}
