#include "services/world/schema_properties.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct KindRow {
    const char *name;  /* in schema.yaml */
    const char *right; /* what would be right */
    bool (*holds)(const json_t *value);
} KindRow;

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

static bool is_number(const json_t *value)
{
    return json_is_number(value);
}

static bool is_integer(const json_t *value)
{
    return json_is_integer(value);
}

static bool is_boolean(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_map(const json_t *value)
{
    return json_is_object(value);
}

static bool is_list_of_texts(const json_t *value)
{
    if (!json_is_array(value))
        return false;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)))
            return false;
    return true;
}

static const KindRow KINDS[SCHEMA_KIND_COUNT] = {
    [SCHEMA_TEXT] = {"text", "text, in quotes", is_text},
    [SCHEMA_NUMBER] = {"number", "a number, such as 12.5", is_number},
    [SCHEMA_INTEGER] = {"integer", "a whole number, such as 12", is_integer},
    [SCHEMA_LIST] = {"list", "a list of texts, such as [\"rice\"]", is_list_of_texts},
    [SCHEMA_BOOLEAN] = {"boolean", "true or false", is_boolean},
    [SCHEMA_MAP] = {"map", "a map, such as {\"key\": \"value\"}", is_map},
};

static const Str IN_KOREAN = STR("_ko");

static bool kind_of(const json_t *name, SchemaKind *out)
{
    for (size_t i = 0; json_is_string(name) && i < SCHEMA_KIND_COUNT; i++)
        if (strcmp(KINDS[i].name, json_string_value(name)) == 0) {
            *out = (SchemaKind)i;
            return true;
        }
    return false;
}

/* A bound, or none. */
static bool read_bound(const json_t *row, const char *key, double none, double *out)
{
    const json_t *bound = json_object_get(row, key);

    *out = bound != NULL ? json_number_value(bound) : none;
    return bound == NULL || json_is_number(bound);
}

static Err read_property(Arena *arena, const char *owner, const char *name, const json_t *row,
                         SchemaProperty *out)
{
    const json_t *required = json_object_get(row, "required");

    *out = (SchemaProperty){.name = str_copy(arena, str_from(name)), .is_required = json_is_true(required)};
    if (!kind_of(json_is_string(row) ? row : json_object_get(row, "type"), &out->kind))
        return err(INVALID, "%s.properties.%s: expected text, number, integer, list, boolean or map", owner,
                   name);
    if (required != NULL && !json_is_boolean(required))
        return err(INVALID, "%s.properties.%s.required: expected true or false", owner, name);
    if (!read_bound(row, "min", -INFINITY, &out->min) || !read_bound(row, "max", INFINITY, &out->max))
        return err(INVALID, "%s.properties.%s: min and max are numbers", owner, name);
    return OK;
}

Err schema_properties_read(Arena *arena, const char *owner, const json_t *map, SchemaProperties *out)
{
    SchemaProperty *items = arena_array(arena, SchemaProperty, json_object_size(map));
    const char *name;
    json_t *row;

    *out = (SchemaProperties){items, 0};
    if (map != NULL && !json_is_object(map))
        return err(INVALID, "%s.properties: expected a map, as in {abv: number}", owner);
    json_object_foreach((json_t *)(uintptr_t)map, name, row)
        TRY(read_property(arena, owner, name, row, &items[out->count++]));
    return OK;
}

/* The property of that name, or of the name without _ko. */
static const SchemaProperty *find(SchemaProperties table, Str name)
{
    for (size_t i = 0; i < table.count; i++) {
        Str own = table.items[i].name;

        if (str_equal(own, name) ||
            (str_starts(name, own) && name.len == own.len + IN_KOREAN.len && str_ends(name, IN_KOREAN)))
            return &table.items[i];
    }
    return NULL;
}

static Err check_range(const SchemaProperty *property, const char *name, double number)
{
    char range[64];

    if (number >= property->min && number <= property->max)
        return OK;
    if (isinf(property->max))
        (void)snprintf(range, sizeof(range), "under %g", property->min);
    else if (isinf(property->min))
        (void)snprintf(range, sizeof(range), "over %g", property->max);
    else
        (void)snprintf(range, sizeof(range), "outside %g..%g", property->min, property->max);
    return err_at(err(INVALID, "%s: %g is %s", name, number, range), "/%s", name);
}

static Err check_value(const SchemaProperty *property, const char *name, const json_t *value)
{
    const KindRow *kind = &KINDS[property->kind];

    if (!kind->holds(value))
        return err_at(err(INVALID, "%s: expected %s", name, kind->right), "/%s", name);
    return json_is_number(value) ? check_range(property, name, json_number_value(value)) : OK;
}

static Err check_required(SchemaProperties table, Str owner, const json_t *properties)
{
    for (size_t i = 0; i < table.count; i++) {
        const SchemaProperty *property = &table.items[i];
        const json_t *value = json_object_getn(properties, property->name.data, property->name.len);

        if (property->is_required && (value == NULL || json_is_null(value)))
            return err_at(err(INVALID, "%.*s: missing; %.*s needs it, %s", STR_ARG(property->name),
                              STR_ARG(owner), KINDS[property->kind].right),
                          "/%.*s", STR_ARG(property->name));
    }
    return OK;
}

Err schema_properties_check(SchemaProperties table, Str owner, const json_t *properties, SchemaExtent extent)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)properties, name, value)
    {
        const SchemaProperty *property = find(table, str_from(name));

        if (property != NULL && !json_is_null(value))
            TRY(check_value(property, name, value));
    }
    return extent == SCHEMA_WHOLE ? check_required(table, owner, properties) : OK;
}
