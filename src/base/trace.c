#include "base/trace.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"

static bool all_zero(const uint8_t *bytes, size_t count)
{
    uint8_t any = 0;

    for (size_t i = 0; i < count; i++)
        any |= bytes[i];
    return any == 0;
}

bool trace_parse(Str text, Trace *out)
{
    const size_t length = TRACE_TEXT - 1;
    Trace trace;
    uint8_t version;

    if (text.len < length || text.data[2] != '-' || text.data[35] != '-' || text.data[52] != '-')
        return false;
    if (!hex_parse(text.data, &version, 1) || version == 0xFF)
        return false;
    if (text.len > length && (version == 0 || text.data[length] != '-'))
        return false;
    if (!hex_parse(text.data + 3, trace.trace_id, sizeof trace.trace_id) ||
        !hex_parse(text.data + 36, trace.span_id, sizeof trace.span_id) ||
        !hex_parse(text.data + 53, &trace.flags, 1))
        return false;
    if (all_zero(trace.trace_id, sizeof trace.trace_id) || all_zero(trace.span_id, sizeof trace.span_id))
        return false;
    trace.flags &= TRACE_SAMPLED; /* the only flag that version 00 knows */
    *out = trace;
    return true;
}

Trace trace_new(void)
{
    Trace trace = {0};

    do
        random_bytes(trace.trace_id, sizeof trace.trace_id);
    while (all_zero(trace.trace_id, sizeof trace.trace_id));
    return trace_child(&trace);
}

Trace trace_child(const Trace *parent)
{
    Trace child = *parent;

    do
        random_bytes(child.span_id, sizeof child.span_id);
    while (all_zero(child.span_id, sizeof child.span_id));
    return child;
}

Trace trace_from_header(Str traceparent)
{
    Trace parent;

    return trace_parse(traceparent, &parent) ? trace_child(&parent) : trace_new();
}

Str trace_state_of(Str tracestate)
{
    if (tracestate.len == 0 || tracestate.len > TRACE_STATE_MAX ||
        str_find(tracestate, STR("="), 0) == SIZE_MAX)
        return (Str){0};
    for (size_t i = 0; i < tracestate.len; i++)
        if (tracestate.data[i] < ' ' || tracestate.data[i] > '~')
            return (Str){0};
    return tracestate;
}

void trace_print(const Trace *trace, char out[TRACE_TEXT])
{
    char *at = out;

    *at++ = '0';
    *at++ = '0';
    *at++ = '-';
    at = hex_print(at, trace->trace_id, sizeof trace->trace_id);
    *at++ = '-';
    at = hex_print(at, trace->span_id, sizeof trace->span_id);
    *at++ = '-';
    (void)hex_print(at, &trace->flags, 1);
}

void trace_id_print(const Trace *trace, char out[TRACE_ID_TEXT])
{
    (void)hex_print(out, trace->trace_id, sizeof trace->trace_id);
}

void span_id_print(const Trace *trace, char out[SPAN_ID_TEXT])
{
    (void)hex_print(out, trace->span_id, sizeof trace->span_id);
}
