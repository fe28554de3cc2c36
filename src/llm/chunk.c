#include "llm/chunk.h"

#include "llm/fragments.h"
#include "llm/plain_chunk.h"
#include "llm/refusal.h"
#include "llm/thinking.h"

typedef struct FinishRow {
    const char *name;
    LlmFinish finish;
} FinishRow;

/* Anything else counts as "stop": "tool_calls", "function_call", and what servers make up ("eos"). */
static const FinishRow FINISHES[] = {{"length", LLM_TOO_LONG}, {"content_filter", LLM_FILTERED}};

void assembly_init(Assembly *assembly, Arena *arena, const LlmSink *sink)
{
    *assembly = (Assembly){.arena = arena, .sink = sink};
    buf_init(&assembly->held, arena, 16);
}

static Err take_text(Assembly *assembly, Str text)
{
    if (text.len == 0)
        return OK;
    if (text.len > LLM_TEXT_MAX - assembly->text_bytes)
        return err(INTERNAL, "the language model's answer is longer than %d bytes", LLM_TEXT_MAX);
    assembly->text_bytes += text.len;
    return thinking_pass(assembly, text);
}

static void take_finish(Assembly *assembly, const json_t *choice)
{
    Str reason = json_str_at(choice, "finish_reason");

    if (reason.len == 0)
        return;
    assembly->finished = true;
    for (size_t i = 0; i < sizeof FINISHES / sizeof *FINISHES; i++)
        if (str_equal(reason, str_from(FINISHES[i].name)))
            assembly->finish = FINISHES[i].finish;
}

static int64_t count_at(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));

    return value > 0 ? value : 0;
}

static void take_usage(Assembly *assembly, const json_t *usage)
{
    if (!json_is_object(usage))
        return;
    assembly->usage = (LlmUsage){
        .input = count_at(usage, "prompt_tokens"),
        .cached = count_at(json_object_get(usage, "prompt_tokens_details"), "cached_tokens"),
        .output = count_at(usage, "completion_tokens"),
    };
}

/* A chunk has a delta, a whole completion a message; the rest is alike. */
static Err take_choice(Assembly *assembly, const json_t *choice)
{
    const json_t *delta = json_object_get(choice, "delta");
    const json_t *message = json_is_object(delta) ? delta : json_object_get(choice, "message");

    if (count_at(choice, "index") > 0)
        return OK; /* only one was asked for */
    TRY(take_text(assembly, json_str_at(message, "content")));
    TRY(take_text(assembly, json_str_at(message, "refusal")));
    TRY(fragments_take(assembly, json_object_get(message, "tool_calls")));
    TRY(fragments_take_old(assembly, json_object_get(message, "function_call")));
    take_finish(assembly, choice);
    return OK;
}

/* The log is told how long it was: its words are of the conversation. */
static Err unreadable(Str json)
{
    return err_detail(err(INTERNAL, "what the language model sent can't be read"), "a chunk of %zu bytes",
                      json.len);
}

/* Any chunk, as a tree. */
static Err take_tree(Assembly *assembly, Str json)
{
    AUTO_JSON json_t *chunk = NULL;
    Err e = json_read(json, &chunk);
    const json_t *choice;
    size_t i;

    if (failed(&e) || !json_is_object(chunk))
        return unreadable(json);
    if (json_object_get(chunk, "choices") == NULL && json_object_get(chunk, "error") != NULL)
        return refusal_in_stream(json);
    take_usage(assembly, json_object_get(chunk, "usage"));
    json_array_foreach(json_object_get(chunk, "choices"), i, choice) TRY(take_choice(assembly, choice));
    return OK;
}

Err assembly_take(Assembly *assembly, Str json)
{
    Str content;

    return plain_chunk_read(json, &content) ? take_text(assembly, content) : take_tree(assembly, json);
}

Err assembly_end(Assembly *assembly, LlmAnswer *out)
{
    TRY(thinking_end(assembly));
    if (!assembly->finished)
        return err(UNAVAILABLE, "the language model broke off; send the message again");
    if (!assembly->began && assembly->call_count == 0)
        return err_detail(err(UNAVAILABLE, "the language model said nothing; send the message again"),
                          "an answer without text and calls");
    out->finish = assembly->finish;
    out->usage = assembly->usage;
    fragments_join(assembly, out);
    return OK;
}
