#include "stores/graph/cypher/tree.h"

/* The child among those a node has at fixed places. */
#define PICK(number, ...)                                                            \
    do {                                                                             \
        CypherExpression **const places_[] = {__VA_ARGS__};                          \
        return (number) < sizeof places_ / sizeof *places_ ? places_[number] : NULL; \
    } while (0)

static CypherExpression **among(CypherExpression **items, size_t count, size_t number)
{
    return number < count ? &items[number] : NULL;
}

static CypherExpression **case_child(CypherCase *choice, size_t number)
{
    if (number < choice->count * 2)
        return number % 2 == 0 ? &choice->conditions[number / 2] : &choice->results[number / 2];
    number -= choice->count * 2;
    PICK(number, &choice->subject, &choice->otherwise);
}

static CypherExpression **path_child(CypherPath *path, size_t number)
{
    size_t elements = path->relationship_count * 2 + 1;

    if (number >= elements)
        return NULL;
    return number % 2 == 0 ? &path->nodes[number / 2].properties
                           : &path->relationships[number / 2].properties;
}

static CypherExpression **matching_child(CypherExpression *e, size_t number)
{
    size_t elements = e->matching.path->relationship_count * 2 + 1;

    if (number < elements)
        return path_child(e->matching.path, number);
    number -= elements;
    PICK(number, &e->matching.where, &e->matching.projection);
}

CypherExpression **tree_child(CypherExpression *e, size_t number)
{
    switch (e->kind) {
    case CYPHER_NULL:
    case CYPHER_BOOLEAN:
    case CYPHER_INTEGER:
    case CYPHER_FLOAT:
    case CYPHER_STRING:
    case CYPHER_PARAMETER:
    case CYPHER_VARIABLE:
    case CYPHER_COUNT_ALL:
    case CYPHER_EXISTS_SUBQUERY:
        return NULL;
    case CYPHER_LIST:
        return among(e->list.items, e->list.count, number);
    case CYPHER_MAP:
        return among(e->map.values, e->map.count, number);
    case CYPHER_PROPERTY:
        PICK(number, &e->property.of);
    case CYPHER_INDEX:
        PICK(number, &e->index.of, &e->index.at);
    case CYPHER_SLICE:
        PICK(number, &e->slice.of, &e->slice.from, &e->slice.to);
    case CYPHER_HAS_LABELS:
        PICK(number, &e->has_labels.of);
    case CYPHER_UNARY:
        PICK(number, &e->unary.operand);
    case CYPHER_BINARY:
        PICK(number, &e->binary.left, &e->binary.right);
    case CYPHER_COMPARISON:
        return among(e->comparison.operands, e->comparison.count + 1, number);
    case CYPHER_CASE:
        return case_child(&e->choice, number);
    case CYPHER_CALL:
        return among(e->call.arguments, e->call.argument_count, number);
    case CYPHER_LIST_COMPREHENSION:
        PICK(number, &e->comprehension.list, &e->comprehension.where, &e->comprehension.projection);
    case CYPHER_QUANTIFIER:
        PICK(number, &e->quantifier.list, &e->quantifier.where);
    case CYPHER_REDUCE:
        PICK(number, &e->reduce.initial, &e->reduce.list, &e->reduce.step);
    case CYPHER_PATTERN:
        return path_child(e->pattern, number);
    case CYPHER_PATTERN_COMPREHENSION:
        return matching_child(e, number);
    }
    return NULL;
}
