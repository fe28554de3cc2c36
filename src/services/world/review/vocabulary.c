#include "services/world/review/vocabulary.h"

#include <math.h>

#include "base/buf.h"

static const char *const KINDS[SCHEMA_KIND_COUNT] = {
    [SCHEMA_TEXT] = "text",          [SCHEMA_NUMBER] = "number",   [SCHEMA_INTEGER] = "integer",
    [SCHEMA_LIST] = "list of texts", [SCHEMA_BOOLEAN] = "boolean", [SCHEMA_MAP] = "map",
};

static void put_property(Buf *out, const SchemaProperty *property)
{
    buf_format(out, "%.*s (%s%s", STR_ARG(property->name), KINDS[property->kind],
               property->is_required ? ", required" : "");
    if (isfinite(property->min))
        buf_format(out, ", at least %g", property->min);
    if (isfinite(property->max))
        buf_format(out, ", at most %g", property->max);
    buf_put_char(out, ')');
}

static void put_properties(Buf *out, SchemaProperties properties)
{
    for (size_t i = 0; i < properties.count; i++) {
        buf_put(out, i == 0 ? STR(" Properties: ") : STR(", "));
        put_property(out, &properties.items[i]);
    }
}

Str vocabulary_labels(Arena *arena, const Schema *schema)
{
    Buf out = {.arena = arena};
    size_t count;
    const SchemaLabel *labels = schema_labels(schema, &count);

    for (size_t i = 0; i < count; i++) {
        if (!labels[i].in_prose)
            continue;
        buf_format(&out, "- %.*s: %.*s", STR_ARG(labels[i].name), STR_ARG(labels[i].description));
        put_properties(&out, labels[i].properties);
        buf_put_char(&out, '\n');
    }
    return buf_str(&out);
}

/* Those of the labels that prose may tell of. */
static size_t put_told(Buf *out, const Schema *schema, StrSet labels)
{
    size_t told = 0;

    for (size_t i = 0; i < labels.count; i++)
        if (schema_label_in_prose(schema, labels.items[i]))
            buf_format(out, "%s%.*s", told++ > 0 ? ", " : "", STR_ARG(labels.items[i]));
    return told;
}

static void put_join(Buf *out, const Schema *schema, Str type, const SchemaJoin *join)
{
    Buf from = {.arena = out->arena};
    Buf to = {.arena = out->arena};

    if (put_told(&from, schema, join->from) > 0 && put_told(&to, schema, join->to) > 0)
        buf_format(out, "- %.*s: %.*s -> %.*s\n", STR_ARG(type), STR_ARG(buf_str(&from)),
                   STR_ARG(buf_str(&to)));
}

Str vocabulary_relationships(Arena *arena, const Schema *schema)
{
    Buf out = {.arena = arena};
    size_t count;
    const SchemaRelationship *types = schema_relationships(schema, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < types[i].join_count && schema_type_in_prose(schema, types[i].name); j++)
            put_join(&out, schema, types[i].name, &types[i].joins[j]);
    return buf_str(&out);
}
