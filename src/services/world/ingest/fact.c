#include "services/world/ingest/fact.h"

#include <ctype.h>
#include <string.h>

#include "base/near.h"
#include "base/time.h"

enum { MAX_ID = 128, MAX_LABEL = 64 };

typedef enum Key { LABEL, LABELS, ID, TYPE, FROM, TO, PROPERTIES, SINCE, UNTIL, KEY_COUNT } Key;

static const char *const KEYS[KEY_COUNT] = {"label", "labels",     "id",    "type", "from",
                                            "to",    "properties", "since", "until"};
static const bool OF_NODE[KEY_COUNT] = {
    [LABEL] = true, [LABELS] = true, [ID] = true, [PROPERTIES] = true, [SINCE] = true, [UNTIL] = true};
static const bool OF_RELATIONSHIP[KEY_COUNT] = {
    [TYPE] = true, [FROM] = true, [TO] = true, [PROPERTIES] = true, [SINCE] = true, [UNTIL] = true};

/* The object while it is read. */
typedef struct Reading {
    Arena *arena;
    const json_t *object;
} Reading;

bool is_entity_id(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum((unsigned char)text.data[i]) && (i == 0 || strchr("._:-", text.data[i]) == NULL))
            return false;
    return text.len > 0 && text.len <= MAX_ID;
}

static const json_t *value_of(const Reading *r, Key key)
{
    return json_object_get(r->object, KEYS[key]);
}

static Err refuse_key(const char *name, const char *what)
{
    const char *meant = near_miss(str_from(name), KEYS, KEY_COUNT);

    if (meant != NULL && strcmp(meant, name) != 0)
        return err_at(err(INVALID, "%s: unknown; did you mean %s?", name, meant), "/%s", name);
    return err_at(err(INVALID, "%s: a %s has no such member", name, what), "/%s", name);
}

static Err check_keys(const Reading *r, const bool allowed[KEY_COUNT], const char *what)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)r->object, name, value)
    {
        size_t key = 0;

        while (key < KEY_COUNT && strcmp(KEYS[key], name) != 0)
            key++;
        if (key == KEY_COUNT || !allowed[key])
            return refuse_key(name, what);
    }
    return OK;
}

static Err read_text(const Reading *r, Key key, size_t max_bytes, Str *out)
{
    const json_t *value = value_of(r, key);
    Str text = json_str(value);

    if (text.len == 0 || text.len > max_bytes)
        return err_at(err(INVALID, "%s: expected text of 1 to %zu bytes", KEYS[key], max_bytes), "/%s",
                      KEYS[key]);
    *out = str_copy(r->arena, text);
    return OK;
}

/* A moment, or what stands for it when it isn't given. */
static Err read_time(const Reading *r, Key key, int64_t fallback, int64_t *out)
{
    const json_t *value = value_of(r, key);

    *out = fallback;
    if (value == NULL)
        return OK;
    if (!json_is_string(value) || !time_parse(json_str(value), out))
        return err_at(err(INVALID, "%s: expected a moment such as 2026-11-23T12:00:00Z", KEYS[key]), "/%s",
                      KEYS[key]);
    return OK;
}

static Err read_span(const Reading *r, int64_t *since_us, int64_t *until_us)
{
    TRY(read_time(r, SINCE, 0, since_us));
    TRY(read_time(r, UNTIL, GRAPH_FOREVER, until_us));
    if (*until_us <= *since_us)
        return err_at(err(INVALID, "until: must come after since"), "/until");
    return OK;
}

static Err read_properties(const Reading *r, Fact *out, Json *text)
{
    const json_t *properties = value_of(r, PROPERTIES);

    *text = STR("{}");
    if (properties == NULL)
        return OK;
    if (!json_is_object(properties))
        return err_at(err(INVALID, "properties: expected an object"), "/properties");
    out->values = properties;
    *text = json_text(r->arena, properties);
    return OK;
}

static Err read_label(const Reading *r, const json_t *value, Key key, Str *out)
{
    Str label = json_str(value);

    if (label.len == 0 || label.len > MAX_LABEL)
        return err_at(err(INVALID, "%s: expected text of 1 to %d bytes", KEYS[key], MAX_LABEL), "/%s",
                      KEYS[key]);
    *out = str_copy(r->arena, label);
    return OK;
}

/* "label": one, or "labels": a list of them, the main one first. */
static Err read_labels(const Reading *r, GraphNode *node)
{
    const json_t *one = value_of(r, LABEL);
    const json_t *list = value_of(r, LABELS);
    size_t count = one != NULL ? 1 : json_array_size(list);
    Str *labels = arena_array(r->arena, Str, count);

    if ((one != NULL) == (list != NULL) || count == 0 || count > GRAPH_MAX_LABELS)
        return err_at(err(INVALID, "label: expected one, or labels: a list of 1 to %d", GRAPH_MAX_LABELS),
                      "/%s", KEYS[one != NULL ? LABEL : LABELS]);
    for (size_t i = 0; i < count; i++)
        TRY(read_label(r, one != NULL ? one : json_array_get(list, i), one != NULL ? LABEL : LABELS,
                       &labels[i]));
    node->labels = labels;
    node->label_count = count;
    return OK;
}

static Err read_node(const Reading *r, Fact *out)
{
    TRY(check_keys(r, OF_NODE, "node"));
    out->is_node = true;
    TRY(read_labels(r, &out->node));
    if (value_of(r, ID) != NULL) {
        TRY(read_text(r, ID, MAX_ID, &out->node.key));
        if (!is_entity_id(out->node.key))
            return err_at(
                err(INVALID, "id: %.*s: expected letters, digits and . _ : -", STR_ARG(out->node.key)),
                "/id");
    }
    TRY(read_span(r, &out->node.since_us, &out->node.until_us));
    return read_properties(r, out, &out->node.properties);
}

static Err read_relationship(const Reading *r, Fact *out)
{
    TRY(check_keys(r, OF_RELATIONSHIP, "relationship"));
    TRY(read_text(r, TYPE, MAX_LABEL, &out->relationship.type));
    TRY(read_text(r, FROM, FACT_MAX_NAME, &out->relationship.from));
    TRY(read_text(r, TO, FACT_MAX_NAME, &out->relationship.to));
    TRY(read_span(r, &out->relationship.at_us, &out->relationship.until_us));
    return read_properties(r, out, &out->relationship.properties);
}

Err fact_from_json(Arena *arena, const json_t *object, Fact *out)
{
    Reading r = {arena, object};
    bool is_node;

    *out = (Fact){0};
    if (!json_is_object(object))
        return err(INVALID, "expected an object: a node (label, id) or a relationship (type, from, to)");
    is_node = value_of(&r, LABEL) != NULL || value_of(&r, LABELS) != NULL;
    if (is_node == (value_of(&r, TYPE) != NULL))
        return err(INVALID, "expected either label and id (a node) or type, from and to (a relationship)");
    return is_node ? read_node(&r, out) : read_relationship(&r, out);
}

static void put_member(Buf *buf, const char *name, Str value)
{
    json_put_member(buf, name, value);
    buf_put_char(buf, ',');
}

static void put_labels(Buf *buf, const GraphNode *node)
{
    buf_put(buf, STR("\"labels\":["));
    for (size_t i = 0; i < node->label_count; i++) {
        if (i > 0)
            buf_put_char(buf, ',');
        json_put_string(buf, node->labels[i]);
    }
    buf_put(buf, STR("],"));
}

static void put_span(Buf *buf, int64_t since_us, int64_t until_us)
{
    if (since_us != 0) {
        buf_put(buf, STR("\"since\":"));
        json_put_time(buf, since_us);
        buf_put_char(buf, ',');
    }
    if (until_us != GRAPH_FOREVER) {
        buf_put(buf, STR("\"until\":"));
        json_put_time(buf, until_us);
        buf_put_char(buf, ',');
    }
}

void fact_to_json(Buf *buf, const Fact *fact)
{
    const GraphNode *node = &fact->node;
    const GraphRelationship *r = &fact->relationship;

    buf_put_char(buf, '{');
    if (fact->is_node) {
        put_labels(buf, node);
        if (node->key.data != NULL)
            put_member(buf, KEYS[ID], node->key);
        put_span(buf, node->since_us, node->until_us);
    } else {
        put_member(buf, KEYS[TYPE], r->type);
        put_member(buf, KEYS[FROM], r->from);
        put_member(buf, KEYS[TO], r->to);
        put_span(buf, r->at_us, r->until_us);
    }
    buf_put(buf, STR("\"properties\":"));
    buf_put(buf, fact->is_node ? node->properties : r->properties);
    buf_put_char(buf, '}');
}
