#include "llm/refusal.h"

#include "base/json.h"
#include "base/utf8.h"

enum { DETAIL_MAX = 150, LONGEST_REST_S = 3600 };

/* What statuses mean; the first row whose range holds one. */
static const struct Meaning {
    int first, last;
    ErrCode code;
    const char *message;
} MEANINGS[] = {
    {401, 403, FORBIDDEN, "the language model's server doesn't take our key"},
    {404, 404, INTERNAL, "the language model's server has no such model or address"},
    {408, 408, TIMED_OUT, "the language model took too long to answer"},
    {409, 409, UNAVAILABLE, "the language model can't answer for now"},
    {429, 429, LIMITED, "the language model is asked too much for now"},
    {500, 599, UNAVAILABLE, "the language model can't answer for now"},
    {0, 999, INTERNAL, "the language model's server refused the request"},
};

/* {"error": {"message": …}} (OpenAI, llama.cpp, vLLM), {"error": "…"} (Ollama), {"message": …} (vLLM before 0.10), {"detail": …} (FastAPI). */
static Str message_of(const json_t *root)
{
    const json_t *error = json_object_get(root, "error");
    const Str ways[] = {
        json_str(json_object_get(error, "message")),
        json_str(error),
        json_str(json_object_get(root, "message")),
        json_str(json_object_get(root, "detail")),
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (ways[i].len > 0)
            return ways[i];
    return STR("");
}

static Err explain(const struct Meaning *meaning, int status, Str body)
{
    AUTO_JSON json_t *root = NULL;
    Err unread = json_read(body, &root);
    Str message = failed(&unread) ? body : message_of(root);

    return err_detail(err(meaning->code, "%s", meaning->message), "status %d: %.*s", status,
                      STR_ARG(utf8_cut_bytes(message, DETAIL_MAX)));
}

Err refusal_of(const HttpReply *reply)
{
    const struct Meaning *meaning = MEANINGS;

    while (reply->status < meaning->first || reply->status > meaning->last)
        meaning++;
    Err e = explain(meaning, reply->status, reply->body);
    if (meaning->code != LIMITED && meaning->code != UNAVAILABLE)
        return e;
    return err_retry_after(e, reply->retry_after_s < LONGEST_REST_S ? reply->retry_after_s : LONGEST_REST_S);
}

Err refusal_in_stream(Str json)
{
    static const struct Meaning BROKE_OFF = {0, 0, UNAVAILABLE,
                                             "the language model broke off; send the message again"};

    return explain(&BROKE_OFF, 200, json);
}

static const struct Blame {
    Extra extra;
    const char *words; /* what a refusal of it says: a field's name, or what a server is known to say */
} BLAMES[] = {
    {EXTRA_STREAM_OPTIONS, "stream_options"},
    {EXTRA_TEMPERATURE, "temperature"},
    {EXTRA_MAX_TOKENS, "max_tokens"},
    {EXTRA_CACHE_KEY, "prompt_cache_key"},
    {EXTRA_TOOLS, "not support tool"},     /* Ollama */
    {EXTRA_TOOLS, "tools param requires"}, /* llama.cpp */
    {EXTRA_TOOLS, "tool choice requires"}, /* vLLM */
    {EXTRA_TOOLS, "'tools'"},              /* OpenAI */
};

unsigned refusal_blames(const HttpReply *reply, unsigned sent)
{
    if (reply->status != 400 && reply->status != 422 && reply->status != 500 && reply->status != 501)
        return 0;
    for (size_t i = 0; i < sizeof BLAMES / sizeof *BLAMES; i++)
        if ((sent & BLAMES[i].extra) && str_find(reply->body, str_from(BLAMES[i].words), 0) != SIZE_MAX)
            return BLAMES[i].extra;
    return 0;
}
