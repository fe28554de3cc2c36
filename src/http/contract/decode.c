#include "http/contract/loose.h"

#include <assert.h>
#include <string.h>

/* Whole numbers up to here are exact in a double: 2^53. */
#define EXACT_DOUBLE 9007199254740992.0

static Err decode(Arena *arena, const Place *place, const Shape *shape, const json_t *json, void *out);

static Err wrong_type(const Place *place, const json_t *json, const char *expected)
{
    return refuse(place, "expected %s, got %s", expected, show_json(json).text);
}

static Err decode_string(Arena *arena, const Place *place, const json_t *json, Str *out)
{
    if (!json_is_string(json))
        return wrong_type(place, json, "a string");
    *out = str_copy(arena, json_str(json));
    return OK;
}

/* 3.0 and 3e0 are whole numbers to JSON Schema. */
static Err decode_integer(const Place *place, const json_t *json, int64_t *out)
{
    double real = json_real_value(json);

    if (json_is_integer(json)) {
        *out = json_integer_value(json);
        return OK;
    }
    if (!json_is_real(json) || trunc(real) != real || fabs(real) > EXACT_DOUBLE)
        return wrong_type(place, json, "a whole number");
    *out = (int64_t)real;
    return OK;
}

static Err decode_number(const Place *place, const json_t *json, double *out)
{
    if (!json_is_number(json))
        return wrong_type(place, json, "a number");
    *out = json_number_value(json);
    return OK;
}

static Err decode_boolean(const Place *place, const json_t *json, bool *out)
{
    if (!json_is_boolean(json))
        return wrong_type(place, json, "true or false");
    *out = json_is_true(json);
    return OK;
}

static Str enum_text_at(const void *texts, size_t index)
{
    return ((const Str *)texts)[index];
}

static Err decode_enum(const Place *place, const EnumRules *rules, const json_t *json, void *out)
{
    if (!json_is_string(json))
        return wrong_type(place, json, "a string");
    int found = enum_find(rules, json_str(json));
    if (found < 0)
        return refuse(place, "%s is none of %s", show_text(json_str(json)).text,
                      show_names(rules->texts, rules->count, enum_text_at).text);
    unsigned value = (unsigned)found;
    memcpy(out, &value, sizeof value);
    return OK;
}

static Err decode_constant(Arena *arena, const Place *place, Json constant, const json_t *json)
{
    bool scalar = !json_is_object(json) && !json_is_array(json);
    double real = json_real_value(json);
    Str came = {0};

    if (json_is_real(json) && trunc(real) == real && fabs(real) <= EXACT_DOUBLE)
        came = str_format(arena, "%.0f", real);
    else if (scalar)
        came = json_text(arena, json);
    if (!str_equal(came, constant))
        return refuse(place, "expected %.*s, got %s", STR_ARG(constant), show_json(json).text);
    return OK;
}

static Err decode_list(Arena *arena, const Place *place, const Shape *shape, const json_t *json, void *out)
{
    const ListRules *rules = &shape->list;
    const Shape *item = rules->item;

    if (!json_is_array(json))
        return wrong_type(place, json, "an array");
    List list = {.count = json_array_size(json)};
    if (list.count > rules->max_count)
        return refuse(place, "has %zu items, outside %zu..%zu", list.count, rules->min_count,
                      rules->max_count);
    list.items = arena_zalloc_array(arena, list.count + 1, rules->stride); /* never NULL: [] is not absent */
    for (size_t i = 0; i < list.count; i++) {
        Place at = {.parent = place, .index = i};
        TRY(decode(arena, &at, item, json_array_get(json, i), (char *)list.items + i * rules->stride));
    }
    memcpy(out, &list, sizeof list);
    return OK;
}

static Err decode_map(Arena *arena, const Place *place, const Shape *shape, const json_t *json, void *out)
{
    const ListRules *rules = &shape->list;

    if (!json_is_object(json))
        return wrong_type(place, json, "an object");
    List map = {.count = json_object_size(json)};
    if (map.count > rules->max_count)
        return refuse(place, "has %zu entries, outside %zu..%zu", map.count, rules->min_count,
                      rules->max_count);
    map.items = arena_zalloc_array(arena, map.count + 1, rules->stride);
    char *entry = map.items;
    for (void *i = json_object_iter((json_t *)json); i != NULL;
         i = json_object_iter_next((json_t *)json, i)) {
        Str key = str_copy(arena, (Str){json_object_iter_key(i), json_object_iter_key_len(i)});
        Place at = {.parent = place, .name = key};
        memcpy(entry, &key, sizeof key);
        TRY(decode(arena, &at, rules->item, json_object_iter_value(i), entry + rules->value_offset));
        entry += rules->stride;
    }
    memcpy(out, &map, sizeof map);
    return OK;
}

static Str field_name_at(const void *fields, size_t index)
{
    return ((const Field *)fields)[index].name;
}

static Err unknown_field(const Place *place, const ObjectRules *rules, Str name)
{
    Place at = {.parent = place, .name = name};
    Str nearest = nearest_name(name, rules->fields, rules->count, field_name_at);

    if (nearest.data != NULL)
        return refuse(&at, "unknown field; did you mean %.*s?", STR_ARG(nearest));
    if (rules->count == 0)
        return refuse(&at, "unknown field; there are none");
    return refuse(&at, "unknown field; known are %s",
                  show_names(rules->fields, rules->count, field_name_at).text);
}

static void set_flag(void *object, int offset)
{
    if (offset != NO_MEMBER)
        *((bool *)object + offset) = true;
}

static Err decode_field(Arena *arena, const Place *place, const Field *field, const json_t *json,
                        void *object)
{
    Place at = {.parent = place, .name = field->name};
    char *member = field->offset == NO_MEMBER ? object : (char *)object + field->offset;

    set_flag(object, field->has);
    if (json_is_null(json) && field->null != NO_MEMBER) {
        set_flag(object, field->null);
        return OK;
    }
    if (field->pointer) {
        void *value = arena_zalloc(arena, field->shape->size);
        memcpy(member, &value, sizeof value);
        member = value;
    }
    return decode(arena, &at, field->shape, json, member);
}

/* Names the first that is missing. */
static Err require_fields(const Place *place, const ObjectRules *rules, const json_t *json)
{
    for (size_t i = 0; i < rules->count; i++) {
        const Field *field = &rules->fields[i];
        Place at = {.parent = place, .name = field->name};
        if (field->required && json_object_getn(json, field->name.data, field->name.len) == NULL)
            return refuse(&at, "is required but missing");
    }
    return OK;
}

static Err decode_object(Arena *arena, const Place *place, const Shape *shape, const json_t *json, void *out)
{
    const ObjectRules *rules = &shape->object;
    size_t next = 0, required = 0;

    if (!json_is_object(json))
        return wrong_type(place, json, "an object");
    if (rules->defaults != NULL)
        memcpy(out, rules->defaults, shape->size);
    for (void *i = json_object_iter((json_t *)json); i != NULL;
         i = json_object_iter_next((json_t *)json, i)) {
        Str name = {json_object_iter_key(i), json_object_iter_key_len(i)};
        const Field *field = object_find_field(rules, name, next);
        if (field == NULL)
            return unknown_field(place, rules, name);
        TRY(decode_field(arena, place, field, json_object_iter_value(i), out));
        required += field->required;
        next = (size_t)(field - rules->fields) + 1; /* senders tend to keep the contract's order */
    }
    return required == rules->required_count ? OK : require_fields(place, rules, json);
}

static Str variant_tag_at(const void *variants, size_t index)
{
    return ((const Variant *)variants)[index].tag;
}

static Err unknown_variant(const Place *place, const OneOfRules *rules, const json_t *tag)
{
    Place at = {.parent = place, .name = rules->property};
    Shown known = show_names(rules->variants, rules->count, variant_tag_at);

    if (tag == NULL)
        return refuse(&at, "is required but missing; it says which of %s this is", known.text);
    if (!json_is_string(tag))
        return wrong_type(&at, tag, "a string");
    return refuse(&at, "%s is none of %s", show_text(json_str(tag)).text, known.text);
}

static Err decode_one_of(Arena *arena, const Place *place, const OneOfRules *rules, const json_t *json,
                         void *out)
{
    if (!json_is_object(json))
        return wrong_type(place, json, "an object");
    const json_t *tag = json_object_getn(json, rules->property.data, rules->property.len);
    for (unsigned i = 0; i < rules->count && json_is_string(tag); i++)
        if (str_equal(rules->variants[i].tag, json_str(tag))) {
            memcpy(out, &i, sizeof i);
            return decode(arena, place, rules->variants[i].shape, json, (char *)out + rules->offset);
        }
    return unknown_variant(place, rules, tag);
}

static Err decode_json(Arena *arena, const Place *place, const ListRules *rules, const json_t *json,
                       Json *out)
{
    TRY(loose_check(place, rules, json));
    *out = json_text(arena, json);
    return OK;
}

static Err decode(Arena *arena, const Place *place, const Shape *shape, const json_t *json, void *out)
{
    switch (shape->kind) {
    case STRING_SHAPE:
        return decode_string(arena, place, json, out);
    case INTEGER_SHAPE:
        return decode_integer(place, json, out);
    case NUMBER_SHAPE:
        return decode_number(place, json, out);
    case BOOLEAN_SHAPE:
        return decode_boolean(place, json, out);
    case ENUM_SHAPE:
        return decode_enum(place, &shape->enumeration, json, out);
    case CONSTANT_SHAPE:
        return decode_constant(arena, place, shape->constant, json);
    case OBJECT_SHAPE:
        return decode_object(arena, place, shape, json, out);
    case ONE_OF_SHAPE:
        return decode_one_of(arena, place, &shape->one_of, json, out);
    case LIST_SHAPE:
        return decode_list(arena, place, shape, json, out);
    case MAP_SHAPE:
        return decode_map(arena, place, shape, json, out);
    case JSON_SHAPE:
        return decode_json(arena, place, &shape->list, json, out);
    }
    assert(false);
    return OK;
}

Err shape_decode(const Shape *shape, Arena *arena, const json_t *value, void *out)
{
    memset(out, 0, shape->size);
    TRY(decode(arena, NULL, shape, value, out));
    return shape_check_trusted(shape, out);
}
