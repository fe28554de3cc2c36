#include "llm/refusal.h"

#include <ctype.h>

#include "base/json.h"

enum { NAME_MAX_BYTES = 48, LONGEST_REST_S = 3600 };

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

/* {"error": {"code": "context_length_exceeded"}}, or only its "type" (OpenAI, llama.cpp, vLLM). A message may repeat what it
 * was asked, which is no log's: only a name is one, letters, digits and underscores. */
static Str name_at(const json_t *error, const char *key)
{
    Str name = json_str_at(error, key);

    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.data[i]) && name.data[i] != '_')
            return STR("");
    return name.len <= NAME_MAX_BYTES ? name : STR("");
}

static Err explain(const struct Meaning *meaning, int status, Str body)
{
    AUTO_JSON json_t *root = NULL;
    Err e = err(meaning->code, "%s", meaning->message), unread = json_read(body, &root);
    const json_t *error = failed(&unread) ? NULL : json_object_get(root, "error");
    Str code = name_at(error, "code"), name = code.len > 0 ? code : name_at(error, "type");

    return name.len > 0 ? err_detail(e, "status %d: %.*s", status, STR_ARG(name))
                        : err_detail(e, "status %d: %zu bytes", status, body.len);
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
