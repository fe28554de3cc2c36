#include "llm/fragments.h"

#include <assert.h>

#include "base/utf8.h"

enum { NO_INDEX = -1, ARGUMENTS_FIRST = 256, CALLS_FIRST = 2, NAME_MAX_BYTES = 128 };

/* One element of tool_calls. */
typedef struct Fragment {
    int64_t index;
    Str id;
    Str name;
    const json_t *arguments; /* text, an object, or NULL */
} Fragment;

static Str text_of(const json_t *value)
{
    return json_is_string(value) ? json_str(value) : STR("");
}

static Fragment read_fragment(const json_t *call, const json_t *function)
{
    const json_t *index = json_object_get(call, "index");

    return (Fragment){
        .index = json_is_integer(index) ? json_integer_value(index) : NO_INDEX,
        .id = text_of(json_object_get(call, "id")),
        .name = text_of(json_object_get(function, "name")),
        .arguments = json_object_get(function, "arguments"),
    };
}

static bool is_whole(const CallDraft *draft)
{
    AUTO_JSON json_t *value = NULL;
    Str text = {draft->arguments.data, draft->arguments.len};
    Err e = json_read(text, &value);

    return !failed(&e) && json_is_object(value);
}

/* Whether the fragment begins another call, although it doesn't say so by a new index: another id does, and so does a name
 * after arguments that are complete. */
static bool begins_another(const CallDraft *draft, const Fragment *fragment)
{
    if (fragment->id.len > 0 && draft->id.len > 0)
        return !str_equal(fragment->id, draft->id);
    return fragment->name.len > 0 && draft->name.len > 0 && is_whole(draft);
}

/* The newest call that the fragment may belong to: without an index, the last one. */
static CallDraft *find(Assembly *assembly, const Fragment *fragment)
{
    for (size_t i = assembly->call_count; i > 0; i--) {
        CallDraft *draft = &assembly->calls[i - 1];
        if (fragment->index == NO_INDEX || draft->index == fragment->index)
            return begins_another(draft, fragment) ? NULL : draft;
    }
    return NULL;
}

static Err add(Assembly *assembly, const Fragment *fragment, CallDraft **out)
{
    if (assembly->call_count == LLM_CALLS_MAX)
        return err(INTERNAL, "the language model calls more than %d tools at once", LLM_CALLS_MAX);
    ARENA_MORE(assembly->arena, assembly->calls, assembly->call_count, assembly->call_room, CALLS_FIRST);
    CallDraft *draft = &assembly->calls[assembly->call_count++];
    *draft = (CallDraft){.index = fragment->index};
    buf_init(&draft->arguments, assembly->arena, ARGUMENTS_FIRST);
    *out = draft;
    return OK;
}

static Err add_arguments(Assembly *assembly, CallDraft *draft, const json_t *arguments)
{
    Str text = json_is_object(arguments) ? json_text(assembly->arena, arguments) : text_of(arguments);

    if (text.len > LLM_ARGUMENTS_MAX - draft->arguments.len)
        return err(INTERNAL, "the language model's call of a tool is longer than %d bytes",
                   LLM_ARGUMENTS_MAX);
    buf_put(&draft->arguments, text);
    return OK;
}

static Err take(Assembly *assembly, const Fragment *fragment)
{
    CallDraft *draft = find(assembly, fragment);

    if (draft == NULL)
        TRY(add(assembly, fragment, &draft));
    assert(draft != NULL);
    if (draft->id.len == 0)
        draft->id = str_copy(assembly->arena, utf8_cut_bytes(fragment->id, NAME_MAX_BYTES));
    if (draft->name.len == 0)
        draft->name = str_copy(assembly->arena, utf8_cut_bytes(fragment->name, NAME_MAX_BYTES));
    return add_arguments(assembly, draft, fragment->arguments);
}

Err fragments_take(Assembly *assembly, const json_t *calls)
{
    const json_t *call;
    size_t i;

    json_array_foreach(calls, i, call)
    {
        Fragment fragment = read_fragment(call, json_object_get(call, "function"));
        TRY(take(assembly, &fragment));
    }
    return OK;
}

Err fragments_take_old(Assembly *assembly, const json_t *function)
{
    Fragment fragment = read_fragment(NULL, function);

    return json_is_object(function) ? take(assembly, &fragment) : OK;
}

void fragments_join(Assembly *assembly, LlmAnswer *out)
{
    out->calls = arena_array(assembly->arena, LlmToolCall, assembly->call_count + 1);
    for (size_t i = 0; i < assembly->call_count; i++) {
        CallDraft *draft = &assembly->calls[i];
        if (draft->name.len == 0)
            continue;
        out->calls[out->call_count++] = (LlmToolCall){
            .id = draft->id.len > 0 ? draft->id : str_format(assembly->arena, "call_%zu", i),
            .name = draft->name,
            .arguments = draft->arguments.len > 0 ? buf_str(&draft->arguments) : STR("{}"),
        };
    }
}
