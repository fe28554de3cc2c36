/* Bytes as one chunk of an answer: what is read where it stands must be what its tree says. */
#include <stdlib.h>

#include "llm/plain_chunk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool promise)
{
    if (!promise)
        abort();
}

static void demand_nothing_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    demand(value == NULL || json_is_null(value));
}

static void demand_the_same(const json_t *chunk, Str content)
{
    const json_t *choices = json_object_get(chunk, "choices"), *choice = json_array_get(choices, 0);
    const json_t *delta = json_object_get(choice, "delta");

    demand(json_is_array(choices) && json_array_size(choices) == 1 && json_is_object(delta));
    demand(json_integer_value(json_object_get(choice, "index")) == 0);
    demand(str_equal(json_str_or_empty(delta, "content"), content));
    demand_nothing_at(choice, "finish_reason");
    demand_nothing_at(delta, "refusal");
    demand_nothing_at(delta, "tool_calls");
    demand_nothing_at(delta, "function_call");
    demand_nothing_at(chunk, "usage");
    demand(json_object_get(chunk, "error") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str bytes = {(const char *)data, size}, content;
    AUTO_JSON json_t *chunk = NULL;

    if (!plain_chunk_read(bytes, &content))
        return 0;
    Err e = json_read(bytes, &chunk);
    demand(!failed(&e));
    demand_the_same(chunk, content);
    return 0;
}
