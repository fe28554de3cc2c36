#include "services/world/schema.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/yaml.h"

struct Schema {
    Arena text;
    SchemaLabel *labels;
    size_t label_count;
    SchemaRelationship *relationships;
    size_t relationship_count;
    SchemaProperties shared; /* properties of every label */
    StrSet told_types;
    StrSet taste_types;
    bool is_open;
};

static const Str USER = STR("User");

static Str text_of(Schema *schema, const json_t *string)
{
    return str_copy(&schema->text, json_str(string));
}

static bool has(StrSet set, Str name)
{
    for (size_t i = 0; i < set.count; i++)
        if (str_equal(set.items[i], name))
            return true;
    return false;
}

const SchemaLabel *schema_labels(const Schema *schema, size_t *count)
{
    *count = schema->label_count;
    return schema->labels;
}

const SchemaLabel *schema_label(const Schema *schema, Str name)
{
    for (size_t i = 0; i < schema->label_count; i++)
        if (str_equal(schema->labels[i].name, name))
            return &schema->labels[i];
    return NULL;
}

bool schema_shows(const Schema *schema, Str label)
{
    const SchemaLabel *known = schema_label(schema, label);

    return known != NULL ? known->in_catalogue : schema->is_open;
}

bool schema_is_personal(const Schema *schema, Str label)
{
    const SchemaLabel *known = schema_label(schema, label);

    return known != NULL && known->is_personal;
}

void schema_open(Schema *schema)
{
    schema->is_open = true;
}

bool schema_is_open(const Schema *schema)
{
    return schema->is_open;
}

const SchemaRelationship *schema_relationships(const Schema *schema, size_t *count)
{
    *count = schema->relationship_count;
    return schema->relationships;
}

const SchemaRelationship *schema_relationship(const Schema *schema, Str type)
{
    for (size_t i = 0; i < schema->relationship_count; i++)
        if (str_equal(schema->relationships[i].name, type))
            return &schema->relationships[i];
    return NULL;
}

SchemaProperties schema_shared_properties(const Schema *schema)
{
    return schema->shared;
}

/* All the words of all languages, as one list. */
static Words read_words(Schema *schema, const json_t *by_language)
{
    Buf text = {.arena = &schema->text};
    const char *language;
    json_t *list;
    json_t *word;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)by_language, language, list)
    {
        json_array_foreach(list, i, word)
        {
            buf_put(&text, text_of(schema, word));
            buf_put_char(&text, '\n');
        }
    }
    return analyse(&schema->text, buf_str(&text));
}

static StrSet read_names(Schema *schema, const json_t *list)
{
    Str *items = arena_array(&schema->text, Str, json_array_size(list));

    for (size_t i = 0; i < json_array_size(list); i++)
        items[i] = text_of(schema, json_array_get(list, i));
    return (StrSet){items, json_array_size(list)};
}

static Err read_label(Schema *schema, const char *name, const json_t *row)
{
    const json_t *catalogue = json_object_get(row, "catalogue");
    const json_t *prose = json_object_get(row, "prose");
    SchemaLabel *label = &schema->labels[schema->label_count++];
    char owner[96];

    if (!json_is_object(row) || (catalogue != NULL && !json_is_boolean(catalogue)))
        return err(INVALID, "labels.%s: expected a map, with catalogue true or false", name);
    if (prose != NULL && !json_is_boolean(prose))
        return err(INVALID, "labels.%s.prose: expected true or false", name);
    label->name = str_copy(&schema->text, str_from(name));
    label->description = text_of(schema, json_object_get(row, "description"));
    label->in_catalogue = catalogue == NULL || json_is_true(catalogue);
    label->is_personal = json_is_true(json_object_get(row, "personal"));
    label->in_prose = prose != NULL ? json_is_true(prose) : label->in_catalogue;
    label->words = read_words(schema, json_object_get(row, "words"));
    label->recommended_by = read_names(schema, json_object_get(row, "recommended_by"));
    (void)snprintf(owner, sizeof(owner), "labels.%s", name);
    return schema_properties_read(&schema->text, owner, json_object_get(row, "properties"),
                                  &label->properties);
}

static Err read_labels(Schema *schema, const json_t *labels)
{
    const char *name;
    json_t *row;

    if (!json_is_object(labels) || json_object_size(labels) == 0)
        return err(INVALID, "labels: expected a map of labels, such as Product: {description: …}");
    schema->labels = arena_array(&schema->text, SchemaLabel, json_object_size(labels));
    json_object_foreach((json_t *)(uintptr_t)labels, name, row) TRY(read_label(schema, name, row));
    return OK;
}

static Err read_set(Schema *schema, const char *type, const json_t *list, StrSet *out)
{
    Str *items = arena_array(&schema->text, Str, json_array_size(list));
    json_t *item;
    size_t i;

    if (json_array_size(list) == 0)
        return err(INVALID, "relationships.%s.joins: each needs from and to, lists of labels", type);
    json_array_foreach((json_t *)(uintptr_t)list, i, item)
    {
        if (!json_is_string(item) || schema_label(schema, str_from(json_string_value(item))) == NULL)
            return err(INVALID, "relationships.%s.joins: %s is not one of the labels above", type,
                       json_is_string(item) ? json_string_value(item) : "an entry");
        items[i] = text_of(schema, item);
    }
    *out = (StrSet){items, json_array_size(list)};
    return OK;
}

static Err read_joins(Schema *schema, const char *type, const json_t *list, SchemaRelationship *out)
{
    SchemaJoin *joins = arena_array(&schema->text, SchemaJoin, json_array_size(list));
    json_t *join;
    size_t i;

    if (json_array_size(list) == 0)
        return err(INVALID, "relationships.%s: expected joins: [{from: [Label], to: [Label]}]", type);
    json_array_foreach((json_t *)(uintptr_t)list, i, join)
    {
        TRY(read_set(schema, type, json_object_get(join, "from"), &joins[i].from));
        TRY(read_set(schema, type, json_object_get(join, "to"), &joins[i].to));
    }
    out->joins = joins;
    out->join_count = json_array_size(list);
    return OK;
}

static Err read_reason(Schema *schema, const char *type, const json_t *row, SchemaRelationship *out)
{
    const json_t *taste = json_object_get(row, "taste");
    const json_t *shared = json_object_get(row, "shared");

    out->words = json_is_true(json_object_get(row, "words"));
    out->taste = json_number_value(taste);
    out->shared = json_is_string(shared) ? text_of(schema, shared) : STR("");
    if ((taste != NULL && !json_is_number(taste)) || out->taste < 0 || out->taste > 1)
        return err(INVALID, "relationships.%s.taste: expected a number from 0 to 1", type);
    return OK;
}

/* private is what learned is, unless it is said. */
static Err read_flags(Schema *schema, const char *type, const json_t *row, SchemaRelationship *out)
{
    const json_t *is_private = json_object_get(row, "private");
    const json_t *step = json_object_get(row, "step");

    out->once = json_is_true(json_object_get(row, "once"));
    out->learned = json_is_true(json_object_get(row, "learned"));
    out->is_private = is_private != NULL ? json_is_true(is_private) : out->learned;
    out->step = json_number_value(step);
    if (is_private != NULL && !json_is_boolean(is_private))
        return err(INVALID, "relationships.%s.private: expected true or false", type);
    if ((step != NULL && !json_is_number(step)) || out->step < 0 || out->step > 1)
        return err(INVALID, "relationships.%s.step: expected a number from 0 to 1", type);
    return read_reason(schema, type, row, out);
}

static Err read_relationship(Schema *schema, const char *type, const json_t *row)
{
    SchemaRelationship *out = &schema->relationships[schema->relationship_count++];
    char owner[96];

    out->name = str_copy(&schema->text, str_from(type));
    TRY(read_flags(schema, type, row, out));
    TRY(read_joins(schema, type, json_object_get(row, "joins"), out));
    (void)snprintf(owner, sizeof(owner), "relationships.%s", type);
    return schema_properties_read(&schema->text, owner, json_object_get(row, "properties"), &out->properties);
}

static Err read_relationships(Schema *schema, const json_t *relationships)
{
    const char *type;
    json_t *row;

    if (!json_is_object(relationships))
        return err(INVALID, "relationships: expected a map of relationships");
    schema->relationships = arena_array(&schema->text, SchemaRelationship, json_object_size(relationships));
    json_object_foreach((json_t *)(uintptr_t)relationships, type, row)
        TRY(read_relationship(schema, type, row));
    return OK;
}

static void collect_types(Schema *schema)
{
    Str *told = arena_array(&schema->text, Str, schema->relationship_count);
    Str *taste = arena_array(&schema->text, Str, schema->relationship_count);

    schema->told_types.items = told;
    schema->taste_types.items = taste;
    for (size_t i = 0; i < schema->relationship_count; i++) {
        if (!schema->relationships[i].is_private)
            told[schema->told_types.count++] = schema->relationships[i].name;
        if (schema->relationships[i].taste > 0)
            taste[schema->taste_types.count++] = schema->relationships[i].name;
    }
}

StrSet schema_taste_types(const Schema *schema)
{
    return schema->taste_types;
}

StrSet schema_told_types(const Schema *schema)
{
    return schema->told_types;
}

static Err read_parts(Schema *schema, const json_t *root)
{
    TRY(schema_properties_read(&schema->text, "every label", json_object_get(root, "properties"),
                               &schema->shared));
    TRY(read_labels(schema, json_object_get(root, "labels")));
    return read_relationships(schema, json_object_get(root, "relationships"));
}

Err schema_read(Str yaml, Schema **out)
{
    AUTO_JSON json_t *root = NULL;
    Schema *schema;
    Err e;

    TRY(yaml_read(yaml, &root));
    schema = memory_new(Schema);
    arena_init(&schema->text);
    e = read_parts(schema, root);
    if (failed(&e)) {
        schema_destroy(schema);
        return e;
    }
    collect_types(schema);
    *out = schema;
    return OK;
}

void schema_destroy(Schema *schema)
{
    if (schema == NULL)
        return;
    arena_finish(&schema->text);
    memory_free(schema);
}

static bool joins(const SchemaRelationship *r, Str from, Str to)
{
    for (size_t i = 0; i < r->join_count; i++)
        if (has(r->joins[i].from, from) && has(r->joins[i].to, to))
            return true;
    return false;
}

/* "HAS_INGREDIENT, PAIRS_WITH": what may join the two. */
static Str allowed_between(const Schema *schema, Arena *arena, Str from, Str to)
{
    Buf names = {.arena = arena};

    for (size_t i = 0; i < schema->relationship_count; i++) {
        if (!joins(&schema->relationships[i], from, to))
            continue;
        if (names.len > 0)
            buf_put(&names, STR(", "));
        buf_put(&names, schema->relationships[i].name);
    }
    if (names.len == 0)
        buf_put(&names, STR("nothing"));
    return buf_str(&names);
}

static Err refuse(const Schema *schema, ErrCode code, Str from, Str type, Str to)
{
    AUTO_ARENA Arena scratch = {0};
    bool known = schema_relationship(schema, type) != NULL;

    arena_init(&scratch);
    return err(code, "%.*s %s; from %.*s to %.*s there may be: %.*s", STR_ARG(type),
               known ? "doesn't join these" : "is no relationship of this world", STR_ARG(from), STR_ARG(to),
               STR_ARG(allowed_between(schema, &scratch, from, to)));
}

Err schema_check(const Schema *schema, Str from_label, Str type, Str to_label)
{
    const SchemaRelationship *r = schema_relationship(schema, type);

    if (!schema->is_open && (r == NULL || !joins(r, from_label, to_label)))
        return refuse(schema, INVALID, from_label, type, to_label);
    return OK;
}

Err schema_check_properties(const Schema *schema, Str label, const json_t *properties, SchemaExtent extent)
{
    const SchemaLabel *known = schema_label(schema, label);

    if (schema->is_open || known == NULL)
        return OK;
    TRY(schema_properties_check(schema->shared, label, properties, extent));
    return schema_properties_check(known->properties, label, properties, extent);
}

Err schema_check_relationship_properties(const Schema *schema, Str type, const json_t *properties)
{
    const SchemaRelationship *known = schema_relationship(schema, type);

    if (schema->is_open || known == NULL)
        return OK;
    return schema_properties_check(known->properties, type, properties, SCHEMA_WHOLE);
}

Err schema_check_learned(const Schema *schema, Str type, Str to_label)
{
    const SchemaRelationship *r = schema_relationship(schema, type);

    if (r == NULL || !r->learned || !(schema->is_open || joins(r, USER, to_label)))
        return refuse(schema, UNPROCESSABLE, USER, type, to_label);
    return OK;
}
