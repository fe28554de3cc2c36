#include "stores/graph/neo4j/native.h"

#include "stores/graph/cypher/engine/value_json.h"

/* ---- names */

void native_names_add(NativeNames *names, Arena *arena, Str name)
{
    enum { FIRST_PLACES = 8 };

    if (keymap_get(&names->map, name) != KEYMAP_NONE)
        return;
    ARENA_MORE(arena, names->items, names->count, names->capacity, FIRST_PLACES);
    names->items[names->count] = str_copy(arena, name);
    *keymap_place(&names->map, names->items[names->count]) = (uint32_t)names->count;
    names->count++;
    names->changed = true;
}

void native_names_read(NativeNames *names, Arena *arena, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);

        native_names_add(names, arena, json_str(item));
    }
    names->changed = false;
}

void native_names_put(const NativeNames *names, Buf *buf)
{
    buf_put_char(buf, '[');
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        json_put_string(buf, names->items[i]);
    }
    buf_put_char(buf, ']');
}

void native_names_finish(NativeNames *names)
{
    keymap_finish(&names->map);
}

/* ---- values */

static bool is_plain(const json_t *value)
{
    return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

static bool is_list_of_one_kind(const json_t *list)
{
    const json_t *first = json_array_get(list, 0);

    if (!json_is_array(list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        bool same =
            json_typeof(item) == json_typeof(first) || (json_is_boolean(item) && json_is_boolean(first));

        if (!is_plain(item) || !same)
            return false;
    }
    return true;
}

static bool is_native(Str name, const json_t *value)
{
    return name.len > 0 && name.data[0] != '_' && (is_plain(value) || is_list_of_one_kind(value));
}

static void put_member(Buf *buf, Str name)
{
    buf_put_char(buf, ',');
    json_put_string(buf, name);
    buf_put_char(buf, ':');
}

Err native_put(Buf *buf, Json properties, Str id, NativeNames *odd, Arena *arena)
{
    AUTO_JSON json_t *object = NULL;
    const char *text;
    json_t *value;

    TRY(json_read(properties, &object));
    if (id.data != NULL) {
        put_member(buf, STR("id"));
        json_put_string(buf, id);
        json_object_del(object, "id");
    }
    json_object_foreach(object, text, value)
    {
        Str name = str_from(text);

        if (is_native(name, value)) {
            put_member(buf, name);
            value_put_json(buf, value_from_json(buf->arena, value)); /* a float keeps its point */
        } else if (!json_is_null(value)) {
            native_names_add(odd, arena, name);
        }
    }
    return OK;
}

/* As text; absent for null and what isn't there. */
static Str as_text(Arena *arena, const json_t *value)
{
    if (value == NULL || json_is_null(value))
        return (Str){0};
    if (json_is_string(value))
        return str_copy(arena, json_str(value));
    if (json_is_boolean(value))
        return json_is_true(value) ? STR("1") : STR("0");
    return json_text(arena, value);
}

Err native_name(Arena *arena, Json properties, Str key, Str *out)
{
    AUTO_JSON json_t *object = NULL;

    TRY(json_read(properties, &object));
    *out = as_text(arena, json_object_get(object, "name"));
    if (out->data == NULL)
        *out = as_text(arena, json_object_get(object, "title"));
    if (out->data == NULL)
        *out = key;
    return OK;
}
