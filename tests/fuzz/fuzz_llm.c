/* Bytes as the streamed answer of a language model: cut up in another way they must say the same, and never more than
 * the limits allow. */
#include <stdlib.h>

#include "http/event_reader.h"
#include "llm/chunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Heard {
    Arena *arena;
    Buf text;
    Assembly assembly;
    LlmSink sink;
    LlmAnswer answer;
} Heard;

static Err hear(void *context, Str piece)
{
    Heard *heard = context;

    if (piece.len == 0)
        abort();
    buf_put(&heard->text, piece);
    return OK;
}

static Err take(void *context, Str name, Str event)
{
    Heard *heard = context;

    (void)name;
    return assembly_take(&heard->assembly, event);
}

static Err read_in_pieces(Heard *heard, Str bytes, size_t size)
{
    EventReader reader;

    buf_init(&heard->text, heard->arena, 64);
    heard->sink = (LlmSink){heard, hear};
    assembly_init(&heard->assembly, heard->arena, &heard->sink);
    event_reader_init(&reader, heard->arena, LLM_EVENT_MAX);
    for (size_t at = 0; at < bytes.len; at += size)
        TRY(event_reader_feed(&reader, str_slice(bytes, at, at + size), take, heard));
    TRY(event_reader_end(&reader, take, heard));
    return assembly_end(&heard->assembly, &heard->answer);
}

static void demand_limits(const Heard *heard)
{
    if (heard->text.len > LLM_TEXT_MAX || heard->answer.call_count > LLM_CALLS_MAX)
        abort();
    for (size_t i = 0; i < heard->answer.call_count; i++) {
        const LlmToolCall *call = &heard->answer.calls[i];
        if (call->id.len == 0 || call->name.len == 0 || call->arguments.len > LLM_ARGUMENTS_MAX)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA Arena arena = {0};
    Str bytes = {(const char *)data, size};
    Heard whole = {.arena = &arena}, pieces = {.arena = &arena};
    Err first = read_in_pieces(&whole, bytes, size + 1);
    Err second = read_in_pieces(&pieces, bytes, size % 7 + 1);

    demand_limits(&whole);
    if (first.code != second.code || !str_equal(buf_str(&whole.text), buf_str(&pieces.text)) ||
        whole.answer.call_count != pieces.answer.call_count)
        abort();
    return 0;
}
