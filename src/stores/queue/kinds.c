#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "stores/queue/cron.h"
#include "stores/queue/inside.h"
#include "stores/queue/outbox.h"

enum { S_PER_DAY = 86400 };

/* The specification's: three attempts, a minute between. */
const JobRetry JOB_RETRY_THREE = {.most_attempts = 3, .first_s = 60, .most_s = 60};
const JobRetry JOB_RETRY_DOUBLING = {.most_attempts = 10, .first_s = 10, .most_s = 3600, .is_doubling = true};
const JobRetry JOB_RETRY_NEVER = {.most_attempts = 1};

const JobKind *queue_find_kind(const Queue *queue, Str name)
{
    for (size_t i = 0; i < queue->kind_count; i++)
        if (str_equal(str_from(queue->kinds[i].name), name))
            return &queue->kinds[i];
    return NULL;
}

bool kind_is_limited(const JobKind *kind)
{
    return kind->most_at_once > 0 || kind->most_a_minute > 0;
}

Str kind_lane(const JobKind *kind)
{
    return kind_is_limited(kind) ? str_from(kind->name) : STR("");
}

/* What the same attempt would meet again. */
static bool is_final(ErrCode code)
{
    return code != UNAVAILABLE && code != TIMED_OUT && code != LIMITED && code != INTERNAL;
}

/* Decorrelated enough for nodes that failed together: the second half of the pause by chance. */
static int64_t jittered(int64_t pause)
{
    return pause / 2 + (int64_t)(random_u64() % (uint64_t)(pause / 2 + 1));
}

static int64_t pause_us(const JobRetry *retry, int64_t attempt)
{
    int64_t pause = (int64_t)retry->first_s * US_PER_S, most = (int64_t)retry->most_s * US_PER_S;

    if (retry->pauses_s != NULL)
        return jittered((int64_t)retry->pauses_s[attempt - 1] * US_PER_S);
    if (!retry->is_doubling)
        return pause;
    for (int64_t i = 1; i < attempt && pause < most; i++)
        pause *= 2;
    if (pause > most)
        pause = most;
    return jittered(pause);
}

/* What another server says isn't believed beyond a day. */
static int64_t asked_pause_us(const Err *failure)
{
    int seconds = failure->retry_after_s < S_PER_DAY ? failure->retry_after_s : S_PER_DAY;

    return (int64_t)seconds * US_PER_S;
}

bool retry_due(const JobRetry *retry, int64_t attempt, const Err *failure, int64_t now_us, int64_t *due_us)
{
    int64_t asked_us = asked_pause_us(failure);

    if (attempt >= retry->most_attempts || is_final(failure->code))
        return false;
    int64_t pause = pause_us(retry, attempt);
    *due_us = now_us + (pause > asked_us ? pause : asked_us);
    return true;
}

/* What a table of a service must be: found out when it is opened first, in a test. */
static void check_kinds(const JobTable *jobs)
{
    for (size_t i = 0; i < jobs->kind_count; i++) {
        const JobKind *kind = &jobs->kinds[i];
        assert(kind->name != NULL && kind->run != NULL && kind->retry != NULL && kind->time_limit_s > 0);
        (void)kind;
    }
}

static bool is_among(const Str *lanes, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(lanes[i], str_from(name)))
            return true;
    return false;
}

static Err note_lanes(Queue *queue, Tx *tx)
{
    AUTO_ARENA Arena arena = {0};
    Str *lanes;
    size_t count;

    arena_init(&arena);
    for (size_t i = 0; i < queue->kind_count; i++)
        if (kind_is_limited(&queue->kinds[i]))
            TRY(queue_sql_add_lane(tx, kind_lane(&queue->kinds[i]), NULL));
    TRY(queue_sql_list_lanes(NULL, tx, &arena, &lanes, &count));
    for (size_t i = 0; i < queue->kind_count; i++)
        queue->has_lane[i] = is_among(lanes, count, queue->kinds[i].name);
    return OK;
}

static Err note_kinds(void *context, Tx *tx)
{
    Queue *queue = context;

    TRY(note_lanes(queue, tx));
    TRY(outbox_note(tx));
    return cron_note(queue, tx);
}

Err queue_open(const QueueConfig *config, Queue **out)
{
    const JobTable *jobs = &config->jobs;
    Queue *queue = memory_new(Queue);

    check_kinds(jobs);
    *queue = (Queue){
        .service = jobs->service,
        .sql = config->sql,
        .kinds = memory_zalloc((jobs->kind_count + EVENT_MOST_CONSUMERS) * sizeof *queue->kinds),
        .has_lane = memory_zalloc((jobs->kind_count + EVENT_MOST_CONSUMERS) * sizeof *queue->has_lane),
        .kind_count = jobs->kind_count,
        .clock = config->clock != NULL ? config->clock : clock_system(),
        .context = config->context,
        .poll_ms = WORKER_POLL_MS,
    };
    if (jobs->kind_count > 0)
        memcpy(queue->kinds, jobs->kinds, jobs->kind_count * sizeof *queue->kinds);
    bell_init(&queue->bell);
    bell_init(&queue->calls);
    Err e = sql_transact_rows(queue->sql, note_kinds, queue);
    if (failed(&e)) {
        queue_close(queue);
        queue = NULL;
    }
    *out = queue;
    return e;
}

static void call_at_close(Queue *queue)
{
    if (queue->call_by.sql != NULL && bell_rings(&queue->calls) > 0)
        wake_once(queue->call_by, queue->service);
}

void queue_close(Queue *queue)
{
    if (queue == NULL)
        return;
    waker_destroy(queue->waker);
    call_at_close(queue);
    bell_finish(&queue->calls);
    bell_finish(&queue->bell);
    memory_free(queue->has_lane);
    memory_free(queue->kinds);
    memory_free(queue);
}

void queue_call(Queue *queue)
{
    bell_ring(&queue->bell);
    bell_ring(&queue->calls);
}

void queue_poll_every(Queue *queue, int poll_ms)
{
    queue->poll_ms = poll_ms;
}

void queue_call_at_close(Queue *queue, Kv *kv)
{
    queue->call_by = (WakeBy){kv, queue->sql};
}

Err queue_wake_by(Queue *queue, Kv *kv)
{
    Err e =
        waker_create((WakeBy){kv, queue->sql}, queue->service, &queue->bell, &queue->calls, &queue->waker);

    return e.code == UNSUPPORTED ? OK : e;
}

const char *queue_service(const Queue *queue)
{
    return queue->service;
}
