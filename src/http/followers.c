#include "http/followers.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

enum { US_PER_MS = 1000, US_PER_S = 1000000 };

/* Only the thread takes one away, and only it looks more than once. */
typedef struct Follow Follow;
struct Follow {
    EventLog *log;
    bool is_over;
    int64_t until_us; /* monotonic */
    Follow *next;
    max_align_t thing[];
};

struct Followers {
    const FollowKind *kind;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    Follow *first;
    bool is_stopping;
};

/* ---- one */

static Follow *begin(const FollowKind *kind, const void *thing, size_t size)
{
    Follow *follow = memory_zalloc(sizeof *follow + size);

    memcpy(follow->thing, thing, size);
    follow->log = event_log_create_to_come_back(kind->log_bytes);
    follow->until_us = clock_monotonic_us(clock_system()) + (int64_t)kind->longest_s * US_PER_S;
    return follow;
}

static void forget(Follow *follow)
{
    event_log_close(follow->log);
    event_log_release(follow->log);
    memory_free(follow);
}

static void look_again(const FollowKind *kind, Follow *follow, Arena *arena)
{
    Err e = kind->look(follow->thing, arena, follow->log, &follow->is_over);

    if (e.code == LIMITED)
        follow->is_over = true;
    else if (failed(&e))
        log_debug("what is followed can't be read", log_chars("thread", kind->thread), log_err(&e));
}

/* ---- the thread */

/* Those that are over, and those that nobody reads. With the lock held. */
static void sweep(Followers *followers, int64_t now_us)
{
    Follow **place = &followers->first;

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
static Follow *wait_for_one(Followers *followers)
{
    int64_t now_us = clock_monotonic_us(clock_system());
    int64_t until_us = now_us + (int64_t)followers->kind->look_ms * US_PER_MS;

    MUTEX_HOLD(&followers->lock);
    sweep(followers, now_us);
    while (!followers->is_stopping && followers->first == NULL)
        (void)pthread_cond_wait(&followers->changed, &followers->lock);
    while (!followers->is_stopping && cond_wait_until(&followers->changed, &followers->lock, until_us))
        continue;
    return followers->is_stopping ? NULL : followers->first;
}

/* New ones come before the first, so that this walk needs no lock. */
static void *look_at_all(void *context)
{
    AUTO_ARENA Arena arena = {0};
    Followers *followers = context;
    Follow *first;

    arena_init(&arena);
    while ((first = wait_for_one(followers)) != NULL)
        for (Follow *follow = first; follow != NULL; follow = follow->next) {
            look_again(followers->kind, follow, &arena);
            arena_reset(&arena);
        }
    return NULL;
}

/* ---- */

Followers *followers_create(const FollowKind *kind)
{
    Followers *followers = memory_new(Followers);

    followers->kind = kind;
    (void)pthread_mutex_init(&followers->lock, NULL);
    cond_init(&followers->changed);
    followers->thread = thread_start(kind->thread, look_at_all, followers);
    return followers;
}

void followers_destroy(Followers *followers)
{
    if (followers == NULL)
        return;
    {
        MUTEX_HOLD(&followers->lock);
        followers->is_stopping = true;
        (void)pthread_cond_signal(&followers->changed);
    }
    thread_join(followers->thread);
    sweep(followers, INT64_MAX);
    (void)pthread_cond_destroy(&followers->changed);
    (void)pthread_mutex_destroy(&followers->lock);
    memory_free(followers);
}

static void add_first(Followers *followers, Follow *follow)
{
    MUTEX_HOLD(&followers->lock);
    follow->next = followers->first;
    followers->first = follow;
    (void)pthread_cond_signal(&followers->changed);
}

Err followers_add(Followers *followers, Arena *arena, const void *thing, size_t size, EventLog **out)
{
    Follow *follow = begin(followers->kind, thing, size);
    Err e = followers->kind->look(follow->thing, arena, follow->log, &follow->is_over);

    if (failed(&e)) {
        forget(follow);
        return e;
    }
    *out = event_log_retain(follow->log);
    if (follow->is_over)
        forget(follow);
    else
        add_first(followers, follow);
    return OK;
}
