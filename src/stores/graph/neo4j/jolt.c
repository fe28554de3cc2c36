#include "stores/graph/neo4j/jolt.h"

#include <stdlib.h>
#include <string.h>

#include "stores/graph/cypher/engine/access.h"
#include "stores/graph/cypher/engine/value_json.h"
#include "stores/graph/labels.h"

static Err read_value(JoltAnswer *answer, const json_t *json, Value *out);

static Err not_jolt(void)
{
    return err(UNSUPPORTED, "the graph store did not answer as it was asked");
}

static Str text_of(const JoltAnswer *answer, const json_t *json)
{
    return str_copy(answer->arena, reply_text(json));
}

/* The one member of an object: {"Z":"1"}. */
static const json_t *member_of(const json_t *json, const char **sigil)
{
    void *at = json_object_size(json) == 1 ? json_object_iter((json_t *)json) : NULL;

    *sigil = at != NULL ? json_object_iter_key(at) : "";
    return at != NULL ? json_object_iter_value(at) : NULL;
}

/* ---- nodes and relationships */

/* The one node with this id. */
static ValueNode *node_of(JoltAnswer *answer, Str element)
{
    enum { FIRST_PLACES = 16 };
    uint32_t *place = keymap_place(&answer->places, element);

    if (*place != KEYMAP_NONE)
        return answer->nodes[*place];
    if (answer->node_count == answer->node_capacity) {
        size_t capacity = answer->node_capacity > 0 ? 2 * answer->node_capacity : FIRST_PLACES;
        ValueNode **nodes = arena_array(answer->arena, ValueNode *, capacity);
        Str *elements = arena_array(answer->arena, Str, capacity);

        for (size_t i = 0; i < answer->node_count; i++) {
            nodes[i] = answer->nodes[i];
            elements[i] = answer->elements[i];
        }
        answer->nodes = nodes;
        answer->elements = elements;
        answer->node_capacity = capacity;
    }
    *place = (uint32_t)answer->node_count;
    answer->elements[answer->node_count] = element;
    answer->nodes[answer->node_count] = arena_new(answer->arena, ValueNode);
    return answer->nodes[answer->node_count++];
}

/* A text among the properties that we gave an element: {"_key":{"U":"…"}}. */
static Str own_text(const JoltAnswer *answer, const json_t *properties, const char *name)
{
    return text_of(answer, json_object_get(json_object_get(properties, name), "U"));
}

/* [id, [labels], {properties}] */
static Err read_node(JoltAnswer *answer, const json_t *parts, ValueNode **out)
{
    const json_t *properties = json_array_get(parts, 2);
    ReadNode read = {
        .key = own_text(answer, properties, "_key"),
        .properties = own_text(answer, properties, "_properties"),
    };

    *out = node_of(answer, text_of(answer, json_array_get(parts, 0)));
    if ((*out)->loaded)
        return OK;
    if (read.key.data == NULL || read.properties.data == NULL)
        return not_jolt();
    TRY(labels_from_json(answer->arena, own_text(answer, properties, "_labels"), &read.labels,
                         &read.label_count));
    (*out)->key = read.key;
    return access_fill_node(answer->arena, &read, *out);
}

/* "->": [id, start, type, end, {properties}]; "<-" has the ends the other way round. */
static Err read_relationship(JoltAnswer *answer, const json_t *parts, bool reversed, ValueRelationship **out)
{
    const json_t *properties = json_array_get(parts, 4);
    Str sum = own_text(answer, properties, "_sum");
    ValueRelationship *r = arena_new(answer->arena, ValueRelationship);

    r->type = text_of(answer, json_array_get(parts, 2));
    r->from = node_of(answer, text_of(answer, json_array_get(parts, reversed ? 3 : 1)));
    r->to = node_of(answer, text_of(answer, json_array_get(parts, reversed ? 1 : 3)));
    r->loaded = true;
    *out = r;
    return access_read_properties(
        answer->arena, sum.data != NULL ? sum : own_text(answer, properties, "_properties"), &r->properties);
}

static Err read_node_value(JoltAnswer *answer, const json_t *json, Value *out)
{
    ValueNode *node;

    TRY(read_node(answer, json, &node));
    *out = value_node(node);
    return OK;
}

static Err read_forward(JoltAnswer *answer, const json_t *json, Value *out)
{
    ValueRelationship *r;

    TRY(read_relationship(answer, json, false, &r));
    *out = value_relationship(r);
    return OK;
}

static Err read_backward(JoltAnswer *answer, const json_t *json, Value *out)
{
    ValueRelationship *r;

    TRY(read_relationship(answer, json, true, &r));
    *out = value_relationship(r);
    return OK;
}

/* [node, relationship, node, …] */
static Err read_path(JoltAnswer *answer, const json_t *json, Value *out)
{
    size_t length = json_array_size(json) / 2;
    const ValueNode **nodes = arena_array(answer->arena, const ValueNode *, length + 1);
    const ValueRelationship **relationships = arena_array(answer->arena, const ValueRelationship *, length);
    ValuePath *path = arena_new(answer->arena, ValuePath);
    Value value;

    for (size_t i = 0; i < json_array_size(json); i++) {
        TRY(read_value(answer, json_array_get(json, i), &value));
        if (value.type != (i % 2 == 0 ? VALUE_NODE : VALUE_RELATIONSHIP))
            return not_jolt();
        if (i % 2 == 0)
            nodes[i / 2] = value.node;
        else
            relationships[i / 2] = value.relationship;
    }
    *path = (ValuePath){nodes, relationships, length};
    *out = (Value){.type = VALUE_PATH, .path = path};
    return OK;
}

/* ---- plain values */

static Err read_boolean(JoltAnswer *answer, const json_t *json, Value *out)
{
    (void)answer;
    *out = value_boolean(json_is_true(json) || str_equal(reply_text(json), STR("true")));
    return OK;
}

static Err read_integer(JoltAnswer *answer, const json_t *json, Value *out)
{
    int64_t number;

    (void)answer;
    if (!str_to_int(reply_text(json), &number))
        return not_jolt();
    *out = value_integer(number);
    return OK;
}

/* Java's: 1.0E10, NaN, Infinity; and integers of more than 32 bits, which have no point. */
static Err read_number(JoltAnswer *answer, const json_t *json, Value *out)
{
    const char *text = json_string_value(json);

    if (text == NULL)
        return not_jolt();
    if (strpbrk(text, ".EN") == NULL && strstr(text, "Infinity") == NULL)
        return read_integer(answer, json, out);
    *out = value_float(strtod(text, NULL));
    return OK;
}

static Err read_text(JoltAnswer *answer, const json_t *json, Value *out)
{
    *out = value_text(text_of(answer, json));
    return OK;
}

static Err read_list(JoltAnswer *answer, const json_t *json, Value *out)
{
    size_t count = json_array_size(json);
    Value *items = arena_array(answer->arena, Value, count);

    for (size_t i = 0; i < count; i++)
        TRY(read_value(answer, json_array_get(json, i), &items[i]));
    *out = value_list(items, count);
    return OK;
}

static Err read_map(JoltAnswer *answer, const json_t *json, Value *out)
{
    ValueEntry *entries = arena_array(answer->arena, ValueEntry, json_object_size(json));
    size_t count = 0;
    json_t *from = (json_t *)json; /* iterating asks for it, and changes nothing */

    for (void *at = json_object_iter(from); at != NULL; at = json_object_iter_next(from, at)) {
        entries[count].key =
            str_copy(answer->arena, (Str){json_object_iter_key(at), json_object_iter_key_len(at)});
        TRY(read_value(answer, json_object_iter_value(at), &entries[count].value));
        count++;
    }
    *out = value_from_map(value_map(entries, count));
    return OK;
}

static const struct Sigil {
    const char *sigil;
    Err (*read)(JoltAnswer *answer, const json_t *json, Value *out);
} SIGILS[] = {
    {"U", read_text}, {"Z", read_integer},     {"R", read_number},   {"?", read_boolean},   {"[]", read_list},
    {"{}", read_map}, {"()", read_node_value}, {"->", read_forward}, {"<-", read_backward}, {"..", read_path},
};

static Err read_value(JoltAnswer *answer, const json_t *json, Value *out)
{
    const char *sigil;
    const json_t *value = member_of(json, &sigil);

    if (json_is_array(json)) /* a list that is a property comes as plain JSON, but for its texts */
        return read_list(answer, json, out);
    if (!json_is_object(json)) {
        *out = value_from_json(answer->arena, json);
        return OK;
    }
    for (size_t i = 0; i < sizeof SIGILS / sizeof *SIGILS; i++)
        if (strcmp(sigil, SIGILS[i].sigil) == 0)
            return SIGILS[i].read(answer, value, out);
    return not_jolt(); /* a time or a point: nothing of ours */
}

/* ---- lines */

static Err add_row(JoltAnswer *answer, const json_t *data)
{
    enum { FIRST_ROWS = 16 };
    size_t width = json_array_size(data);
    JoltRows *rows;
    Value *row = arena_array(answer->arena, Value, width);

    if (answer->begun == 0)
        return not_jolt();
    rows = &answer->statements[answer->begun - 1];
    ARENA_MORE(answer->arena, rows->items, rows->count, rows->capacity, FIRST_ROWS);
    rows->items[rows->count++] = row;
    for (size_t i = 0; i < width; i++)
        TRY(read_value(answer, json_array_get(data, i), &row[i]));
    return OK;
}

static void note_error(JoltAnswer *answer, const json_t *error)
{
    const json_t *first = json_array_get(json_object_get(error, "errors"), 0);

    answer->failed = true;
    answer->code = own_text(answer, first, "code");
    answer->message = own_text(answer, first, "message");
}

static Err read_line(JoltAnswer *answer, Str line)
{
    AUTO_JSON json_t *json = NULL;
    const json_t *value;
    const char *event;

    Err e = json_read(line, &json);
    if (failed(&e))
        return err_detail(not_jolt(), "%s", e.message);
    value = member_of(json, &event);
    if (strcmp(event, "header") == 0 && answer->begun++ == answer->statement_count)
        return not_jolt();
    if (strcmp(event, "data") == 0)
        return add_row(answer, value);
    if (strcmp(event, "error") == 0)
        note_error(answer, value);
    return OK;
}

Err jolt_read(Arena *arena, Str lines, size_t statements, JoltAnswer *out)
{
    Str line;

    *out = (JoltAnswer){.arena = arena, .statement_count = statements};
    out->statements = arena_array(arena, JoltRows, statements);
    while (str_split(&lines, '\n', &line))
        if (str_trim(line).len > 0)
            TRY(read_line(out, line));
    return OK;
}

void jolt_finish(JoltAnswer *answer)
{
    keymap_finish(&answer->places);
}
