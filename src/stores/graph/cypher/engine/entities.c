/* Functions of nodes, relationships, paths and maps. */
#include "stores/graph/cypher/engine/call.h"

static Err need_map(const Call *call, ValueMap *out)
{
    bool has;

    TRY(element_map(call->run, call->arguments[0], out, &has));
    return has ? OK : call_refuse(call, "a node, relationship or map", call->arguments[0]);
}

static Value text_list(Arena *arena, const Str *texts, size_t count)
{
    Value *items = arena_array(arena, Value, count);

    for (size_t i = 0; i < count; i++)
        items[i] = value_text(texts[i]);
    return value_list(items, count);
}

Err entity_keys(const Call *call, Value *out)
{
    ValueMap map;

    TRY(need_map(call, &map));
    Value *items = arena_array(&call->run->scratch, Value, map.count);
    for (size_t i = 0; i < map.count; i++)
        items[i] = value_text(map.entries[i].key);
    *out = value_list(items, map.count);
    return OK;
}

Err entity_properties(const Call *call, Value *out)
{
    ValueMap map;

    TRY(need_map(call, &map));
    *out = value_from_map(map);
    return OK;
}

Err entity_labels(const Call *call, Value *out)
{
    Value value = call->arguments[0];

    if (value.type != VALUE_NODE)
        return call_refuse(call, "a node", value);
    TRY(access_load_node(&call->run->access, value.node));
    *out = text_list(&call->run->scratch, value.node->labels, value.node->label_count);
    return OK;
}

static Err need_relationship(const Call *call)
{
    Value value = call->arguments[0];

    return value.type == VALUE_RELATIONSHIP ? OK : call_refuse(call, "a relationship", value);
}

Err entity_type(const Call *call, Value *out)
{
    TRY(need_relationship(call));
    *out = value_text(call->arguments[0].relationship->type);
    return OK;
}

Err entity_end(const Call *call, Value *out)
{
    const ValueRelationship *relationship = call->arguments[0].relationship;

    TRY(need_relationship(call));
    *out = value_node(call->function == CYPHER_FN_START_NODE ? relationship->from : relationship->to);
    return OK;
}

static Value path_nodes(Arena *arena, const ValuePath *path)
{
    Value *items = arena_array(arena, Value, path->length + 1);

    for (size_t i = 0; i <= path->length; i++)
        items[i] = value_node(path->nodes[i]);
    return value_list(items, path->length + 1);
}

static Value path_relationships(Arena *arena, const ValuePath *path)
{
    Value *items = arena_array(arena, Value, path->length);

    for (size_t i = 0; i < path->length; i++)
        items[i] = value_relationship(path->relationships[i]);
    return value_list(items, path->length);
}

Err entity_path(const Call *call, Value *out)
{
    Value value = call->arguments[0];

    if (value.type != VALUE_PATH)
        return call_refuse(call, "a path", value);
    if (call->function == CYPHER_FN_LENGTH)
        *out = value_integer((int64_t)value.path->length);
    else if (call->function == CYPHER_FN_NODES)
        *out = path_nodes(&call->run->scratch, value.path);
    else
        *out = path_relationships(&call->run->scratch, value.path);
    return OK;
}
