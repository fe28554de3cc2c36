/* What a model has said, called and been told in a turn that waits for approval. */
#include "services/agents/llm/inside.h"

enum { FIRST_BYTES = 2048 };

/* --- writing --- */

static void put_text(Buf *out, const char *key, Str text)
{
    buf_format(out, "%s\"%s\":", out->data[out->len - 1] == '{' ? "" : ",", key);
    json_put_string(out, text.data == NULL ? STR("") : text);
}

static void put_call(const LlmToolCall *call, Buf *out)
{
    buf_put_char(out, '{');
    put_text(out, "id", call->id);
    put_text(out, "name", call->name);
    put_text(out, "arguments", call->arguments);
    buf_put_char(out, '}');
}

static void put_message(const LlmMessage *message, Buf *out)
{
    buf_format(out, "{\"role\":%d", (int)message->role);
    put_text(out, "content", message->content);
    put_text(out, "call_id", message->call_id);
    buf_put(out, STR(",\"calls\":["));
    for (size_t i = 0; i < message->call_count; i++) {
        if (i > 0)
            buf_put_char(out, ',');
        put_call(&message->calls[i], out);
    }
    buf_put(out, STR("]}"));
}

Json talk_write(const Improvisation *improvisation)
{
    Buf out;

    buf_init(&out, improvisation->arena, FIRST_BYTES);
    buf_put_char(&out, '[');
    for (size_t i = improvisation->prompt_count; i < improvisation->message_count; i++) {
        if (i > improvisation->prompt_count)
            buf_put_char(&out, ',');
        put_message(&improvisation->messages[i], &out);
    }
    buf_put_char(&out, ']');
    return buf_str(&out);
}

/* --- reading --- */

static Str text_at(Arena *arena, const json_t *row, const char *key)
{
    return str_copy(arena, json_str(json_object_get(row, key)));
}

static void read_calls(Arena *arena, const json_t *list, LlmMessage *message)
{
    LlmToolCall *calls = arena_array(arena, LlmToolCall, json_array_size(list) + 1);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *row = json_array_get(list, i);
        calls[i] = (LlmToolCall){text_at(arena, row, "id"), text_at(arena, row, "name"),
                                 text_at(arena, row, "arguments")};
    }
    message->calls = calls;
    message->call_count = json_array_size(list);
}

/* Results of tools may be rested on again. */
Err talk_read(Improvisation *improvisation, Json talk)
{
    AUTO_JSON json_t *root = NULL;
    Arena *arena = improvisation->arena;

    TRY(json_read(talk, &root));
    for (size_t i = 0; i < json_array_size(root); i++) {
        const json_t *row = json_array_get(root, i);
        LlmMessage message = {.role = (LlmRole)json_integer_value(json_object_get(row, "role")),
                              .content = text_at(arena, row, "content"),
                              .call_id = text_at(arena, row, "call_id")};
        read_calls(arena, json_object_get(row, "calls"), &message);
        if (message.role == LLM_TOOL)
            message.content = prompt_material(improvisation, message.content);
        if (message.call_id.len == 0)
            message.call_id = (Str){NULL, 0};
        prompt_add(improvisation, message);
    }
    return OK;
}
