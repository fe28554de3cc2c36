#include "llm/inside.h"

enum { US_PER_MS = 1000, CHECK_MS = 5000, MODELS_NAMED = 3 };

static Err ask(Llm *llm, Arena *arena, HttpReply *reply)
{
    const Call call = {
        .arena = arena,
        .trace = trace_new(),
        .deadline_us = clock_monotonic_us(clock_system()) + (int64_t)CHECK_MS * US_PER_MS,
    };
    HttpRequest request = {.method = "GET", .target = STR("/models"), .auth = llm->auth};
    Err e = http_client_send(llm->http, arena, &call, &request, reply);

    if (failed(&e))
        return err(e.code, "%s: %s", llm->config.base_url, e.detail[0] != '\0' ? e.detail : e.message);
    return reply->status == 200 ? OK : refusal_of(reply);
}

static bool is_model(const json_t *model, const char *name)
{
    const char *id = json_string_value(json_object_get(model, "id"));

    return id != NULL && str_starts(str_from(id), str_from(name)); /* "qwen3" is "qwen3:latest" to Ollama */
}

static Str name_some(Arena *arena, const json_t *models)
{
    Buf out;
    const json_t *model;
    size_t i;

    buf_init(&out, arena, 128);
    json_array_foreach(models, i, model) if (i < MODELS_NAMED)
        buf_format(&out, "%s%s", i == 0 ? "" : ", ", json_string_value(json_object_get(model, "id")));
    return buf_str(&out);
}

Err llm_check(Llm *llm, Arena *arena, Str *report)
{
    AUTO_JSON json_t *root = NULL;
    HttpReply reply;
    const json_t *model;
    size_t i;

    TRY(ask(llm, arena, &reply));
    Err e = json_read(reply.body, &root);
    const json_t *models = json_object_get(root, "data");
    if (failed(&e) || !json_is_array(models))
        return err(INTERNAL, "%s/models isn't answered as OpenAI's API does; the address usually ends in /v1",
                   llm->config.base_url);
    json_array_foreach(models, i, model) if (is_model(model, llm->config.model))
    {
        *report = str_format(arena, "answers, and has %s", llm->config.model);
        return OK;
    }
    return err(NOT_FOUND, "%s has no model %s; it has %.*s", llm->config.base_url, llm->config.model,
               STR_ARG(name_some(arena, models)));
}
