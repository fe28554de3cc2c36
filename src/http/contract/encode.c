#include "http/contract/shape.h"

#include <assert.h>
#include <string.h>

static void encode_object(const ObjectRules *rules, const void *object, Buf *out)
{
    char separator = '{';

    for (size_t i = 0; i < rules->count; i++) {
        const Field *field = &rules->fields[i];
        if (!field_is_present(field, object))
            continue;
        buf_put_char(out, separator);
        buf_put(out, field->key);
        if (field_is_null(field, object))
            buf_put(out, STR("null"));
        else
            shape_encode(field->shape, field_value(field, object), out);
        separator = ',';
    }
    buf_put(out, separator == '{' ? STR("{}") : STR("}"));
}

static void encode_list(const ListRules *rules, bool map, const void *value, Buf *out)
{
    List list;

    memcpy(&list, value, sizeof list);
    buf_put_char(out, map ? '{' : '[');
    for (size_t i = 0; i < list.count; i++) {
        const char *item = (const char *)list.items + i * rules->stride;
        if (i > 0)
            buf_put_char(out, ',');
        if (map) {
            Str key;
            memcpy(&key, item, sizeof key);
            json_put_string(out, key);
            buf_put_char(out, ':');
        }
        shape_encode(rules->item, item + rules->value_offset, out);
    }
    buf_put_char(out, map ? '}' : ']');
}

static void encode_enum(const EnumRules *rules, const void *value, Buf *out)
{
    unsigned position;

    memcpy(&position, value, sizeof position);
    assert(position < rules->count);
    json_put_string(out, rules->texts[position]);
}

static void encode_one_of(const OneOfRules *rules, const void *value, Buf *out)
{
    unsigned kind;

    memcpy(&kind, value, sizeof kind);
    assert(kind < rules->count);
    shape_encode(rules->variants[kind].shape, (const char *)value + rules->offset, out);
}

void shape_encode(const Shape *shape, const void *value, Buf *out)
{
    switch (shape->kind) {
    case STRING_SHAPE:
        json_put_string(out, *(const Str *)value);
        break;
    case INTEGER_SHAPE:
        buf_put_int(out, *(const int64_t *)value);
        break;
    case NUMBER_SHAPE:
        json_put_number(out, *(const double *)value + 0.0); /* -0 is 0 */
        break;
    case BOOLEAN_SHAPE:
        json_put_bool(out, *(const bool *)value);
        break;
    case ENUM_SHAPE:
        encode_enum(&shape->enumeration, value, out);
        break;
    case CONSTANT_SHAPE:
        buf_put(out, shape->constant);
        break;
    case OBJECT_SHAPE:
        encode_object(&shape->object, value, out);
        break;
    case ONE_OF_SHAPE:
        encode_one_of(&shape->one_of, value, out);
        break;
    case LIST_SHAPE:
    case MAP_SHAPE:
        encode_list(&shape->list, shape->kind == MAP_SHAPE, value, out);
        break;
    case JSON_SHAPE:
        buf_put(out, *(const Json *)value);
        break;
    }
}
