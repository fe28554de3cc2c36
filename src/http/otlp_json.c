#include "http/otlp.h"

#include "base/hex.h"
#include "base/json.h"

enum { STATUS_ERROR = 2, NS_PER_US = 1000, BYTES_A_SPAN = 700 };

static void put_int(Buf *out, Str before, int64_t number, Str behind)
{
    buf_put(out, before);
    buf_put_int(out, number);
    buf_put(out, behind);
}

static void put_key(Buf *out, const char *key, char before)
{
    buf_put_char(out, before);
    buf_put(out, STR("{\"key\":\""));
    buf_put(out, str_from(key));
    buf_put(out, STR("\",\"value\":{"));
}

static void put_text_note(Buf *out, const char *key, const char *text, char before)
{
    put_key(out, key, before);
    buf_put(out, STR("\"stringValue\":"));
    json_put_string(out, str_from(text));
    buf_put(out, STR("}}"));
}

static void put_int_note(Buf *out, const char *key, int64_t number, char before)
{
    put_key(out, key, before);
    put_int(out, STR("\"intValue\":\""), number, STR("\"}}"));
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

static void put_id(Buf *out, Str before, const uint8_t *id, size_t size)
{
    char digits[TRACE_ID_TEXT];

    buf_put(out, before);
    (void)hex_print(digits, id, size);
    buf_put(out, (Str){digits, 2 * size});
    buf_put_char(out, '"');
}

static void put_ids(Buf *out, const Span *span)
{
    put_id(out, STR("{\"traceId\":\""), span->trace.trace_id, sizeof span->trace.trace_id);
    put_id(out, STR(",\"spanId\":\""), span->trace.span_id, sizeof span->trace.span_id);
    if (!is_zero(span->parent_id))
        put_id(out, STR(",\"parentSpanId\":\""), span->parent_id, sizeof span->parent_id);
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

/* Our clock counts microseconds, and a span that ends when it begins Jaeger takes for a mistake, which it shows: each ends a nanosecond
 * later, and so not before what is in it. */
static void put_span(Buf *out, const Span *span, int64_t offset_us)
{
    put_ids(out, span);
    buf_put(out, STR(",\"name\":"));
    json_put_string(out, str_from(span->name));
    put_int(out, STR(",\"kind\":"), span->kind, STR(""));
    put_int(out, STR(",\"flags\":"), span->trace.flags, STR(""));
    put_int(out, STR(",\"startTimeUnixNano\":\""), (span->begun_us + offset_us) * NS_PER_US, STR("\""));
    put_int(out, STR(",\"endTimeUnixNano\":\""), (span->ended_us + offset_us) * NS_PER_US + 1, STR("\""));
    put_notes(out, span);
    if (span->error != NULL)
        put_int(out, STR(",\"status\":{\"code\":"), STATUS_ERROR, STR("}"));
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

/* 64 bits are a text in protobuf's JSON; a number will do. */
size_t otlp_refused(Str answer)
{
    AUTO_JSON json_t *root = NULL;
    Err e = json_read(answer, &root);
    const json_t *partial = failed(&e) ? NULL : json_object_get(root, "partialSuccess");
    const json_t *refused = json_object_get(partial, "rejectedSpans");
    int64_t count = json_integer_value(refused);

    if (json_is_string(refused) && !str_to_int(json_str(refused), &count))
        return 0;
    return count > 0 ? (size_t)count : 0;
}
