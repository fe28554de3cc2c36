#include "llm/inside.h"

enum { BODY_FIRST_BYTES = 1024 };

static const char *const ROLES[LLM_ROLE_COUNT] = {
    [LLM_SYSTEM] = "system",
    [LLM_USER] = "user",
    [LLM_ASSISTANT] = "assistant",
    [LLM_TOOL] = "tool",
};

static void put_calls(Buf *out, const LlmMessage *message)
{
    buf_put(out, STR(",\"tool_calls\":["));
    for (size_t i = 0; i < message->call_count; i++) {
        const LlmToolCall *call = &message->calls[i];
        buf_put(out, i == 0 ? STR("{") : STR(",{"));
        json_put_member(out, "id", call->id);
        buf_put(out, STR(",\"type\":\"function\",\"function\":{"));
        json_put_member(out, "name", call->name);
        json_put_member(out, "arguments", call->arguments);
        buf_put(out, STR("}}"));
    }
    buf_put_char(out, ']');
}

static void put_message(Buf *out, const LlmMessage *message)
{
    buf_format(out, "{\"role\":\"%s\",", ROLES[message->role]);
    buf_put(out, STR("\"content\":\"")); /* "" beside calls: null is too much for some templates */
    for (size_t i = 0; i < message->part_count; i++)
        json_put_characters(out, message->parts[i]);
    json_put_characters(out, message->content);
    buf_put_char(out, '"');
    if (message->call_count > 0)
        put_calls(out, message);
    if (message->role == LLM_TOOL) {
        buf_put_char(out, ',');
        json_put_member(out, "tool_call_id", message->call_id);
    }
    buf_put_char(out, '}');
}

static void put_messages(Buf *out, const LlmRequest *request)
{
    buf_put(out, STR(",\"messages\":["));
    for (size_t i = 0; i < request->message_count; i++) {
        buf_put(out, i == 0 ? STR("") : STR(","));
        put_message(out, &request->messages[i]);
    }
    buf_put_char(out, ']');
}

static void put_tools(Buf *out, const LlmRequest *request)
{
    buf_put(out, STR(",\"tools\":["));
    for (size_t i = 0; i < request->tool_count; i++) {
        const LlmTool *tool = &request->tools[i];
        buf_put(out, i == 0 ? STR("{\"type\":\"function\",\"function\":{")
                            : STR(",{\"type\":\"function\",\"function\":{"));
        json_put_member(out, "name", tool->name);
        json_put_member(out, "description", tool->description);
        buf_put(out, STR(",\"parameters\":"));
        buf_put(out, tool->parameters);
        buf_put(out, STR("}}"));
    }
    buf_put_char(out, ']');
    if (request->must_speak)
        buf_put(out, STR(",\"tool_choice\":\"none\""));
}

static void put_options(Buf *out, const LlmConfig *config, const LlmRequest *request, unsigned extras)
{
    buf_put(out, STR(",\"stream\":true"));
    if (extras & EXTRA_STREAM_OPTIONS)
        buf_put(out, STR(",\"stream_options\":{\"include_usage\":true}"));
    if (extras & EXTRA_TEMPERATURE) {
        buf_put(out, STR(",\"temperature\":"));
        json_put_number(out, config->temperature);
    }
    buf_format(out, ",\"%s\":%d", extras & EXTRA_MAX_TOKENS ? "max_tokens" : "max_completion_tokens",
               config->max_tokens);
    if ((extras & EXTRA_CACHE_KEY) && request->cache_key.len > 0) {
        buf_put_char(out, ',');
        json_put_member(out, "prompt_cache_key", request->cache_key);
    }
}

/* Nearly what it takes: whoever waits for the answer keeps the request. */
static size_t size_of(const LlmRequest *request)
{
    enum { AROUND = 256 };
    size_t size = BODY_FIRST_BYTES;

    for (size_t i = 0; i < request->message_count; i++) {
        const LlmMessage *message = &request->messages[i];
        size += message->content.len + message->content.len / 16 + AROUND / 4;
        for (size_t k = 0; k < message->part_count; k++)
            size += message->parts[k].len + message->parts[k].len / 16;
    }
    for (size_t i = 0; i < request->tool_count; i++)
        size += request->tools[i].description.len + request->tools[i].parameters.len + AROUND;
    return size;
}

/* Tools stand before messages, as servers put them: what requests have in common comes first. */
Json body_write(Arena *arena, const LlmConfig *config, const LlmRequest *request, unsigned extras)
{
    Buf out;

    buf_init(&out, arena, size_of(request));
    buf_put_char(&out, '{');
    json_put_member(&out, "model", str_from(config->model));
    if (request->tool_count > 0 && (extras & EXTRA_TOOLS))
        put_tools(&out, request);
    put_messages(&out, request);
    put_options(&out, config, request, extras);
    buf_put_char(&out, '}');
    return buf_str(&out);
}
