/* Spans: what a trace is made of. Each is one piece of work with a beginning and an end: a request, a call of a store, a job.
 *
 *     AUTO_SPAN Span span = {0};
 *     span_begin(&span, SPAN_INTERNAL, "make a letter", NULL);        of whatever this thread is doing
 *     span_note_int(&span, "nerdx.letters", count);
 *     TRY(span_fail(&span, write_letters()));                         a failure of ours makes it an error
 *
 * Nothing happens until span_start, and each call costs next to nothing then. From then on the spans of a trace wait in memory until
 * its first span in this process, the root, has ended: the trace is kept when it was chosen beforehand (one in so many), when
 * something in it failed, or when it took long. What is kept goes to whoever calls span_take (http/otlp.h). All of it is bounded, and what
 * finds no room is counted and dropped: no request ever waits for its trace.
 * What is noted must be no person's: names of operations, kinds, counts. */
#ifndef NERDX_BASE_SPAN_H
#define NERDX_BASE_SPAN_H

#include <stdatomic.h>

#include "base/err.h"
#include "base/metrics.h"
#include "base/trace.h"

/* As OTLP numbers them (trace.proto, Span.SpanKind). */
typedef enum SpanKind { SPAN_INTERNAL = 1, SPAN_SERVER, SPAN_CLIENT, SPAN_PRODUCER, SPAN_CONSUMER } SpanKind;

enum {
    SPAN_NAME_MAX = 96, /* bytes with the NUL; what is longer is cut */
    SPAN_TEXT_MAX = 64,
    SPAN_MOST_NOTES = 6,
    SPANS_A_TRACE = 256,      /* of one process */
    SPANS_OPEN_TRACES = 1024, /* whose root hasn't ended */
    SPANS_KEPT_TRACES = 1024, /* the latest that were kept: what ends later in them is kept, too */
    SPANS_IN_MEMORY = 16384,  /* of all of them, those that wait to be sent too */
};

typedef struct SpanNote {
    const char *key; /* lives as long as the program */
    bool is_text;
    int64_t number;
    char text[SPAN_TEXT_MAX];
} SpanNote;

typedef struct Span {
    Trace trace;          /* its own */
    uint8_t parent_id[8]; /* zeros: it has none */
    SpanKind kind;
    bool is_recorded;
    bool is_root;     /* of this process */
    int64_t begun_us; /* monotonic */
    int64_t ended_us;
    const char *error; /* what kind; NULL: none */
    size_t note_count;
    char name[SPAN_NAME_MAX];
    SpanNote notes[SPAN_MOST_NOTES];
} Span;

/* ---- making them */

/* parent: NULL for what this thread is doing; when it is doing nothing, nothing is recorded. Of the same trace as what the
 * thread is doing, the thread's own span is the parent. name is copied. */
void span_begin(Span *span, SpanKind kind, const char *name, const Trace *parent);

/* The first of its trace in this process, or one that goes on with it: with a parent it is kept where that was. trace: its own ids; parent_id: NULL or of
 * zeros when it has no parent. begun_us: monotonic. */
void span_begin_root(Span *span, SpanKind kind, const char *name, const Trace *trace,
                     const uint8_t *parent_id, int64_t begun_us);

void span_note_int(Span *span, const char *key, int64_t number);
void span_note_text(Span *span, const char *key, const char *text); /* copied */
void span_set_name(Span *span, const char *name);

/* A root of which there are many and few are ever seen, a request: it is described once its work is over, where that is of use.
 *
 *     bool is_open = span_root_open(&trace);
 *     …                                                               spans below it come as ever
 *     SpanFate fate = span_root_close(&trace, took_us, error);        when it was open
 *     if (fate != SPAN_DROPPED) {
 *         span_root_fill(&span, …); span_note_…;
 *         span_root_give(&span, fate);
 *     } */
typedef enum SpanFate {
    SPAN_DROPPED,
    SPAN_WAITS, /* for the end of another root of its trace in this process */
    SPAN_KEPT   /* its trace is */
} SpanFate;

bool span_root_open(const Trace *trace); /* false: nothing is recorded of it */
SpanFate span_root_close(const Trace *trace, int64_t took_us, const char *error);
void span_root_fill(Span *span, SpanKind kind, const char *name, const Trace *trace, const uint8_t *parent_id,
                    int64_t begun_us);
void span_root_give(Span *span, SpanFate fate); /* with its ended_us and error */

/* Whether an error is a failure of ours, and not the caller's or the way of the world: then the span is one, too. Returns e. */
Err span_fail(Span *span, Err e);

/* True: the span is of a trace that is kept. Harmless for one that isn't recorded, and the second time. */
bool span_end(Span *span);
void span_leave_scope(Span *span); /* for AUTO_SPAN */
#define AUTO_SPAN __attribute__((cleanup(span_leave_scope)))

/* What this thread is doing from now on (NULL: nothing); returns what it did before, which is to be given back:
 *
 *     AUTO_DOING const Trace *before = span_enter(&span.trace); */
const Trace *span_enter(const Trace *trace);
const Trace *span_current(void);
void span_give_back(const Trace **before);
#define AUTO_DOING __attribute__((cleanup(span_give_back), unused))

/* ---- collecting them */

typedef struct SpanRules {
    int64_t sample_millionths; /* of all traces that begin here, chosen beforehand */
    int64_t slow_us;           /* a root that took as long has its trace kept */
} SpanRules;

void span_start(const SpanRules *rules); /* once, before threads */
void span_stop(void);                    /* nothing is recorded any more; what waits is dropped */

extern _Atomic bool span_is_on; /* read by span_tracing only */
static inline bool span_tracing(void)
{
    return atomic_load_explicit(&span_is_on, memory_order_relaxed);
}

/* Whether a trace that begins now is chosen: TRACE_SAMPLED or 0. While nothing is recorded none is. */
uint8_t span_choose(void);
Trace span_new_trace(void); /* one that begins now */

/* The next of those that are kept, which are the caller's to span_free; waits until most are there, until_us (monotonic) has come or it is
 * over. */
size_t span_take(Span **out, size_t most, int64_t until_us);
void span_free(Span *span);
void span_wake(void); /* whoever waits in span_take returns */

/* nerdx_spans_total and nerdx_traces_kept_total. result: how many of what was taken came to what. */
typedef enum SpanResult {
    SPAN_SENT,
    SPAN_REFUSED,
    SPAN_NO_ROOM,
    SPAN_TRACE_FULL,
    SPAN_LATE,
    SPAN_RESULTS
} SpanResult;
void span_count(SpanResult result, size_t count);

#endif
