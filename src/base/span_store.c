#include "base/span_store.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

enum { SHARDS = 16, PLACES = SPANS_OPEN_TRACES / SHARDS, DECIDED = SPANS_KEPT_TRACES / SHARDS };

typedef struct Kept {
    Span span; /* first */
    struct Kept *next;
} Kept;

/* The spans of one trace that have ended, the last first. */
typedef struct Open {
    struct Open *next; /* in its bucket, or of those that are free */
    Trace trace;
    int roots; /* that haven't ended */
    bool has_failed;
    bool is_kept;      /* a root of it that has ended said so, or it goes on with one that was */
    size_t count;      /* of spans that were taken, those that wait no more too */
    size_t kept_roots; /* and of roots that didn't wait */
    Kept *spans;
} Open;

typedef struct Shard {
    pthread_mutex_t lock;
    Open places[PLACES];
    Open *buckets[PLACES]; /* by the trace's id */
    Open *free;
    Trace decided[DECIDED]; /* the latest whose last root has ended and that were kept, in a ring */
    size_t next_decided;
} Shard;

static struct SpanStore {
    SpanRules rules;
    Shard shards[SHARDS];
    atomic_size_t in_memory;
    Metrics *metrics;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    Kept *first, *last; /* kept, in the order they came */
    size_t waiting;
    size_t wanted; /* by who waits for them */
    bool is_over;
} store;

/* ---- what is counted */

typedef enum Why { CHOSEN, FAILED, SLOW, WHYS } Why;
static const char *const WHY_NAMES[WHYS] = {[CHOSEN] = "chosen", [FAILED] = "failed", [SLOW] = "slow"};
static const char *const RESULTS[SPAN_RESULTS] = {
    [SPAN_SENT] = "sent",       [SPAN_REFUSED] = "not_sent",
    [SPAN_NO_ROOM] = "no_room", [SPAN_TRACE_FULL] = "trace_full",
    [SPAN_LATE] = "late",
};

enum { ROW_SPANS, ROW_TRACES, ROW_MEMORY, ROW_COUNT };
static const Metric ROWS[ROW_COUNT] = {
    [ROW_SPANS] = {METRIC_COUNTER, "nerdx_spans_total",
                   "Spans of kept traces, and those that were dropped, by why.",
                   .labels = {{"result", RESULTS, SPAN_RESULTS}}},
    [ROW_TRACES] = {METRIC_COUNTER, "nerdx_traces_kept_total", "Traces that were kept, by why.",
                    .labels = {{"why", WHY_NAMES, WHYS}}},
    [ROW_MEMORY] = {METRIC_GAUGE, "nerdx_spans_in_memory",
                    "Spans that wait for the end of their trace or to be sent."},
};

static int64_t read_memory(void *context)
{
    (void)context;
    return (int64_t)atomic_load(&store.in_memory);
}

void span_count(SpanResult result, size_t count)
{
    if (store.metrics == NULL)
        return;
    metrics_add(store.metrics, ROW_SPANS, metrics_series(store.metrics, ROW_SPANS, result, 0),
                (int64_t)count);
}

static void count_trace(Why why)
{
    if (store.metrics != NULL)
        metrics_add(store.metrics, ROW_TRACES, metrics_series(store.metrics, ROW_TRACES, why, 0), 1);
}

/* ---- opening and closing */

static void empty(Shard *shard)
{
    memset(shard->places, 0, sizeof shard->places);
    memset(shard->buckets, 0, sizeof shard->buckets);
    memset(shard->decided, 0, sizeof shard->decided);
    for (size_t i = 0; i + 1 < PLACES; i++)
        shard->places[i].next = &shard->places[i + 1];
    shard->free = shard->places;
}

void span_store_open(const SpanRules *rules)
{
    store.rules = *rules;
    for (size_t i = 0; i < SHARDS; i++) {
        (void)pthread_mutex_init(&store.shards[i].lock, NULL);
        empty(&store.shards[i]);
    }
    (void)pthread_mutex_init(&store.lock, NULL);
    cond_init(&store.changed);
    store.is_over = false;
    store.metrics = metrics_create(ROWS, ROW_COUNT);
    metrics_ask(store.metrics, ROW_MEMORY, 0, read_memory, NULL);
    metrics_publish(store.metrics);
}

void span_free(Span *span)
{
    memory_free(span);
    (void)atomic_fetch_sub_explicit(&store.in_memory, 1, memory_order_relaxed);
}

static size_t free_all(Kept *first)
{
    size_t count = 0;

    for (; first != NULL; count++) {
        Kept *next = first->next;
        span_free(&first->span);
        first = next;
    }
    return count;
}

/* Threads that were within a span may still come by: locks and metrics stay. */
void span_store_close(void)
{
    for (size_t i = 0; i < SHARDS; i++) {
        MUTEX_HOLD(&store.shards[i].lock);
        for (size_t place = 0; place < PLACES; place++)
            (void)free_all(store.shards[i].places[place].spans);
        empty(&store.shards[i]);
    }
    MUTEX_HOLD(&store.lock);
    (void)free_all(store.first);
    store.first = store.last = NULL;
    store.waiting = 0;
    metrics_destroy(store.metrics);
    store.metrics = NULL;
}

/* ---- open traces */

static Shard *shard_of(const Trace *trace)
{
    return &store.shards[trace->trace_id[15] % SHARDS];
}

static bool is_same(const Trace *one, const Trace *other)
{
    return memcmp(one->trace_id, other->trace_id, sizeof one->trace_id) == 0;
}

/* With the lock held: where the trace's place is known from. NULL is there when it has none. */
static Open **find(Shard *shard, const Trace *trace)
{
    Open **at = &shard->buckets[trace->trace_id[14] % PLACES];

    while (*at != NULL && !is_same(&(*at)->trace, trace))
        at = &(*at)->next;
    return at;
}

static Open *take_place(Shard *shard, const Trace *trace)
{
    Open *open = shard->free;

    if (open == NULL)
        return NULL;
    shard->free = open->next;
    *open = (Open){.trace = *trace};
    return open;
}

static void give_place(Shard *shard, Open **at)
{
    Open *open = *at;

    *at = open->next;
    open->next = shard->free;
    shard->free = open;
}

/* With the lock held. No id is zeros, so what was never set is no trace. */
static void note_kept(Shard *shard, const Trace *trace)
{
    shard->decided[shard->next_decided] = *trace;
    shard->next_decided = (shard->next_decided + 1) % DECIDED;
}

static bool was_kept(const Shard *shard, const Trace *trace)
{
    for (size_t i = 0; i < DECIDED; i++)
        if (is_same(&shard->decided[i], trace))
            return true;
    return false;
}

static bool begin(const Trace *trace, bool goes_on)
{
    Shard *shard = shard_of(trace);

    MUTEX_HOLD(&shard->lock);
    Open **at = find(shard, trace);
    if (*at == NULL)
        *at = take_place(shard, trace);
    if (*at == NULL)
        return false;
    (*at)->roots++;
    if (goes_on && !(*at)->is_kept)
        (*at)->is_kept = was_kept(shard, trace);
    return true;
}

bool span_store_begin(const Trace *trace, bool goes_on)
{
    bool has_room = begin(trace, goes_on);

    if (!has_room)
        span_count(SPAN_NO_ROOM, 1);
    return has_room;
}

static Kept *copy_of(const Span *span)
{
    if (atomic_fetch_add_explicit(&store.in_memory, 1, memory_order_relaxed) >= SPANS_IN_MEMORY) {
        (void)atomic_fetch_sub_explicit(&store.in_memory, 1, memory_order_relaxed);
        return NULL;
    }
    Kept *kept = memory_alloc(sizeof *kept);
    memcpy(&kept->span, span, offsetof(Span, notes) + span->note_count * sizeof *span->notes);
    kept->next = NULL;
    return kept;
}

static SpanResult put(Open *open, const Span *span)
{
    open->has_failed = open->has_failed || span->error != NULL;
    if (open->count >= SPANS_A_TRACE)
        return SPAN_TRACE_FULL;
    Kept *kept = copy_of(span);
    if (kept == NULL)
        return SPAN_NO_ROOM;
    kept->next = open->spans;
    open->spans = kept;
    open->count++;
    return SPAN_SENT;
}

static void keep(Kept *spans)
{
    size_t count = 1;
    Kept *last = spans;

    for (; last->next != NULL; last = last->next)
        count++;
    MUTEX_HOLD(&store.lock);
    if (store.last != NULL)
        store.last->next = spans;
    else
        store.first = spans;
    store.last = last;
    store.waiting += count;
    if (store.wanted > 0 && store.waiting >= store.wanted)
        (void)pthread_cond_signal(&store.changed);
}

/* The end of the trace has been seen: a span of one that was kept goes after the others. */
static SpanResult put_late(const Shard *shard, const Span *span, Kept **out)
{
    if (!was_kept(shard, &span->trace))
        return SPAN_LATE;
    *out = copy_of(span);
    return *out != NULL ? SPAN_SENT : SPAN_NO_ROOM;
}

void span_store_add(const Span *span)
{
    Shard *shard = shard_of(&span->trace);
    Kept *late = NULL;
    SpanResult result;

    if (!span_tracing())
        return;
    {
        MUTEX_HOLD(&shard->lock);
        Open *open = *find(shard, &span->trace);
        result = open != NULL ? put(open, span) : put_late(shard, span, &late);
    }
    if (late != NULL)
        keep(late);
    if (result != SPAN_SENT)
        span_count(result, 1);
}

/* ---- the end of a trace */

typedef struct Ending {
    SpanFate fate;
    Why why;      /* it is kept */
    bool is_new;  /* the first of its trace that is */
    bool is_full; /* dropped, as too many of its trace have been kept */
    Kept *spans;  /* that have come of it and don't wait any more */
} Ending;

static Kept *take_all(Open *open)
{
    Kept *spans = open->spans;

    open->spans = NULL;
    return spans;
}

/* A root of a trace that is kept. Whoever repeats the id of one that stays open has no more of it kept than of any. */
static SpanFate keep_root(Open *open, Ending *out)
{
    out->is_full = open->kept_roots == SPANS_A_TRACE;
    open->kept_roots += !out->is_full;
    return out->is_full ? SPAN_DROPPED : SPAN_KEPT;
}

static void end_root(const Shard *shard, Open *open, const Trace *trace, int64_t took_us, bool has_failed,
                     Ending *out)
{
    bool was_known = open->is_kept;

    open->has_failed = open->has_failed || has_failed;
    out->why = trace->flags & TRACE_SAMPLED ? CHOSEN : open->has_failed ? FAILED : SLOW;
    open->is_kept = open->is_kept || out->why != SLOW || took_us >= store.rules.slow_us;
    open->roots--;
    out->is_new = open->is_kept && !was_known && !was_kept(shard, trace);
    out->fate = open->is_kept ? keep_root(open, out) : open->roots > 0 ? SPAN_WAITS : SPAN_DROPPED;
}

/* What waits for the end of another root of the trace stays. */
static Ending take_out(const Trace *trace, int64_t took_us, bool has_failed)
{
    Shard *shard = shard_of(trace);
    Ending ending = {.fate = SPAN_DROPPED};

    MUTEX_HOLD(&shard->lock);
    Open **at = find(shard, trace), *open = *at;
    if (open == NULL)
        return ending;
    end_root(shard, open, trace, took_us, has_failed, &ending);
    if (ending.fate != SPAN_WAITS)
        ending.spans = take_all(open);
    if (open->roots > 0)
        return ending;
    if (open->is_kept)
        note_kept(shard, trace);
    give_place(shard, at);
    return ending;
}

SpanFate span_store_end(const Trace *trace, int64_t took_us, bool has_failed)
{
    Ending ending = take_out(trace, took_us, has_failed);

    if (ending.fate != SPAN_KEPT) {
        size_t dropped = free_all(ending.spans);
        if (ending.is_full)
            span_count(SPAN_TRACE_FULL, dropped + 1);
        return ending.fate;
    }
    if (ending.is_new)
        count_trace(ending.why);
    if (ending.spans != NULL)
        keep(ending.spans);
    return SPAN_KEPT;
}

void span_store_keep(const Span *root)
{
    Kept *kept = span_tracing() ? copy_of(root) : NULL;

    if (kept != NULL)
        keep(kept);
    else
        span_count(SPAN_NO_ROOM, 1);
}

/* ---- taking them */

static size_t take_waiting(Span **out, size_t most)
{
    size_t count = 0;

    for (; count < most && store.first != NULL; count++) {
        Kept *kept = store.first;
        store.first = kept->next;
        out[count] = &kept->span;
    }
    if (store.first == NULL)
        store.last = NULL;
    store.waiting -= count;
    return count;
}

size_t span_take(Span **out, size_t most, int64_t until_us)
{
    MUTEX_HOLD(&store.lock);
    store.wanted = most;
    while (store.waiting < most && !store.is_over)
        if (!cond_wait_until(&store.changed, &store.lock, until_us))
            break;
    store.wanted = 0;
    return take_waiting(out, most);
}

void span_wake(void)
{
    MUTEX_HOLD(&store.lock);
    store.is_over = true;
    (void)pthread_cond_signal(&store.changed);
}
