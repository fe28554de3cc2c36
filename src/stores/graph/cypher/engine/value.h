/* What a Cypher expression can be while a query runs, and how to make one. A Value is small and passed by value; what it
 * points to belongs to an arena and never changes. Comparing is in compare.h, JSON in value_json.h. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_VALUE_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_VALUE_H

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

typedef struct Value Value;

typedef enum ValueType {
    VALUE_NULL,
    VALUE_BOOLEAN,
    VALUE_INTEGER,
    VALUE_FLOAT,
    VALUE_STRING,
    VALUE_LIST,
    VALUE_MAP,
    VALUE_NODE,
    VALUE_RELATIONSHIP,
    VALUE_PATH,
    VALUE_TYPE_COUNT
} ValueType;

typedef struct ValueList {
    const Value *items;
    size_t count;
} ValueList;

typedef struct ValueEntry ValueEntry;

/* By key, each key once. */
typedef struct ValueMap {
    const ValueEntry *entries;
    size_t count;
} ValueMap;

/* A node as far as it has been read: until `loaded` only its key is known (access_load_node reads the rest). There is
 * one of a key in a run, so that a node is told by its address. */
typedef struct ValueNode {
    Str key;
    bool loaded;
    const Str *labels;
    size_t label_count;
    ValueMap properties;
} ValueNode;

/* Its text is read into properties when they are asked for (access_load_relationship). */
typedef struct ValueRelationship {
    int64_t id;
    Str type;
    const ValueNode *from;
    const ValueNode *to;
    bool loaded;
    Json text;
    ValueMap properties;
} ValueRelationship;

/* nodes has one more than relationships. */
typedef struct ValuePath {
    const ValueNode *const *nodes;
    const ValueRelationship *const *relationships;
    size_t length;
} ValuePath;

struct Value {
    ValueType type;
    uint32_t depth; /* of lists and maps within each other: 1 for [1] */
    union {
        bool boolean;
        int64_t integer;
        double number;
        Str text;
        ValueList list;
        ValueMap map;
        const ValueNode *node;
        const ValueRelationship *relationship;
        const ValuePath *path;
    };
};

struct ValueEntry {
    Str key;
    Value value;
};

static inline Value value_null(void)
{
    return (Value){.type = VALUE_NULL};
}

static inline Value value_boolean(bool boolean)
{
    return (Value){.type = VALUE_BOOLEAN, .boolean = boolean};
}

static inline Value value_integer(int64_t integer)
{
    return (Value){.type = VALUE_INTEGER, .integer = integer};
}

static inline Value value_float(double number)
{
    return (Value){.type = VALUE_FLOAT, .number = number};
}

static inline Value value_text(Str text)
{
    return (Value){.type = VALUE_STRING, .text = text};
}

static inline Value value_node(const ValueNode *node)
{
    return (Value){.type = VALUE_NODE, .node = node};
}

static inline Value value_relationship(const ValueRelationship *relationship)
{
    return (Value){.type = VALUE_RELATIONSHIP, .relationship = relationship};
}

static inline bool value_is_null(Value value)
{
    return value.type == VALUE_NULL;
}

static inline bool value_is_number(Value value)
{
    return value.type == VALUE_INTEGER || value.type == VALUE_FLOAT;
}

/* Of an integer or float. */
static inline double value_to_double(Value value)
{
    return value.type == VALUE_INTEGER ? (double)value.integer : value.number;
}

Value value_list(const Value *items, size_t count);
Value value_from_map(ValueMap map);

/* For messages: "an integer", "a list". */
const char *value_type_name(ValueType type);

/* Sorts the entries in place; of those with the same key the last one stays. */
ValueMap value_map(ValueEntry *entries, size_t count);

/* NULL when the map has no such key. */
const Value *value_map_get(ValueMap map, Str key);

/* A copy that shares nothing with scratch memory: nodes and relationships aren't copied, their owner outlives it. */
Value value_copy(Arena *arena, Value value);

/* A float as Cypher prints it: 1.0, 0.001, 1.0E7, NaN, -Infinity; the shortest digits that read back equal. */
Str value_float_text(Arena *arena, double number);

#endif
