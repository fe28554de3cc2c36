/* WITH and RETURN: columns, what ORDER BY and WHERE may still see, and what is in scope behind. */
#include <stdlib.h>
#include <string.h>

#include "stores/graph/cypher/checker.h"
#include "stores/graph/cypher/tree.h"

/* ---- * ---- */

static int by_name(const void *a, const void *b)
{
    return str_compare(((const CypherItem *)a)->name.text, ((const CypherItem *)b)->name.text);
}

static CypherItem star_item(Checker *checker, Str name)
{
    CypherExpression *e = arena_new(checker->arena, CypherExpression);

    e->kind = CYPHER_VARIABLE;
    e->height = 1;
    e->name.text = name;
    return (CypherItem){.expression = e, .name = {.text = name}};
}

static Err expand_star(Checker *checker, CypherProjection *projection, CypherPlace place, bool with)
{
    size_t names = checker->count - checker->outer;
    CypherItem *items = arena_array(checker->arena, CypherItem, names + projection->item_count);

    if (names == 0 && !with)
        return cypher_error(place, "there is no variable that * could stand for");
    for (size_t i = 0; i < names; i++)
        items[i] = star_item(checker, checker->bindings[checker->outer + i].name);
    if (names > 0)
        qsort(items, names, sizeof *items, by_name);
    if (projection->item_count > 0)
        memcpy(items + names, projection->items, projection->item_count * sizeof *items);
    projection->items = items;
    projection->star_count = names;
    projection->item_count += names;
    return OK;
}

/* ---- Items ---- */

static Err check_name(const CypherProjection *projection, size_t at, bool with)
{
    const CypherItem *item = &projection->items[at];

    if (with && !item->named && item->expression->kind != CYPHER_VARIABLE)
        return cypher_error(item->name.place, "WITH expects a name for this expression: … AS name");
    for (size_t i = 0; i < at; i++)
        if (str_equal(projection->items[i].name.text, item->name.text))
            return cypher_error(item->name.place,
                                "two columns are called %.*s: expected another name, with AS",
                                STR_ARG(str_slice(item->name.text, 0, 60)));
    return OK;
}

static Err check_items(Checker *checker, CypherProjection *projection, bool with, Type *types)
{
    for (size_t i = 0; i < projection->item_count; i++) {
        checker->aggregation = AGGREGATION_ALLOWED;
        TRY(check_expression(checker, projection->items[i].expression, &types[i]));
        TRY(check_name(projection, i, with));
        projection->aggregates |= projection->items[i].expression->aggregates;
    }
    return projection->aggregates ? check_grouping(projection) : OK;
}

static void declare_items(Checker *checker, CypherProjection *projection, const Type *types)
{
    for (size_t i = 0; i < projection->item_count; i++)
        checker_declare(checker, &projection->items[i].name, types[i]);
}

/* ---- ORDER BY and WHERE behind DISTINCT or an aggregation: they see columns only ---- */

static const CypherItem *item_named(const CypherProjection *projection, Str name)
{
    for (size_t i = 0; i < projection->item_count; i++)
        if (str_equal(projection->items[i].name.text, name))
            return &projection->items[i];
    return NULL;
}

/* Whether a name in it means something else as a column: n in RETURN n.a AS n ORDER BY n.a. */
static bool is_ambiguous(const CypherProjection *projection, CypherExpression *e)
{
    CypherExpression **child;

    if (e->kind == CYPHER_VARIABLE) {
        const CypherItem *item = item_named(projection, e->name.text);

        return item != NULL && !tree_equal(item->expression, e);
    }
    for (size_t i = 0; (child = tree_child(e, i)) != NULL; i++)
        if (*child != NULL && is_ambiguous(projection, *child))
            return true;
    return false;
}

static bool is_part(const CypherExpression *e)
{
    return e->kind == CYPHER_VARIABLE || e->kind == CYPHER_CALL || e->kind == CYPHER_COUNT_ALL ||
           (e->kind == CYPHER_PROPERTY && e->property.of->kind == CYPHER_VARIABLE);
}

static bool has_names(const CypherExpression *e)
{
    return e->kind == CYPHER_LIST_COMPREHENSION || e->kind == CYPHER_QUANTIFIER || e->kind == CYPHER_REDUCE ||
           e->kind == CYPHER_PATTERN || e->kind == CYPHER_PATTERN_COMPREHENSION;
}

static void refer_to(Checker *checker, const CypherItem *item, CypherExpression **place)
{
    CypherExpression *e = arena_new(checker->arena, CypherExpression);

    e->kind = CYPHER_VARIABLE;
    e->place = (*place)->place;
    e->height = 1;
    e->name = (CypherName){.place = e->place, .text = item->name.text};
    *place = e;
}

/* Puts the column in the place of what says the same as its expression. */
static Err use_columns(Checker *checker, const CypherProjection *projection, bool whole,
                       CypherExpression **place)
{
    CypherExpression **child;

    if ((*place)->kind == CYPHER_VARIABLE && item_named(projection, (*place)->name.text) != NULL)
        return OK;
    for (size_t i = 0; (whole || is_part(*place)) && i < projection->item_count; i++) {
        if (!tree_equal(projection->items[i].expression, *place))
            continue;
        if (is_ambiguous(projection, *place))
            return cypher_error((*place)->place, "this may mean two things: expected the name of a column");
        refer_to(checker, &projection->items[i], place);
        return OK;
    }
    for (size_t i = 0; !has_names(*place) && (child = tree_child(*place, i)) != NULL; i++)
        if (*child != NULL)
            TRY(use_columns(checker, projection, false, child));
    return OK;
}

static Err use_columns_everywhere(Checker *checker, CypherProjection *projection)
{
    for (size_t i = 0; i < projection->order_count; i++)
        TRY(use_columns(checker, projection, true, &projection->order[i].expression));
    return projection->where != NULL ? use_columns(checker, projection, true, &projection->where) : OK;
}

/* ---- What follows the items ---- */

static Err check_order(Checker *checker, CypherProjection *projection)
{
    Type type = {0};

    checker->aggregation = AGGREGATION_REFUSED;
    for (size_t i = 0; i < projection->order_count; i++)
        TRY(check_expression(checker, projection->order[i].expression, &type));
    return OK;
}

/* A number that is the same for all rows, and no negative one. */
static Err check_limit(Checker *checker, CypherExpression *e, const char *what)
{
    Type type = {0};

    if (e == NULL)
        return OK;
    checker->aggregation = AGGREGATION_REFUSED;
    checker->constant = true;
    TRY(check_expression(checker, e, &type));
    checker->constant = false;
    TRY(type_demand(type, KIND_INTEGER, e->place, what));
    if (e->kind == CYPHER_UNARY && e->unary.operator== CYPHER_MINUS &&
                                   e->unary.operand->kind == CYPHER_INTEGER)
        return cypher_error(e->place, "%s expects a number that isn't negative", what);
    return OK;
}

/* The names before come to an end, those of an outer query don't. */
static void keep_items(Checker *checker, size_t items)
{
    if (items > 0)
        memmove(checker->bindings + checker->outer, checker->bindings + checker->count - items,
                items * sizeof *checker->bindings);
    checker->count = checker->outer + items;
}

/* What follows the items: evaluated behind them, for rows that have both the slots before and theirs. */
static Err check_behind(Checker *checker, CypherProjection *projection)
{
    if (projection->distinct || projection->aggregates) {
        TRY(use_columns_everywhere(checker, projection));
        keep_items(checker, projection->item_count);
    }
    checker->bound = checker->count;
    TRY(check_order(checker, projection));
    if (projection->where != NULL)
        TRY(check_where(checker, projection->where));
    keep_items(checker, projection->item_count);
    return OK;
}

Err check_projection(Checker *checker, CypherProjection *projection, CypherPlace place, bool with)
{
    Type *types;

    checker->bound = checker->count;
    if (projection->star)
        TRY(expand_star(checker, projection, place, with));
    types = arena_array(checker->arena, Type, projection->item_count);
    TRY(check_items(checker, projection, with, types));
    TRY(check_limit(checker, projection->skip, "SKIP"));
    TRY(check_limit(checker, projection->limit, "LIMIT"));
    declare_items(checker, projection, types);
    return check_behind(checker, projection);
}
