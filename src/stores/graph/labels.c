#include "stores/graph/labels.h"

Json labels_to_json(Arena *arena, const Str *items, size_t count)
{
    Buf buf = {.arena = arena};

    buf_put_char(&buf, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_char(&buf, ',');
        json_put_string(&buf, items[i]);
    }
    buf_put_char(&buf, ']');
    return buf_str(&buf);
}

Err labels_from_json(Arena *arena, Json text, const Str **out, size_t *count)
{
    AUTO_JSON json_t *array = NULL;
    Str *labels;

    TRY(json_read(text, &array));
    *count = json_array_size(array);
    labels = arena_array(arena, Str, *count);
    for (size_t i = 0; i < *count; i++) {
        const json_t *label = json_array_get(array, i);

        labels[i] = str_copy(arena, json_str(label));
    }
    *out = labels;
    return OK;
}
