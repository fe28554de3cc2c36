#include "stores/graph/cypher/engine/value_json.h"

#include <math.h>

/* ---- out ---- */

static void put_float(Buf *buf, double number)
{
    size_t start = buf->len;

    if (!isfinite(number)) {
        json_put_string(buf, value_float_text(buf->arena, number));
        return;
    }
    json_put_number(buf, number);
    for (size_t i = start; i < buf->len; i++)
        if (buf->data[i] == '.' || buf->data[i] == 'e')
            return;
    buf_put(buf, STR(".0"));
}

static void put_list(Buf *buf, ValueList list)
{
    buf_put_char(buf, '[');
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        value_put_json(buf, list.items[i]);
    }
    buf_put_char(buf, ']');
}

static void put_map(Buf *buf, ValueMap map)
{
    buf_put_char(buf, '{');
    for (size_t i = 0; i < map.count; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        json_put_string(buf, map.entries[i].key);
        buf_put_char(buf, ':');
        value_put_json(buf, map.entries[i].value);
    }
    buf_put_char(buf, '}');
}

static void put_node(Buf *buf, const ValueNode *node)
{
    buf_put(buf, STR("{\"key\":"));
    json_put_string(buf, node->key);
    buf_put(buf, STR(",\"labels\":["));
    for (size_t i = 0; i < node->label_count; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        json_put_string(buf, node->labels[i]);
    }
    buf_put(buf, STR("],\"properties\":"));
    put_map(buf, node->properties);
    buf_put_char(buf, '}');
}

static void put_relationship(Buf *buf, const ValueRelationship *relationship)
{
    buf_put(buf, STR("{\"type\":"));
    json_put_string(buf, relationship->type);
    buf_put(buf, STR(",\"from\":"));
    json_put_string(buf, relationship->from->key);
    buf_put(buf, STR(",\"to\":"));
    json_put_string(buf, relationship->to->key);
    buf_put(buf, STR(",\"properties\":"));
    put_map(buf, relationship->properties);
    buf_put_char(buf, '}');
}

static void put_path(Buf *buf, const ValuePath *path)
{
    buf_put(buf, STR("{\"nodes\":["));
    for (size_t i = 0; i <= path->length; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        put_node(buf, path->nodes[i]);
    }
    buf_put(buf, STR("],\"relationships\":["));
    for (size_t i = 0; i < path->length; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        put_relationship(buf, path->relationships[i]);
    }
    buf_put(buf, STR("]}"));
}

void value_put_json(Buf *buf, Value value)
{
    switch (value.type) {
    case VALUE_BOOLEAN:
        json_put_bool(buf, value.boolean);
        break;
    case VALUE_INTEGER:
        buf_put_int(buf, value.integer);
        break;
    case VALUE_FLOAT:
        put_float(buf, value.number);
        break;
    case VALUE_STRING:
        json_put_string(buf, value.text);
        break;
    case VALUE_LIST:
        put_list(buf, value.list);
        break;
    case VALUE_MAP:
        put_map(buf, value.map);
        break;
    case VALUE_NODE:
        put_node(buf, value.node);
        break;
    case VALUE_RELATIONSHIP:
        put_relationship(buf, value.relationship);
        break;
    case VALUE_PATH:
        put_path(buf, value.path);
        break;
    default:
        buf_put(buf, STR("null"));
        break;
    }
}

/* ---- in ---- */

static Value list_from_json(Arena *arena, const json_t *array)
{
    size_t count = json_array_size(array);
    Value *items = arena_array(arena, Value, count);

    for (size_t i = 0; i < count; i++)
        items[i] = value_from_json(arena, json_array_get(array, i));
    return value_list(items, count);
}

static ValueMap map_from_json(Arena *arena, const json_t *object)
{
    json_t *from = (json_t *)object; /* iterating asks for it, and changes nothing */
    ValueEntry *entries = arena_array(arena, ValueEntry, json_object_size(object));
    size_t count = 0;

    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at))
        entries[count++] = (ValueEntry){
            str_copy(arena, (Str){json_object_iter_key(at), json_object_iter_key_len(at)}),
            value_from_json(arena, json_object_iter_value(at)),
        };
    return value_map(entries, count);
}

Value value_from_json(Arena *arena, const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return value_from_map(map_from_json(arena, json));
    case JSON_ARRAY:
        return list_from_json(arena, json);
    case JSON_STRING:
        return value_text(str_copy(arena, json_str(json)));
    case JSON_INTEGER:
        return value_integer(json_integer_value(json));
    case JSON_REAL:
        return value_float(json_real_value(json));
    case JSON_NULL:
        return value_null();
    default:
        return value_boolean(json_is_true(json));
    }
}

Err value_map_from_json(Arena *arena, Json text, ValueMap *out)
{
    AUTO_JSON json_t *json = NULL;

    *out = (ValueMap){0};
    TRY(json_read(text, &json));
    if (json_is_object(json))
        *out = map_from_json(arena, json);
    return OK;
}
