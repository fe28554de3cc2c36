#include <math.h>
#include <string.h>

#include "stores/graph/cypher/tree.h"

/* ---- Names and patterns ---- */

static bool equal_text(Str a, Str b)
{
    return a.data == NULL || b.data == NULL ? a.data == b.data : str_equal(a, b);
}

static bool equal_texts(const Str *a, size_t a_count, const Str *b, size_t b_count)
{
    for (size_t i = 0; a_count == b_count && i < a_count; i++)
        if (!str_equal(a[i], b[i]))
            return false;
    return a_count == b_count;
}

static bool equal_or_absent(const CypherExpression *a, const CypherExpression *b)
{
    return a == NULL || b == NULL ? a == b : tree_equal(a, b);
}

static bool equal_nodes(const CypherNodePattern *a, const CypherNodePattern *b)
{
    return equal_text(a->name.text, b->name.text) &&
           equal_texts(a->labels, a->label_count, b->labels, b->label_count) &&
           equal_or_absent(a->properties, b->properties);
}

static bool equal_relationships(const CypherRelationshipPattern *a, const CypherRelationshipPattern *b)
{
    return equal_text(a->name.text, b->name.text) && a->direction == b->direction &&
           equal_texts(a->types, a->type_count, b->types, b->type_count) && a->var_length == b->var_length &&
           a->min == b->min && a->max == b->max && equal_or_absent(a->properties, b->properties);
}

static bool equal_paths(const CypherPath *a, const CypherPath *b)
{
    if (!equal_text(a->name.text, b->name.text) || a->relationship_count != b->relationship_count)
        return false;
    for (size_t i = 0; i < a->relationship_count; i++)
        if (!equal_relationships(&a->relationships[i], &b->relationships[i]))
            return false;
    for (size_t i = 0; i <= a->relationship_count; i++)
        if (!equal_nodes(&a->nodes[i], &b->nodes[i]))
            return false;
    return true;
}

/* ---- Expressions ---- */

/* What an expression says besides what its children do. -0.0 isn't 0.0. */
static bool equal_head(const CypherExpression *a, const CypherExpression *b)
{
    switch (a->kind) {
    case CYPHER_NULL:
    case CYPHER_COUNT_ALL:
    case CYPHER_INDEX:
    case CYPHER_SLICE:
        return true;
    case CYPHER_BOOLEAN:
        return a->boolean == b->boolean;
    case CYPHER_INTEGER:
        return a->integer == b->integer;
    case CYPHER_FLOAT:
        return a->number == b->number && signbit(a->number) == signbit(b->number);
    case CYPHER_STRING:
    case CYPHER_PARAMETER:
        return str_equal(a->text, b->text);
    case CYPHER_LIST:
        return a->list.count == b->list.count;
    case CYPHER_MAP:
        return equal_texts(a->map.keys, a->map.count, b->map.keys, b->map.count);
    case CYPHER_VARIABLE:
        return str_equal(a->name.text, b->name.text);
    case CYPHER_PROPERTY:
        return str_equal(a->property.key, b->property.key);
    case CYPHER_HAS_LABELS:
        return equal_texts(a->has_labels.labels, a->has_labels.label_count, b->has_labels.labels,
                           b->has_labels.label_count);
    case CYPHER_UNARY:
        return a->unary.operator== b->unary.operator;
    case CYPHER_BINARY:
        return a->binary.operator== b->binary.operator;
    case CYPHER_COMPARISON:
        return a->comparison.count == b->comparison.count &&
               memcmp(a->comparison.operators, b->comparison.operators,
                      a->comparison.count * sizeof *a->comparison.operators) == 0;
    case CYPHER_CASE:
        return a->choice.count == b->choice.count;
    case CYPHER_CALL:
        return str_equal_nocase(a->call.name, b->call.name) && a->call.distinct == b->call.distinct &&
               a->call.argument_count == b->call.argument_count;
    case CYPHER_LIST_COMPREHENSION:
        return str_equal(a->comprehension.name.text, b->comprehension.name.text);
    case CYPHER_QUANTIFIER:
        return a->quantifier.quantifier == b->quantifier.quantifier &&
               str_equal(a->quantifier.name.text, b->quantifier.name.text);
    case CYPHER_REDUCE:
        return str_equal(a->reduce.name.text, b->reduce.name.text) &&
               str_equal(a->reduce.accumulator.text, b->reduce.accumulator.text);
    case CYPHER_PATTERN:
        return equal_paths(a->pattern, b->pattern);
    case CYPHER_PATTERN_COMPREHENSION:
        return equal_paths(a->matching.path, b->matching.path);
    case CYPHER_EXISTS_SUBQUERY:
        return tree_equal_queries(a->subquery, b->subquery);
    }
    return false;
}

bool tree_equal(const CypherExpression *a, const CypherExpression *b)
{
    /* tree_child gives places in a tree that may be changed; nothing is changed here. */
    CypherExpression *left = (CypherExpression *)(uintptr_t)a;
    CypherExpression *right = (CypherExpression *)(uintptr_t)b;
    CypherExpression **child;

    if (a->kind != b->kind || !equal_head(a, b))
        return false;
    for (size_t i = 0; (child = tree_child(left, i)) != NULL; i++)
        if (!equal_or_absent(*child, *tree_child(right, i)))
            return false;
    return true;
}

/* ---- Clauses ---- */

static bool equal_projections(const CypherProjection *a, const CypherProjection *b)
{
    if (a->distinct != b->distinct || a->item_count != b->item_count || a->order_count != b->order_count)
        return false;
    for (size_t i = 0; i < a->item_count; i++)
        if (!str_equal(a->items[i].name.text, b->items[i].name.text) ||
            !tree_equal(a->items[i].expression, b->items[i].expression))
            return false;
    for (size_t i = 0; i < a->order_count; i++)
        if (a->order[i].descending != b->order[i].descending ||
            !tree_equal(a->order[i].expression, b->order[i].expression))
            return false;
    return equal_or_absent(a->skip, b->skip) && equal_or_absent(a->limit, b->limit) &&
           equal_or_absent(a->where, b->where);
}

static bool equal_matches(const CypherMatch *a, const CypherMatch *b)
{
    if (a->optional != b->optional || a->path_count != b->path_count)
        return false;
    for (size_t i = 0; i < a->path_count; i++)
        if (!equal_paths(&a->paths[i], &b->paths[i]))
            return false;
    return equal_or_absent(a->where, b->where);
}

static bool equal_clauses(const CypherClause *a, const CypherClause *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case CYPHER_MATCH:
        return equal_matches(&a->match, &b->match);
    case CYPHER_UNWIND:
        return str_equal(a->unwind.name.text, b->unwind.name.text) &&
               tree_equal(a->unwind.list, b->unwind.list);
    case CYPHER_WITH:
    case CYPHER_RETURN:
        return equal_projections(&a->projection, &b->projection);
    case CYPHER_CREATE:
        break;
    }
    return false;
}

static bool equal_parts(const CypherSingle *a, const CypherSingle *b)
{
    if (a->all != b->all || a->clause_count != b->clause_count)
        return false;
    for (size_t i = 0; i < a->clause_count; i++)
        if (!equal_clauses(&a->clauses[i], &b->clauses[i]))
            return false;
    return true;
}

bool tree_equal_queries(const CypherQuery *a, const CypherQuery *b)
{
    if (a->part_count != b->part_count)
        return false;
    for (size_t i = 0; i < a->part_count; i++)
        if (!equal_parts(&a->parts[i], &b->parts[i]))
            return false;
    return true;
}
