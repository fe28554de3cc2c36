#include "stores/graph/cypher/engine/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *value_type_name(ValueType type)
{
    static const char *const NAMES[VALUE_TYPE_COUNT] = {
        [VALUE_NULL] = "null",     [VALUE_BOOLEAN] = "a boolean", [VALUE_INTEGER] = "an integer",
        [VALUE_FLOAT] = "a float", [VALUE_STRING] = "a string",   [VALUE_LIST] = "a list",
        [VALUE_MAP] = "a map",     [VALUE_NODE] = "a node",       [VALUE_RELATIONSHIP] = "a relationship",
        [VALUE_PATH] = "a path",
    };

    return NAMES[type];
}

Value value_list(const Value *items, size_t count)
{
    uint32_t depth = 0;

    for (size_t i = 0; i < count; i++)
        depth = items[i].depth > depth ? items[i].depth : depth;
    return (Value){.type = VALUE_LIST, .depth = depth + 1, .list = {items, count}};
}

Value value_from_map(ValueMap map)
{
    uint32_t depth = 0;

    for (size_t i = 0; i < map.count; i++)
        depth = map.entries[i].value.depth > depth ? map.entries[i].value.depth : depth;
    return (Value){.type = VALUE_MAP, .depth = depth + 1, .map = map};
}

/* ---- Maps ---- */

/* By key; those with the same key in the order they came, which is that of their addresses. */
static int compare_entries(const void *a, const void *b)
{
    const ValueEntry *left = *(const ValueEntry *const *)a;
    const ValueEntry *right = *(const ValueEntry *const *)b;
    int order = str_compare(left->key, right->key);

    return order != 0 ? order : (left > right) - (left < right);
}

static bool is_sorted(const ValueEntry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (str_compare(entries[i - 1].key, entries[i].key) >= 0)
            return false;
    return true;
}

static size_t put_in_order(ValueEntry *entries, size_t count)
{
    AUTO_ARENA Arena scratch = {0};
    const ValueEntry **order = arena_array(&scratch, const ValueEntry *, count);
    ValueEntry *sorted = arena_array(&scratch, ValueEntry, count);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        order[i] = &entries[i];
    qsort(order, count, sizeof(*order), compare_entries);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || !str_equal(order[i]->key, order[i + 1]->key))
            sorted[kept++] = *order[i];
    memcpy(entries, sorted, kept * sizeof(*sorted));
    return kept;
}

ValueMap value_map(ValueEntry *entries, size_t count)
{
    if (!is_sorted(entries, count))
        count = put_in_order(entries, count);
    return (ValueMap){entries, count};
}

const Value *value_map_get(ValueMap map, Str key)
{
    size_t low = 0;
    size_t high = map.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(map.entries[middle].key, key);

        if (order == 0)
            return &map.entries[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* ---- Copies ---- */

static ValueList copy_list(Arena *arena, ValueList list)
{
    Value *items = arena_array(arena, Value, list.count);

    for (size_t i = 0; i < list.count; i++)
        items[i] = value_copy(arena, list.items[i]);
    return (ValueList){items, list.count};
}

static ValueMap copy_map(Arena *arena, ValueMap map)
{
    ValueEntry *entries = arena_array(arena, ValueEntry, map.count);

    for (size_t i = 0; i < map.count; i++)
        entries[i] =
            (ValueEntry){str_copy(arena, map.entries[i].key), value_copy(arena, map.entries[i].value)};
    return (ValueMap){entries, map.count};
}

static const ValuePath *copy_path(Arena *arena, const ValuePath *path)
{
    const ValueNode **nodes = arena_array(arena, const ValueNode *, path->length + 1);
    const ValueRelationship **relationships = arena_array(arena, const ValueRelationship *, path->length);
    ValuePath *copy = arena_new(arena, ValuePath);

    memcpy(nodes, path->nodes, (path->length + 1) * sizeof(*nodes));
    memcpy(relationships, path->relationships, path->length * sizeof(*relationships));
    *copy = (ValuePath){nodes, relationships, path->length};
    return copy;
}

Value value_copy(Arena *arena, Value value)
{
    switch (value.type) {
    case VALUE_STRING:
        value.text = str_copy(arena, value.text);
        break;
    case VALUE_LIST:
        value.list = copy_list(arena, value.list);
        break;
    case VALUE_MAP:
        value.map = copy_map(arena, value.map);
        break;
    case VALUE_PATH:
        value.path = copy_path(arena, value.path);
        break;
    default:
        break;
    }
    return value;
}

/* ---- Floats as text ---- */

/* The fewest digits that read back equal, without the point, and the power of ten of the first. */
static int shortest_digits(double number, char digits[static 24], int *exponent)
{
    char text[40];
    int count = 0;

    for (int precision = 0; precision <= 16; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, number);
        if (strtod(text, NULL) == number)
            break;
    }
    for (const char *at = text; *at != 'e'; at++)
        if (*at >= '0' && *at <= '9')
            digits[count++] = *at;
    *exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    while (count > 1 && digits[count - 1] == '0')
        count--;
    return count;
}

static Str decimal_text(Arena *arena, const char *sign, const char *digits, int count, int exponent)
{
    static const char ZEROS[] = "0000000";
    int whole = exponent + 1; /* digits before the point */

    if (whole <= 0)
        return str_format(arena, "%s0.%.*s%.*s", sign, -whole, ZEROS, count, digits);
    if (whole >= count)
        return str_format(arena, "%s%.*s%.*s.0", sign, count, digits, whole - count, ZEROS);
    return str_format(arena, "%s%.*s.%.*s", sign, whole, digits, count - whole, digits + whole);
}

/* As Double.toString of Java has it, which Neo4j uses: from 0.001 up to 10^7 without an exponent. */
Str value_float_text(Arena *arena, double number)
{
    const char *sign = signbit(number) ? "-" : "";
    char digits[24] = "";
    int exponent = 0;

    if (isnan(number))
        return STR("NaN");
    if (isinf(number))
        return str_format(arena, "%sInfinity", sign);
    int count = shortest_digits(fabs(number), digits, &exponent);
    if (number == 0 || (exponent >= -3 && exponent < 7))
        return decimal_text(arena, sign, digits, count, exponent);
    return str_format(arena, "%s%c.%.*sE%d", sign, digits[0], count > 1 ? count - 1 : 1,
                      count > 1 ? digits + 1 : "0", exponent);
}
