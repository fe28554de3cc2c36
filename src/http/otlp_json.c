#include <inttypes.h>

#include "base/hex.h"
#include "base/json.h"
#include "http/otlp.h"

enum { STATUS_ERROR = 2, NS_PER_US = 1000, BYTES_A_SPAN = 700 };

static void put_text_note(Buf *out, const char *key, const char *text, char before)
{
    buf_format(out, "%c{\"key\":\"%s\",\"value\":{\"stringValue\":", before, key);
    json_put_string(out, str_from(text));
    buf_put(out, STR("}}"));
}

static void put_int_note(Buf *out, const char *key, int64_t number, char before)
{
    buf_format(out, "%c{\"key\":\"%s\",\"value\":{\"intValue\":\"%" PRId64 "\"}}", before, key, number);
}

/* OpenTelemetry's conventions for resources. */
static void put_resource(Buf *out, const OtlpResource *resource)
{
    buf_put(out, STR("{\"resource\":{\"attributes\":"));
    put_text_note(out, "service.name", "nerdx", '[');
    put_text_note(out, "service.version", resource->version, ',');
    put_text_note(out, "service.instance.id", resource->instance, ',');
    put_text_note(out, "nerdx.role", resource->role, ',');
    put_text_note(out, "host.name", resource->host, ',');
    put_int_note(out, "process.pid", resource->pid, ',');
    put_text_note(out, "telemetry.sdk.name", "nerdx", ',');
    put_text_note(out, "telemetry.sdk.language", "c", ',');
    put_text_note(out, "telemetry.sdk.version", resource->version, ',');
    buf_put(out, STR("]}"));
}

static bool is_zero(const uint8_t id[8])
{
    uint8_t any = 0;

    for (size_t i = 0; i < 8; i++)
        any |= id[i];
    return any == 0;
}

static void put_ids(Buf *out, const Span *span)
{
    char trace_id[TRACE_ID_TEXT], span_id[SPAN_ID_TEXT], parent_id[SPAN_ID_TEXT];

    trace_id_print(&span->trace, trace_id);
    span_id_print(&span->trace, span_id);
    buf_format(out, "{\"traceId\":\"%s\",\"spanId\":\"%s\"", trace_id, span_id);
    if (is_zero(span->parent_id))
        return;
    (void)hex_print(parent_id, span->parent_id, sizeof span->parent_id);
    buf_format(out, ",\"parentSpanId\":\"%s\"", parent_id);
}

static void put_notes(Buf *out, const Span *span)
{
    char before = '[';

    buf_put(out, STR(",\"attributes\":"));
    for (size_t i = 0; i < span->note_count; i++) {
        const SpanNote *note = &span->notes[i];
        if (note->is_text)
            put_text_note(out, note->key, note->text, before);
        else
            put_int_note(out, note->key, note->number, before);
        before = ',';
    }
    if (span->error != NULL) {
        put_text_note(out, "error.type", span->error, before);
        before = ',';
    }
    buf_put(out, before == '[' ? STR("[]") : STR("]"));
}

static void put_span(Buf *out, const Span *span, int64_t offset_us)
{
    put_ids(out, span);
    buf_put(out, STR(",\"name\":"));
    json_put_string(out, str_from(span->name));
    buf_format(out,
               ",\"kind\":%d,\"flags\":%u,\"startTimeUnixNano\":\"%" PRId64
               "\",\"endTimeUnixNano\":\"%" PRId64 "\"",
               (int)span->kind, (unsigned)span->trace.flags, (span->begun_us + offset_us) * NS_PER_US,
               (span->ended_us + offset_us) * NS_PER_US);
    put_notes(out, span);
    if (span->error != NULL)
        buf_format(out, ",\"status\":{\"code\":%d}", STATUS_ERROR);
    buf_put_char(out, '}');
}

Str otlp_write(Arena *arena, const OtlpResource *resource, Span *const *spans, size_t count,
               int64_t offset_us)
{
    Buf out;

    buf_init(&out, arena, count * BYTES_A_SPAN + BYTES_A_SPAN);
    buf_put(&out, STR("{\"resourceSpans\":["));
    put_resource(&out, resource);
    buf_format(&out, ",\"scopeSpans\":[{\"scope\":{\"name\":\"nerdx\",\"version\":\"%s\"},\"spans\":[",
               resource->version);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_char(&out, ',');
        put_span(&out, spans[i], offset_us);
    }
    buf_put(&out, STR("]}]}]}"));
    return buf_str(&out);
}
