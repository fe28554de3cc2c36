#include "http/contract/shape.h"

#include <string.h>

const Shape STRING_ANY = {.kind = STRING_SHAPE, .size = sizeof(Str), .string = {.max_length = SIZE_MAX}};
const Shape INTEGER_ANY = {
    .kind = INTEGER_SHAPE, .size = sizeof(int64_t), .integer = {.minimum = INT64_MIN, .maximum = INT64_MAX}};
const Shape NUMBER_ANY = {
    .kind = NUMBER_SHAPE, .size = sizeof(double), .number = {.minimum = -INFINITY, .maximum = INFINITY}};
const Shape BOOLEAN_ANY = {.kind = BOOLEAN_SHAPE, .size = sizeof(bool)};

static bool flag_at(const void *object, int offset)
{
    return offset != NO_MEMBER && *((const bool *)object + offset);
}

bool field_is_null(const Field *field, const void *object)
{
    return flag_at(object, field->null);
}

const void *field_value(const Field *field, const void *object)
{
    const void *value;

    if (field->offset == NO_MEMBER)
        return object; /* a constant: nothing is read there */
    value = (const char *)object + field->offset;
    if (field->pointer)
        memcpy(&value, value, sizeof value);
    return value;
}

/* Text, JSON, lists and maps all begin with a pointer that is NULL when nothing is there. */
static bool begins_with_pointer(ShapeKind kind)
{
    return kind == STRING_SHAPE || kind == JSON_SHAPE || kind == LIST_SHAPE || kind == MAP_SHAPE;
}

bool field_is_present(const Field *field, const void *object)
{
    ShapeKind kind = field->shape->kind;
    const void *value = field_value(field, object);

    if (field->has != NO_MEMBER)
        return flag_at(object, field->has);
    if (field_is_null(field, object))
        return true;
    if (field->pointer)
        return value != NULL;
    if (field->required && (kind == LIST_SHAPE || kind == MAP_SHAPE))
        return true; /* an empty one needs no memory */
    if (begins_with_pointer(kind))
        memcpy(&value, value, sizeof value);
    return value != NULL;
}

const Field *object_find_field(const ObjectRules *rules, Str name, size_t hint)
{
    for (size_t i = 0; i < rules->count; i++) {
        const Field *field = &rules->fields[(hint + i) % rules->count];
        if (field->name.len == name.len && memcmp(field->name.data, name.data, name.len) == 0)
            return field;
    }
    return NULL;
}

int enum_find(const EnumRules *rules, Str text)
{
    for (size_t i = 0; i < rules->count; i++)
        if (str_equal(rules->texts[i], text))
            return (int)i;
    return -1;
}
