#include "stores/graph/neo4j/tame.h"

#include "stores/graph/cypher/tree.h"

/* While a query is walked through. */
typedef struct Walk {
    int loops; /* around what is looked at */
    int doublings;
    size_t clauses;
    size_t nodes;
    size_t expressions;
    bool wild;
} Walk;

static void walk_query(Walk *walk, const CypherQuery *query);

static bool is_loop(const CypherExpression *e)
{
    return e->kind == CYPHER_QUANTIFIER || e->kind == CYPHER_LIST_COMPREHENSION;
}

static bool is_wild(const Walk *walk, const CypherExpression *e)
{
    switch (e->kind) {
    case CYPHER_REDUCE:
    case CYPHER_PATTERN_COMPREHENSION:
        return true;
    case CYPHER_LIST_COMPREHENSION:
        return walk->loops > 0 || e->comprehension.projection != NULL;
    case CYPHER_QUANTIFIER:
        return walk->loops > 0;
    case CYPHER_CALL:
        return e->call.function == CYPHER_FN_RANGE || e->call.function == CYPHER_FN_REPLACE;
    default:
        return false;
    }
}

static bool doubles(const CypherExpression *e)
{
    return e->kind == CYPHER_LIST || e->kind == CYPHER_MAP ||
           (e->kind == CYPHER_BINARY && e->binary.operator== CYPHER_ADD);
}

static bool is_constant(CypherExpression *e)
{
    CypherExpression **child;

    for (size_t i = 0; (child = tree_child(e, i)) != NULL; i++)
        if (*child != NULL && !is_constant(*child))
            return false;
    return e->kind <= CYPHER_MAP; /* a literal */
}

static void walk_expression(Walk *walk, CypherExpression *e)
{
    CypherExpression **child;

    if (e == NULL || is_constant(e))
        return;
    walk->expressions++;
    walk->wild |= is_wild(walk, e);
    walk->doublings += doubles(e);
    walk->loops += is_loop(e);
    for (size_t i = 0; (child = tree_child(e, i)) != NULL; i++)
        walk_expression(walk, *child);
    if (e->kind == CYPHER_EXISTS_SUBQUERY)
        walk_query(walk, e->subquery);
    if (e->kind == CYPHER_PATTERN)
        walk->nodes += e->pattern->relationship_count + 1;
    walk->loops -= is_loop(e);
}

static void walk_path(Walk *walk, const CypherPath *path)
{
    walk->nodes += path->relationship_count + 1;
    for (size_t i = 0; i <= path->relationship_count; i++)
        walk_expression(walk, path->nodes[i].properties);
    for (size_t i = 0; i < path->relationship_count; i++)
        walk_expression(walk, path->relationships[i].properties);
}

static void walk_projection(Walk *walk, const CypherProjection *projection)
{
    for (size_t i = 0; i < projection->item_count; i++)
        walk_expression(walk, projection->items[i].expression);
    for (size_t i = 0; i < projection->order_count; i++)
        walk_expression(walk, projection->order[i].expression);
    walk_expression(walk, projection->skip);
    walk_expression(walk, projection->limit);
    walk_expression(walk, projection->where);
}

static void walk_clause(Walk *walk, const CypherClause *clause)
{
    walk->clauses++;
    switch (clause->kind) {
    case CYPHER_MATCH:
        for (size_t i = 0; i < clause->match.path_count; i++)
            walk_path(walk, &clause->match.paths[i]);
        walk_expression(walk, clause->match.where);
        break;
    case CYPHER_UNWIND:
        walk_expression(walk, clause->unwind.list);
        break;
    case CYPHER_WITH:
    case CYPHER_RETURN:
        walk_projection(walk, &clause->projection);
        break;
    case CYPHER_CREATE:
        break;
    }
}

static void walk_query(Walk *walk, const CypherQuery *query)
{
    for (size_t i = 0; i < query->part_count; i++)
        for (size_t k = 0; k < query->parts[i].clause_count; k++)
            walk_clause(walk, &query->parts[i].clauses[k]);
}

bool question_is_tame(const CypherQuery *query)
{
    Walk walk = {0};

    walk_query(&walk, query);
    return !walk.wild && walk.doublings <= TAME_MOST_DOUBLINGS && walk.clauses <= TAME_MOST_CLAUSES &&
           walk.nodes <= TAME_MOST_NODES && walk.expressions <= TAME_MOST_EXPRESSIONS;
}
