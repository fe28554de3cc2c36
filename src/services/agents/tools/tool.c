#include "services/agents/tools/tool.h"

#include <stddef.h>
#include <string.h>

typedef struct GivenRow {
    const char *name;
    size_t offset;
} GivenRow;

static const GivenRow GIVEN[] = {
    {"from", offsetof(ToolGiven, from)},
    {"user_id", offsetof(ToolGiven, user_id)},
    {"session_id", offsetof(ToolGiven, session_id)},
    {"turn_id", offsetof(ToolGiven, turn_id)},
    {"message", offsetof(ToolGiven, message)},
    {"language", offsetof(ToolGiven, language)},
    {"approval_id", offsetof(ToolGiven, approval_id)},
};

static const GivenRow *given_row(Str name)
{
    for (size_t i = 0; i < sizeof GIVEN / sizeof *GIVEN; i++)
        if (str_equal(name, str_from(GIVEN[i].name)))
            return &GIVEN[i];
    return NULL;
}

static const json_t *with_of(const Tool *tool, Str name)
{
    return json_object_getn(tool->with, name.data, name.len);
}

static const ToolSchema *find(const ToolSources *sources, Str operation, const void **client)
{
    for (size_t s = 0; s < TOOL_SOURCES; s++) {
        const ToolSource *source = &sources->items[s];
        *client = source->client;
        for (size_t i = 0; i < source->count; i++)
            if (str_equal(operation, str_from(source->tools[i].name)))
                return &source->tools[i];
    }
    return NULL;
}

static Err check_given(const Tool *tool)
{
    for (size_t i = 0; i < TOOL_GIVEN_MAX && tool->schema->given[i].data != NULL; i++) {
        Str name = tool->schema->given[i];
        if (with_of(tool, name) == NULL && given_row(name) == NULL)
            return err(INVALID, "%.*s: %.*s must be told with what: {%.*s: …}", STR_ARG(tool->name),
                       STR_ARG(name), STR_ARG(name));
    }
    return OK;
}

Err tool_read(const ToolSources *sources, const json_t *row, Tool *out)
{
    Str operation = json_str_or_empty(row, "operation"), described = json_str_or_empty(row, "description");

    *out = (Tool){.name = json_str_or_empty(row, "name"), .with = json_object_get(row, "with")};
    out->schema = find(sources, operation, &out->client);
    if (out->schema == NULL || out->name.len == 0)
        return err(INVALID, "a tool needs a name and an operation that there is; it has \"%.40s\"",
                   operation.len > 0 ? operation.data : "");
    out->description = described.len > 0 ? described : str_from(out->schema->description);
    out->hands_off = str_equal(operation, STR("tools_hand_off"));
    return check_given(out);
}

static Str value_of(const GivenRow *row, const ToolGiven *given)
{
    Str value = {NULL, 0};

    if (row != NULL)
        memcpy(&value, (const char *)given + row->offset, sizeof value);
    return value;
}

json_t *tool_given(const Tool *tool, const ToolGiven *given)
{
    json_t *out = json_object();

    for (size_t i = 0; i < TOOL_GIVEN_MAX && tool->schema->given[i].data != NULL; i++) {
        Str name = tool->schema->given[i];
        const GivenRow *row = given_row(name);
        json_t *with = json_incref((json_t *)with_of(tool, name));
        Str value = value_of(row, given);
        if (with == NULL && value.len > 0)
            with = json_stringn(value.data, value.len);
        if (with != NULL)
            (void)json_object_setn_new(out, name.data, name.len, with);
    }
    return out;
}
