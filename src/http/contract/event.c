#include "http/contract/event.h"

enum { FIRST_BYTES = 256 };

Err event_make(const EventType *type, Arena *arena, Str subject, const void *data, EventNew *out)
{
    Err e = shape_check_trusted(type->data, data);
    Buf text;

    if (failed(&e))
        return err(INTERNAL, "an event of ours breaks the contract: %.*s: %s", STR_ARG(type->name),
                   e.message);
    buf_init(&text, arena, FIRST_BYTES);
    shape_encode(type->data, data, &text);
    *out = (EventNew){type, subject, buf_str(&text)};
    return OK;
}

static void prune(const Shape *shape, json_t *value);

static void prune_object(const ObjectRules *rules, json_t *object)
{
    void *next;

    for (void *at = json_object_iter(object); at != NULL; at = next) {
        const char *key = json_object_iter_key(at);
        const Field *field = object_find_field(rules, str_from(key), 0);
        next = json_object_iter_next(object, at);
        if (field == NULL)
            (void)json_object_del(object, key);
        else
            prune(field->shape, json_object_iter_value(at));
    }
}

/* Takes away what this program doesn't know yet. */
static void prune(const Shape *shape, json_t *value)
{
    if (shape->kind == OBJECT_SHAPE && json_is_object(value))
        prune_object(&shape->object, value);
    for (size_t i = 0; shape->kind == LIST_SHAPE && i < json_array_size(value); i++)
        prune(shape->list.item, json_array_get(value, i));
}

Err event_read(const EventType *type, Arena *arena, Json data, void *out)
{
    AUTO_JSON json_t *value = NULL;

    TRY(json_read(data, &value));
    prune(type->data, value);
    return shape_decode(type->data, arena, value, out);
}
