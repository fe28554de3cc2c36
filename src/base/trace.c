#include "base/trace.h"

#include <string.h>

#include "base/random.h"

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex(const char *text, uint8_t *out, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        int high = hex_digit(text[2 * i]);
        int low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static char *write_hex(char *out, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *out++ = "0123456789abcdef"[bytes[i] >> 4];
        *out++ = "0123456789abcdef"[bytes[i] & 15];
    }
    *out = '\0';
    return out;
}

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
    if (!read_hex(text.data, &version, 1) || version == 0xFF)
        return false;
    if (text.len > length && (version == 0 || text.data[length] != '-'))
        return false;
    if (!read_hex(text.data + 3, trace.trace_id, sizeof trace.trace_id) ||
        !read_hex(text.data + 36, trace.span_id, sizeof trace.span_id) ||
        !read_hex(text.data + 53, &trace.flags, 1))
        return false;
    if (all_zero(trace.trace_id, sizeof trace.trace_id) || all_zero(trace.span_id, sizeof trace.span_id))
        return false;
    trace.flags &= TRACE_SAMPLED; /* the only flag that version 00 knows */
    *out = trace;
    return true;
}

Trace trace_new(void)
{
    Trace trace = {.flags = TRACE_SAMPLED};

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

void trace_print(const Trace *trace, char out[TRACE_TEXT])
{
    char *at = out;

    *at++ = '0';
    *at++ = '0';
    *at++ = '-';
    at = write_hex(at, trace->trace_id, sizeof trace->trace_id);
    *at++ = '-';
    at = write_hex(at, trace->span_id, sizeof trace->span_id);
    *at++ = '-';
    (void)write_hex(at, &trace->flags, 1);
}

void trace_id_print(const Trace *trace, char out[TRACE_ID_TEXT])
{
    (void)write_hex(out, trace->trace_id, sizeof trace->trace_id);
}

void span_id_print(const Trace *trace, char out[SPAN_ID_TEXT])
{
    (void)write_hex(out, trace->span_id, sizeof trace->span_id);
}
