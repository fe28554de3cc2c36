#include "services/jobs/watch.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/thread.h"
#include "services/jobs/show.h"

enum { US_PER_MS = 1000, US_PER_S = 1000000 };

/* What was told last. */
typedef struct Told {
    JobState state;
    int64_t attempt, progress;
    bool is_cancel_asked;
    char message[JOB_MESSAGE_MAX + 1];
} Told;

/* One job. Only the thread takes one away, and only it tells more than the first event. */
typedef struct Follow Follow;
struct Follow {
    char job_id[ID_TEXT];
    Queue *queue;
    EventLog *log;
    Told told;
    atomic_bool is_over;
    int64_t until_us; /* monotonic */
    Follow *next;
};

struct Watch {
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    Follow *first;
    bool is_stopping;
};

/* ---- telling */

static Told told_of(const JobProgress *news)
{
    Told told = {
        .state = news->state,
        .attempt = news->attempt,
        .progress = news->progress,
        .is_cancel_asked = news->is_cancel_asked,
    };

    Str message = str_slice(news->message, 0, JOB_MESSAGE_MAX);
    memcpy(told.message, message.data, message.len);
    return told;
}

static bool is_same(const Told *a, const Told *b)
{
    return a->state == b->state && a->attempt == b->attempt && a->progress == b->progress &&
           a->is_cancel_asked == b->is_cancel_asked && strcmp(a->message, b->message) == 0;
}

static Err tell(Follow *follow, const JobProgress *news)
{
    follow->told = told_of(news);
    if (!has_ended(news->state))
        return jobs_emit_progress(follow->log, news);
    atomic_store(&follow->is_over, true);
    return jobs_emit_done(follow->log, news);
}

/* ---- looking */

/* One whose result isn't kept is gone when it is done. */
static Err look_up(const Follow *follow, Arena *arena, JobProgress *news)
{
    JobShown job;
    Err e = queue_get(follow->queue, arena, str_from(follow->job_id), &job);

    if (e.code == NOT_FOUND) {
        *news = (JobProgress){
            .job_id = str_from(follow->job_id),
            .state = JOB_STATE_DONE,
            .attempt = follow->told.attempt,
            .progress = 100,
            .message = str_from(follow->told.message),
        };
        return OK;
    }
    TRY(e);
    *news = show_progress(&job);
    return OK;
}

/* While the database can't be read nothing is told. A log that is full ends, as one that is old does. */
static void look(Follow *follow, Arena *arena)
{
    JobProgress news;
    Err e = look_up(follow, arena, &news);

    if (failed(&e)) {
        log_debug("a job that is followed can't be read", log_err(&e));
        return;
    }
    Told told = told_of(&news);
    if (is_same(&told, &follow->told))
        return;
    e = tell(follow, &news);
    if (failed(&e))
        atomic_store(&follow->is_over, true);
}

/* ---- the thread */

static void forget(Follow *follow)
{
    event_log_close(follow->log);
    event_log_release(follow->log);
    memory_free(follow);
}

/* Those that are over, and those that nobody reads. With the lock held. */
static void sweep(Watch *watch, int64_t now_us)
{
    Follow **place = &watch->first;

    while (*place != NULL) {
        Follow *follow = *place;
        if (!atomic_load(&follow->is_over) && follow->until_us > now_us && event_log_is_shared(follow->log)) {
            place = &follow->next;
            continue;
        }
        *place = follow->next;
        forget(follow);
    }
}

/* The first to look at; NULL: it stops. */
static Follow *wait_for_one(Watch *watch)
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
    Watch *watch = context;
    Follow *first;

    arena_init(&arena);
    while ((first = wait_for_one(watch)) != NULL)
        for (Follow *follow = first; follow != NULL; follow = follow->next) {
            look(follow, &arena);
            arena_reset(&arena);
        }
    return NULL;
}

/* ---- */

Watch *watch_create(void)
{
    Watch *watch = memory_new(Watch);

    (void)pthread_mutex_init(&watch->lock, NULL);
    cond_init(&watch->changed);
    watch->thread = thread_start("job-watch", look_at_all, watch);
    return watch;
}

void watch_destroy(Watch *watch)
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

/* One that is over may have been tried again since. */
static Follow *find(const Watch *watch, Str id)
{
    for (Follow *follow = watch->first; follow != NULL; follow = follow->next)
        if (str_equal(str_from(follow->job_id), id) && !atomic_load(&follow->is_over))
            return follow;
    return NULL;
}

static Err begin(Watch *watch, Queue *queue, const JobShown *job, Follow **out)
{
    Follow *follow = memory_new(Follow);
    JobProgress now = show_progress(job);

    assert(job->job_id.len < sizeof follow->job_id);
    memcpy(follow->job_id, job->job_id.data, job->job_id.len);
    follow->queue = queue;
    follow->log = event_log_create(WATCH_EVENTS_MAX_BYTES);
    follow->until_us = clock_monotonic_us(clock_system()) + (int64_t)WATCH_LONGEST_S * US_PER_S;
    Err e = tell(follow, &now);
    if (failed(&e))
        atomic_store(&follow->is_over, true);
    if (atomic_load(&follow->is_over))
        event_log_close(follow->log);
    follow->next = watch->first;
    watch->first = *out = follow;
    (void)pthread_cond_signal(&watch->changed);
    return e;
}

Err watch_follow(Watch *watch, Queue *queue, const JobShown *job, EventLog **out)
{
    Err e = OK;

    MUTEX_HOLD(&watch->lock);
    Follow *follow = find(watch, job->job_id);
    if (follow == NULL)
        e = begin(watch, queue, job, &follow);
    *out = failed(&e) ? NULL : event_log_retain(follow->log);
    return e;
}
