#include "base/span.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/span_store.h"
#include "base/utf8.h"

enum { MILLIONTHS = 1000000 };

_Atomic bool span_is_on;

static int64_t sample_millionths;
static _Thread_local const Trace *doing;

static void copy_text(char *out, size_t size, const char *text)
{
    Str cut = utf8_cut_bytes(str_from(text), size - 1);

    memcpy(out, cut.data, cut.len);
    out[cut.len] = '\0';
}

static void fill(Span *span, SpanKind kind, const char *name)
{
    span->kind = kind;
    span->is_recorded = true;
    span->is_root = false;
    span->error = NULL;
    span->note_count = 0;
    span->ended_us = 0;
    copy_text(span->name, sizeof span->name, name);
}

static bool is_same_trace(const Trace *one, const Trace *other)
{
    return memcmp(one->trace_id, other->trace_id, sizeof one->trace_id) == 0;
}

void span_begin(Span *span, SpanKind kind, const char *name, const Trace *parent)
{
    if (parent == NULL || (doing != NULL && is_same_trace(doing, parent)))
        parent = doing;
    span->is_recorded = false;
    if (!span_tracing() || parent == NULL)
        return;
    fill(span, kind, name);
    span->trace = trace_child(parent);
    memcpy(span->parent_id, parent->span_id, sizeof span->parent_id);
    span->begun_us = clock_monotonic_us(clock_system());
}

void span_begin_root(Span *span, SpanKind kind, const char *name, const Trace *trace,
                     const uint8_t *parent_id, int64_t begun_us)
{
    span->is_recorded = false;
    if (span_tracing() && span_store_begin(trace, parent_id != NULL))
        span_root_fill(span, kind, name, trace, parent_id, begun_us);
}

bool span_root_open(const Trace *trace)
{
    return span_tracing() && span_store_begin(trace, false);
}

void span_root_fill(Span *span, SpanKind kind, const char *name, const Trace *trace, const uint8_t *parent_id,
                    int64_t begun_us)
{
    fill(span, kind, name);
    span->is_root = true;
    span->trace = *trace;
    memset(span->parent_id, 0, sizeof span->parent_id);
    if (parent_id != NULL)
        memcpy(span->parent_id, parent_id, sizeof span->parent_id);
    span->begun_us = begun_us;
}

static SpanNote *add_note(Span *span, const char *key)
{
    if (!span->is_recorded || span->note_count == SPAN_MOST_NOTES)
        return NULL;
    SpanNote *note = &span->notes[span->note_count++];
    note->key = key;
    return note;
}

void span_note_int(Span *span, const char *key, int64_t number)
{
    SpanNote *note = add_note(span, key);

    if (note == NULL)
        return;
    note->is_text = false;
    note->number = number;
}

void span_note_text(Span *span, const char *key, const char *text)
{
    SpanNote *note = add_note(span, key);

    if (note == NULL)
        return;
    note->is_text = true;
    copy_text(note->text, sizeof note->text, text);
}

void span_set_name(Span *span, const char *name)
{
    if (span->is_recorded)
        copy_text(span->name, sizeof span->name, name);
}

Err span_fail(Span *span, Err e)
{
    if (span->is_recorded && (e.code == INTERNAL || e.code == UNAVAILABLE || e.code == TIMED_OUT))
        span->error = err_kind(e.code)->name;
    return e;
}

SpanFate span_root_close(const Trace *trace, int64_t took_us, const char *error)
{
    return span_store_end(trace, took_us, error != NULL);
}

void span_root_give(Span *span, SpanFate fate)
{
    span->is_recorded = false;
    if (fate == SPAN_KEPT)
        span_store_keep(span);
    else if (fate == SPAN_WAITS)
        span_store_add(span);
}

bool span_end(Span *span)
{
    if (!span->is_recorded)
        return false;
    span->is_recorded = false;
    span->ended_us = clock_monotonic_us(clock_system());
    if (!span->is_root) {
        span_store_add(span);
        return false;
    }
    SpanFate fate = span_root_close(&span->trace, span->ended_us - span->begun_us, span->error);
    span_root_give(span, fate);
    return fate == SPAN_KEPT;
}

void span_leave_scope(Span *span)
{
    (void)span_end(span);
}

const Trace *span_enter(const Trace *trace)
{
    const Trace *before = doing;

    doing = trace;
    return before;
}

const Trace *span_current(void)
{
    return doing;
}

void span_give_back(const Trace **before)
{
    doing = *before;
}

uint8_t span_choose(void)
{
    if (!span_tracing())
        return 0;
    return (int64_t)(random_u64() % MILLIONTHS) < sample_millionths ? TRACE_SAMPLED : 0;
}

Trace span_new_trace(void)
{
    Trace trace = trace_new();

    trace.flags = span_choose();
    return trace;
}

void span_start(const SpanRules *rules)
{
    assert(!span_tracing());
    sample_millionths = rules->sample_millionths;
    span_store_open(rules);
    atomic_store(&span_is_on, true);
}

void span_stop(void)
{
    if (!span_tracing())
        return;
    atomic_store(&span_is_on, false);
    span_store_close();
}
