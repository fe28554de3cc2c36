#include "stores/graph/cypher/engine/access.h"

#include <string.h>

#include "stores/graph/cypher/engine/value_json.h"

enum { PAGE = 256, FIRST_CAPACITY = 64 };

void access_init(Access *access, const CypherReads *reads, GraphSight sight, size_t reads_at_most)
{
    *access = (Access){.reads = reads, .sight = sight, .at_most = reads_at_most};
    arena_init(&access->arena);
}

void access_finish(Access *access)
{
    keymap_finish(&access->numbers);
    arena_finish(&access->arena);
}

static Err count_reads(Access *access, size_t count)
{
    access->count += count;
    if (access->count <= access->at_most)
        return OK;
    return err(UNPROCESSABLE,
               "the query would read more than %zu nodes and relationships: begin at an id or a label, or go "
               "fewer hops",
               access->at_most);
}

/* How many to ask for, at the most `wanted`: one more than may be read tells that there are too many. */
static size_t limit_of(const Access *access, size_t wanted)
{
    size_t left = access->at_most - access->count + 1;

    return left < wanted ? left : wanted;
}

/* ---- Nodes ---- */

static void grow_nodes(Access *access)
{
    ARENA_MORE(&access->arena, access->nodes, access->node_room, access->node_room, FIRST_CAPACITY);
}

/* The one node with the key. */
static ValueNode *node_of(Access *access, Str key)
{
    uint32_t *place = keymap_place(&access->numbers, key);

    if (*place == KEYMAP_NONE) {
        ValueNode *node = arena_new(&access->arena, ValueNode);

        *place = (uint32_t)access->numbers.count - 1;
        if (*place == access->node_room)
            grow_nodes(access);
        access->nodes[*place] = node;
        node->key = key;
    }
    return access->nodes[*place];
}

/* A null says that there is no such property. */
static ValueMap without_nulls(ValueMap map)
{
    ValueEntry *entries = (ValueEntry *)map.entries;
    size_t kept = 0;

    for (size_t i = 0; i < map.count; i++)
        if (!value_is_null(entries[i].value))
            entries[kept++] = entries[i];
    return (ValueMap){entries, kept};
}

Err access_read_properties(Arena *arena, Json text, ValueMap *out)
{
    *out = (ValueMap){0};
    if (str_equal(text, STR("{}")))
        return OK;
    TRY(value_map_from_json(arena, text, out));
    *out = without_nulls(*out);
    return OK;
}

/* The key is shown as the property id, unless it is one that was made up. */
static ValueMap with_id(Arena *arena, ValueMap map, Str key)
{
    ValueEntry *entries;

    if (str_starts(key, STR("_:")))
        return map;
    entries = arena_array(arena, ValueEntry, map.count + 1);
    if (map.count > 0)
        memcpy(entries, map.entries, map.count * sizeof(*entries));
    entries[map.count] = (ValueEntry){STR("id"), value_text(key)};
    return value_map(entries, map.count + 1);
}

Err access_fill_node(Arena *arena, const ReadNode *read, ValueNode *node)
{
    if (node->loaded)
        return OK;
    TRY(access_read_properties(arena, read->properties, &node->properties));
    node->properties = with_id(arena, node->properties, read->key);
    node->labels = read->labels;
    node->label_count = read->label_count;
    node->loaded = true;
    return OK;
}

Err access_load_node(Access *access, const ValueNode *node)
{
    ReadNode read;

    if (node->loaded)
        return OK;
    TRY(count_reads(access, 1));
    TRY(access->reads->get(access->reads->context, &access->arena, node->key, &read));
    return access_fill_node(&access->arena, &read, (ValueNode *)node); /* made here: node_of */
}

/* ---- What may be seen ---- */

static bool is_among(Str text, const Str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i], text))
            return true;
    return false;
}

static bool node_is_seen(const Access *access, const ValueNode *node)
{
    const GraphSight *sight = &access->sight;

    for (size_t i = 0; i < node->label_count; i++)
        if (is_among(node->labels[i], sight->hidden_labels, sight->hidden_label_count))
            return false;
    return true;
}

static Err relationship_is_seen(Access *access, const ReadRelationship *read, bool *out)
{
    const GraphSight *sight = &access->sight;

    *out = !is_among(read->type, sight->hidden_types, sight->hidden_type_count);
    if (!*out || sight->hidden_label_count == 0)
        return OK;
    const ValueNode *from = node_of(access, read->from);
    const ValueNode *to = node_of(access, read->to);

    TRY(access_load_node(access, from));
    TRY(access_load_node(access, to));
    *out = node_is_seen(access, from) && node_is_seen(access, to);
    return OK;
}

static void add_node(Arena *arena, NodeList *list, size_t *room, const ValueNode *node)
{
    ARENA_MORE(arena, list->items, list->count, *room, FIRST_CAPACITY);
    list->items[list->count++] = node;
}

static Err take_nodes(Access *access, const ReadNode *read, size_t count, NodeList *list, size_t *room)
{
    TRY(count_reads(access, count));
    for (size_t i = 0; i < count; i++) {
        ValueNode *node = node_of(access, read[i].key);

        TRY(access_fill_node(&access->arena, &read[i], node));
        if (node_is_seen(access, node))
            add_node(&access->arena, list, room, node);
    }
    return OK;
}

Scan *access_scan(Access *access, Str label)
{
    Scan *scan = access->scans;

    while (scan && !(str_equal(scan->label, label) && (scan->label.data == NULL) == (label.data == NULL)))
        scan = scan->next;
    if (scan == NULL) {
        scan = arena_new(&access->arena, Scan);
        scan->label = label;
        scan->next = access->scans;
        access->scans = scan;
    }
    return scan;
}

Err access_scan_at(Access *access, Scan *scan, size_t place, const ValueNode **out)
{
    ReadNode *read;
    size_t count;

    while (place >= scan->nodes.count && !scan->place.ended) {
        TRY(access->reads->scan(access->reads->context, &access->arena, scan->label, limit_of(access, PAGE),
                                &scan->place, &read, &count));
        TRY(take_nodes(access, read, count, &scan->nodes, &scan->room));
    }
    *out = place < scan->nodes.count ? scan->nodes.items[place] : NULL;
    return OK;
}

Err access_find(Access *access, Str id, NodeList *out)
{
    ReadNode *read;
    size_t count;
    size_t room = 0;

    *out = (NodeList){0};
    TRY(access->reads->find(access->reads->context, &access->arena, id, &read, &count));
    return take_nodes(access, read, count, out, &room);
}

/* ---- Relationships ---- */

static const ValueRelationship *relationship_of(Access *access, const ReadRelationship *read)
{
    ValueRelationship *relationship = arena_new(&access->arena, ValueRelationship);

    *relationship = (ValueRelationship){
        .id = read->id,
        .type = read->type,
        .from = node_of(access, read->from),
        .to = node_of(access, read->to),
        .text = read->properties,
    };
    return relationship;
}

Err access_load_relationship(Access *access, const ValueRelationship *relationship)
{
    ValueRelationship *made = (ValueRelationship *)relationship; /* here: relationship_of */

    if (relationship->loaded)
        return OK;
    TRY(access_read_properties(&access->arena, made->text, &made->properties));
    made->loaded = true;
    return OK;
}

static struct Fan **fan_slot(struct Fan **fans, size_t capacity, const Fan *wanted)
{
    uint64_t hash =
        ((uint64_t)(uintptr_t)wanted->node * 4 + (uint64_t)wanted->direction) * 0x9e3779b97f4a7c15U;
    size_t at = (hash >> 20) & (capacity - 1);

    while (fans[at] && (fans[at]->node != wanted->node || fans[at]->direction != wanted->direction ||
                        fans[at]->types != wanted->types))
        at = (at + 1) & (capacity - 1);
    return &fans[at];
}

static void grow_fans(Access *access)
{
    size_t capacity = access->fan_capacity ? access->fan_capacity * 2 : FIRST_CAPACITY;
    struct Fan **fans = arena_array(&access->arena, struct Fan *, capacity);

    for (size_t i = 0; i < access->fan_capacity; i++)
        if (access->fans[i])
            *fan_slot(fans, capacity, access->fans[i]) = access->fans[i];
    access->fans = fans;
    access->fan_capacity = capacity;
}

static Err read_fan(Access *access, Fan *fan, size_t type_count)
{
    ReadRelationship *read;
    size_t count;

    TRY(access->reads->expand(access->reads->context, &access->arena, fan->node->key, fan->direction,
                              fan->types, type_count, limit_of(access, SIZE_MAX), &read, &count));
    TRY(count_reads(access, count));
    fan->items = arena_array(&access->arena, const ValueRelationship *, count);
    for (size_t i = 0; i < count; i++) {
        bool seen;

        TRY(relationship_is_seen(access, &read[i], &seen));
        if (seen)
            fan->items[fan->count++] = relationship_of(access, &read[i]);
    }
    return OK;
}

Err access_expand(Access *access, const ValueNode *node, GraphDirection direction, const Str *types,
                  size_t type_count, const Fan **out)
{
    Fan wanted = {.node = node, .direction = direction, .types = types};

    if (access->fan_count * 2 >= access->fan_capacity)
        grow_fans(access);
    struct Fan **slot = fan_slot(access->fans, access->fan_capacity, &wanted);

    if (*slot == NULL) {
        Fan *fan = arena_new(&access->arena, Fan);

        *fan = wanted;
        TRY(read_fan(access, fan, type_count));
        *slot = fan;
        access->fan_count++;
    }
    *out = *slot;
    return OK;
}

/* ---- All of a value ---- */

static Err load_path(Access *access, const ValuePath *path)
{
    for (size_t i = 0; i <= path->length; i++)
        TRY(access_load_node(access, path->nodes[i]));
    for (size_t i = 0; i < path->length; i++)
        TRY(access_load_relationship(access, path->relationships[i]));
    return OK;
}

Err access_load(Access *access, Value value)
{
    switch (value.type) {
    case VALUE_LIST:
        for (size_t i = 0; i < value.list.count; i++)
            TRY(access_load(access, value.list.items[i]));
        return OK;
    case VALUE_MAP:
        for (size_t i = 0; i < value.map.count; i++)
            TRY(access_load(access, value.map.entries[i].value));
        return OK;
    case VALUE_NODE:
        return access_load_node(access, value.node);
    case VALUE_RELATIONSHIP:
        TRY(access_load_node(access, value.relationship->from));
        TRY(access_load_node(access, value.relationship->to));
        return access_load_relationship(access, value.relationship);
    case VALUE_PATH:
        return load_path(access, value.path);
    default:
        return OK;
    }
}
