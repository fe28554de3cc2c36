#include "stores/graph/cypher/engine/compare.h"

#include <math.h>

/* ---- Numbers ---- */

static int sign_of_difference(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Exactly: a double holds no more than 53 bits of an integer. Not for NaN. */
static int compare_integer_to_float(int64_t integer, double number)
{
    const double limit = 9223372036854775808.0; /* 2^63 */

    if (number >= limit)
        return -1;
    if (number < -limit)
        return 1;
    int64_t whole = (int64_t)number;
    int order = sign_of_difference(integer, whole);
    double rest = number - (double)whole;

    return order != 0 ? order : (rest < 0) - (rest > 0);
}

/* Not for NaN. */
static int compare_numbers(Value a, Value b)
{
    if (a.type == VALUE_INTEGER && b.type == VALUE_INTEGER)
        return sign_of_difference(a.integer, b.integer);
    if (a.type == VALUE_INTEGER)
        return compare_integer_to_float(a.integer, b.number);
    if (b.type == VALUE_INTEGER)
        return -compare_integer_to_float(b.integer, a.number);
    return (a.number > b.number) - (a.number < b.number);
}

static bool is_nan(Value value)
{
    return value.type == VALUE_FLOAT && isnan(value.number);
}

/* ---- Equality ---- */

/* Both of all the pairs: false if one is, else unknown if one is. */
static Truth lists_equal(ValueList a, ValueList b)
{
    Truth result = TRUTH_TRUE;

    if (a.count != b.count)
        return TRUTH_FALSE;
    for (size_t i = 0; i < a.count; i++) {
        Truth one = value_equal(a.items[i], b.items[i]);

        if (one == TRUTH_FALSE)
            return TRUTH_FALSE;
        if (one == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return result;
}

static bool same_keys(ValueMap a, ValueMap b)
{
    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++)
        if (!str_equal(a.entries[i].key, b.entries[i].key))
            return false;
    return true;
}

static Truth maps_equal(ValueMap a, ValueMap b)
{
    Truth result = TRUTH_TRUE;

    if (!same_keys(a, b))
        return TRUTH_FALSE;
    for (size_t i = 0; i < a.count; i++) {
        Truth one = value_equal(a.entries[i].value, b.entries[i].value);

        if (one == TRUTH_FALSE)
            return TRUTH_FALSE;
        if (one == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return result;
}

static int order_nodes(const ValueNode *a, const ValueNode *b)
{
    return a == b ? 0 : str_compare(a->key, b->key);
}

static int order_paths(const ValuePath *a, const ValuePath *b)
{
    int order = order_nodes(a->nodes[0], b->nodes[0]);

    for (size_t i = 0; order == 0 && i < a->length && i < b->length; i++) {
        order = sign_of_difference(a->relationships[i]->id, b->relationships[i]->id);
        if (order == 0)
            order = order_nodes(a->nodes[i + 1], b->nodes[i + 1]);
    }
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

Truth value_equal(Value a, Value b)
{
    if (a.type == VALUE_NULL || b.type == VALUE_NULL)
        return TRUTH_UNKNOWN;
    if (value_is_number(a) && value_is_number(b))
        return truth_of(!is_nan(a) && !is_nan(b) && compare_numbers(a, b) == 0);
    if (a.type != b.type)
        return TRUTH_FALSE;
    switch (a.type) {
    case VALUE_BOOLEAN:
        return truth_of(a.boolean == b.boolean);
    case VALUE_STRING:
        return truth_of(str_equal(a.text, b.text));
    case VALUE_LIST:
        return lists_equal(a.list, b.list);
    case VALUE_MAP:
        return maps_equal(a.map, b.map);
    case VALUE_NODE:
        return truth_of(a.node == b.node);
    case VALUE_RELATIONSHIP:
        return truth_of(a.relationship->id == b.relationship->id);
    default:
        return truth_of(order_paths(a.path, b.path) == 0);
    }
}

/* ---- Comparability ---- */

/* What a comparison of two values finds: their order, that there is none (NaN), or that it can't be known. */
typedef enum Found { FOUND_LESS, FOUND_SAME, FOUND_GREATER, FOUND_NO_ORDER, FOUND_UNKNOWN } Found;

static Found found_of(int order)
{
    return order < 0 ? FOUND_LESS : order > 0 ? FOUND_GREATER : FOUND_SAME;
}

static Found find_order(Value a, Value b);

/* By the first pair that isn't the same; then the longer one is the greater. */
static Found find_order_of_lists(ValueList a, ValueList b)
{
    for (size_t i = 0; i < a.count && i < b.count; i++) {
        Found one = find_order(a.items[i], b.items[i]);

        if (one != FOUND_SAME)
            return one;
    }
    return found_of((a.count > b.count) - (a.count < b.count));
}

static Found find_order(Value a, Value b)
{
    if (value_is_number(a) && value_is_number(b))
        return is_nan(a) || is_nan(b) ? FOUND_NO_ORDER : found_of(compare_numbers(a, b));
    if (a.type != b.type)
        return FOUND_UNKNOWN;
    switch (a.type) {
    case VALUE_BOOLEAN:
        return found_of(a.boolean - b.boolean);
    case VALUE_STRING:
        return found_of(str_compare(a.text, b.text));
    case VALUE_LIST:
        return find_order_of_lists(a.list, b.list);
    default:
        return FOUND_UNKNOWN;
    }
}

Truth value_compare(CypherComparison comparison, Value a, Value b)
{
    if (comparison == CYPHER_EQUAL)
        return value_equal(a, b);
    if (comparison == CYPHER_UNEQUAL)
        return truth_not(value_equal(a, b));
    Found found = find_order(a, b);

    if (found == FOUND_UNKNOWN || found == FOUND_NO_ORDER)
        return found == FOUND_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_FALSE;
    switch (comparison) {
    case CYPHER_LESS:
        return truth_of(found == FOUND_LESS);
    case CYPHER_LESS_EQUAL:
        return truth_of(found != FOUND_GREATER);
    case CYPHER_GREATER:
        return truth_of(found == FOUND_GREATER);
    default:
        return truth_of(found != FOUND_LESS);
    }
}

/* ---- Orderability ---- */

static int rank_of(Value value)
{
    static const int RANKS[VALUE_TYPE_COUNT] = {
        [VALUE_MAP] = 0,   [VALUE_NODE] = 1,   [VALUE_RELATIONSHIP] = 2, [VALUE_LIST] = 3,
        [VALUE_PATH] = 4,  [VALUE_STRING] = 5, [VALUE_BOOLEAN] = 6,      [VALUE_INTEGER] = 7,
        [VALUE_FLOAT] = 7, [VALUE_NULL] = 8,
    };

    return RANKS[value.type];
}

static int order_numbers(Value a, Value b)
{
    if (is_nan(a) || is_nan(b))
        return is_nan(a) - is_nan(b);
    return compare_numbers(a, b);
}

static int order_lists(ValueList a, ValueList b)
{
    for (size_t i = 0; i < a.count && i < b.count; i++) {
        int order = value_order(a.items[i], b.items[i]);

        if (order != 0)
            return order;
    }
    return (a.count > b.count) - (a.count < b.count);
}

/* By size, then keys, then values. */
static int order_maps(ValueMap a, ValueMap b)
{
    int order = (a.count > b.count) - (a.count < b.count);

    for (size_t i = 0; order == 0 && i < a.count; i++)
        order = str_compare(a.entries[i].key, b.entries[i].key);
    for (size_t i = 0; order == 0 && i < a.count; i++)
        order = value_order(a.entries[i].value, b.entries[i].value);
    return order;
}

int value_order(Value a, Value b)
{
    int ranks = rank_of(a) - rank_of(b);

    if (ranks != 0)
        return ranks;
    switch (a.type) {
    case VALUE_NULL:
        return 0;
    case VALUE_BOOLEAN:
        return a.boolean - b.boolean;
    case VALUE_STRING:
        return str_compare(a.text, b.text);
    case VALUE_LIST:
        return order_lists(a.list, b.list);
    case VALUE_MAP:
        return order_maps(a.map, b.map);
    case VALUE_NODE:
        return order_nodes(a.node, b.node);
    case VALUE_RELATIONSHIP:
        return sign_of_difference(a.relationship->id, b.relationship->id);
    case VALUE_PATH:
        return order_paths(a.path, b.path);
    default:
        return order_numbers(a, b);
    }
}

/* ---- Hashes ---- */

/* The finalizer of MurmurHash3 (Appleby, public domain). */
static uint64_t mix(uint64_t hash, uint64_t more)
{
    hash = (hash ^ more) * 0xff51afd7ed558ccdU;
    return hash ^ (hash >> 33);
}

/* An integer and the float that equals it hash the same. */
static uint64_t hash_number(Value value)
{
    const double limit = 9223372036854775808.0; /* 2^63 */
    union {
        double number;
        uint64_t bits;
    } both;

    if (value.type == VALUE_INTEGER)
        return (uint64_t)value.integer;
    if (isnan(value.number))
        return 1;
    if (value.number >= -limit && value.number < limit && floor(value.number) == value.number)
        return (uint64_t)(int64_t)value.number;
    both.number = value.number;
    return both.bits;
}

static uint64_t hash_many(Value value, uint64_t hash)
{
    if (value.type == VALUE_LIST)
        for (size_t i = 0; i < value.list.count; i++)
            hash = mix(hash, value_hash(value.list.items[i]));
    if (value.type == VALUE_MAP)
        for (size_t i = 0; i < value.map.count; i++)
            hash = mix(mix(hash, str_hash(value.map.entries[i].key)), value_hash(value.map.entries[i].value));
    if (value.type == VALUE_PATH)
        for (size_t i = 0; i < value.path->length; i++)
            hash = mix(hash, (uint64_t)value.path->relationships[i]->id);
    return hash;
}

uint64_t value_hash(Value value)
{
    uint64_t hash = mix(0x9e3779b97f4a7c15U, (uint64_t)rank_of(value));

    switch (value.type) {
    case VALUE_NULL:
        return hash;
    case VALUE_BOOLEAN:
        return mix(hash, value.boolean);
    case VALUE_INTEGER:
    case VALUE_FLOAT:
        return mix(hash, hash_number(value));
    case VALUE_STRING:
        return mix(hash, str_hash(value.text));
    case VALUE_NODE:
        return mix(hash, str_hash(value.node->key));
    case VALUE_RELATIONSHIP:
        return mix(hash, (uint64_t)value.relationship->id);
    default:
        return hash_many(value, hash);
    }
}
