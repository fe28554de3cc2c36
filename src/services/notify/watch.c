#include "services/notify/watch.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "services/notify/look.h"

enum { US_PER_MS = 1000, US_PER_S = 1000000, USER_MAX = 128 };

/* One inbox. Only the thread takes one away, and only it tells more than the first event. */
typedef struct Follow Follow;
struct Follow {
    char user_id[USER_MAX + 1];
    EventLog *log;
    Str told; /* the event that was told last, in text */
    char text[512];
    bool is_over;     /* the thread's */
    int64_t until_us; /* monotonic */
    Follow *next;
};

struct InboxWatch {
    Sql *sql;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    Follow *first;
    bool is_stopping;
};

/* ---- telling */

static Err tell(Follow *follow, Arena *arena, const InboxState *state)
{
    Buf now = {.arena = arena};

    inbox_state_encode(state, &now);
    Str text = str_slice(buf_str(&now), 0, sizeof follow->text);
    if (str_equal(text, follow->told))
        return OK;
    memcpy(follow->text, text.data, text.len);
    follow->told = (Str){follow->text, text.len};
    return notify_emit_inbox(follow->log, state);
}

/* While the database can't be read nothing is told. A log that is full ends, as one that is old does. */
static void look(const InboxWatch *watch, Follow *follow, Arena *arena)
{
    InboxState state;
    Err e = inbox_look(watch->sql, arena, str_from(follow->user_id), &state);

    if (failed(&e)) {
        log_debug("an inbox that is followed can't be read", log_err(&e));
        return;
    }
    e = tell(follow, arena, &state);
    follow->is_over = failed(&e);
}

/* ---- the thread */

static void forget(Follow *follow)
{
    event_log_close(follow->log);
    event_log_release(follow->log);
    memory_free(follow);
}

/* Those that are over, and those that nobody reads. With the lock held. */
static void sweep(InboxWatch *watch, int64_t now_us)
{
    Follow **place = &watch->first;

    while (*place != NULL) {
        Follow *follow = *place;
        if (!follow->is_over && follow->until_us > now_us && event_log_is_shared(follow->log)) {
            place = &follow->next;
            continue;
        }
        *place = follow->next;
        forget(follow);
    }
}

/* The first to look at; NULL: it stops. */
static Follow *wait_for_one(InboxWatch *watch)
{
    int64_t now_us = clock_monotonic_us(clock_system());
    int64_t until_us = now_us + (int64_t)WATCH_LOOK_MS * US_PER_MS;

    MUTEX_HOLD(&watch->lock);
    sweep(watch, now_us);
    while (!watch->is_stopping && watch->first == NULL)
        (void)pthread_cond_wait(&watch->changed, &watch->lock);
    while (!watch->is_stopping && cond_wait_until(&watch->changed, &watch->lock, until_us))
        continue;
    return watch->is_stopping ? NULL : watch->first;
}

/* New ones come before the first, so that this walk needs no lock. */
static void *look_at_all(void *context)
{
    AUTO_ARENA Arena arena = {0};
    InboxWatch *watch = context;
    Follow *first;

    arena_init(&arena);
    while ((first = wait_for_one(watch)) != NULL)
        for (Follow *follow = first; follow != NULL; follow = follow->next) {
            look(watch, follow, &arena);
            arena_reset(&arena);
        }
    return NULL;
}

/* ---- */

InboxWatch *inbox_watch_create(Sql *sql)
{
    InboxWatch *watch = memory_new(InboxWatch);

    watch->sql = sql;
    (void)pthread_mutex_init(&watch->lock, NULL);
    cond_init(&watch->changed);
    watch->thread = thread_start("inbox-watch", look_at_all, watch);
    return watch;
}

void inbox_watch_destroy(InboxWatch *watch)
{
    if (watch == NULL)
        return;
    {
        MUTEX_HOLD(&watch->lock);
        watch->is_stopping = true;
        (void)pthread_cond_signal(&watch->changed);
    }
    thread_join(watch->thread);
    sweep(watch, INT64_MAX);
    (void)pthread_cond_destroy(&watch->changed);
    (void)pthread_mutex_destroy(&watch->lock);
    memory_free(watch);
}

static void release(EventLog **log)
{
    event_log_release(*log);
}

/* Each reader has a log of its own: what one is told first is how it is now. */
Err inbox_watch_follow(InboxWatch *watch, Arena *arena, Str user_id, EventLog **out)
{
    __attribute__((cleanup(release))) EventLog *log = event_log_create(WATCH_EVENTS_MAX_BYTES);
    Follow *follow = memory_new(Follow);
    InboxState state;

    Str name = str_slice(user_id, 0, USER_MAX);
    memcpy(follow->user_id, name.data, name.len);
    follow->log = log;
    follow->until_us = clock_monotonic_us(clock_system()) + (int64_t)WATCH_LONGEST_S * US_PER_S;
    Err e = inbox_look(watch->sql, arena, name, &state);
    if (!failed(&e))
        e = tell(follow, arena, &state);
    if (failed(&e)) {
        memory_free(follow);
        return e;
    }
    *out = event_log_retain(log);
    MUTEX_HOLD(&watch->lock);
    (void)event_log_retain(log);
    follow->next = watch->first;
    watch->first = follow;
    (void)pthread_cond_signal(&watch->changed);
    return OK;
}
