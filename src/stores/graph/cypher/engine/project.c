/* WITH and RETURN: items, DISTINCT, ORDER BY, SKIP and LIMIT, WHERE: an operator each. */
#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/pipeline.h"
#include "stores/graph/cypher/engine/tuples.h"

static void append(Operator ***end, Operator *operator)
{
    **end = operator;
    *end = &operator->next;
}

/* ---- Items ---- */

typedef struct ItemsOperator {
    Operator operator; /* first: an ItemsOperator is an Operator */
    const CypherProjection *projection;
} ItemsOperator;

/* All are evaluated before any is set. */
static Err items_push(Operator *operator, Run * run)
{
    const CypherProjection *projection = ((ItemsOperator *)operator)->projection;
    Value *values = arena_array(&run->scratch, Value, projection->item_count);

    for (size_t i = 0; i < projection->item_count; i++)
        TRY(evaluate(run, projection->items[i].expression, &values[i]));
    for (size_t i = 0; i < projection->item_count; i++)
        run->row[projection->items[i].name.slot] = values[i];
    return pipeline_push_on(operator, run);
}

static Operator *build_items(Run *run, const CypherProjection *projection)
{
    ItemsOperator *self = arena_new(&run->scratch, ItemsOperator);

    self->operator.push = items_push;
    self->projection = projection;
    return &self->operator;
}

/* ---- DISTINCT ---- */

typedef struct DistinctOperator {
    Operator operator; /* first: a DistinctOperator is an Operator */
    const CypherProjection *projection;
    Tuples seen;
} DistinctOperator;

static Err distinct_push(Operator *operator, Run * run)
{
    DistinctOperator *self = (DistinctOperator *)operator;
    const CypherProjection *projection = self->projection;
    Value *values = arena_array(&run->scratch, Value, projection->item_count);
    bool is_new;

    for (size_t i = 0; i < projection->item_count; i++)
        values[i] = run->row[projection->items[i].name.slot];
    (void)tuples_put(&self->seen, values, &is_new);
    TRY(run_reserve(run, 0));
    return is_new ? pipeline_push_on(operator, run) : OK;
}

static Operator *build_distinct(Run *run, const CypherProjection *projection)
{
    DistinctOperator *self = arena_new(&run->scratch, DistinctOperator);

    self->operator.push = distinct_push;
    self->projection = projection;
    tuples_init(&self->seen, &run->kept, projection->item_count);
    return &self->operator;
}

/* ---- SKIP and LIMIT ---- */

typedef struct PageOperator {
    Operator operator; /* first: a PageOperator is an Operator */
    uint64_t skip;
    uint64_t limit;
} PageOperator;

static Err page_push(Operator *operator, Run * run)
{
    PageOperator *self = (PageOperator *)operator;

    if (self->skip > 0) {
        self->skip--;
        return OK;
    }
    self->limit--;
    TRY(pipeline_push_on(operator, run));
    operator->full |= self->limit == 0;
    return OK;
}

/* absent when there is no such expression. */
static Err count_of(Run *run, const CypherExpression *expression, uint64_t absent, uint64_t *out)
{
    Value value;

    *out = absent;
    if (expression == NULL)
        return OK;
    TRY(evaluate(run, expression, &value));
    if (value.type != VALUE_INTEGER)
        return run_refuse(expression->place, "SKIP and LIMIT take a number of rows, not %s",
                          value_type_name(value.type));
    if (value.integer < 0)
        return run_refuse(expression->place, "SKIP and LIMIT take a number of rows from 0, not %lld",
                          (long long)value.integer);
    *out = (uint64_t)value.integer;
    return OK;
}

static Operator *build_page(Run *run, uint64_t skip, uint64_t limit)
{
    PageOperator *self = arena_new(&run->scratch, PageOperator);

    self->operator.push = page_push;
    self->operator.full = limit == 0;
    self->skip = skip;
    self->limit = limit;
    return &self->operator;
}

/* ---- WHERE ---- */

typedef struct FilterOperator {
    Operator operator; /* first: a FilterOperator is an Operator */
    const CypherExpression *where;
} FilterOperator;

static Err filter_push(Operator *operator, Run * run)
{
    Truth truth;

    TRY(evaluate_truth(run, ((FilterOperator *)operator)->where, &truth));
    return truth == TRUTH_TRUE ? pipeline_push_on(operator, run) : OK;
}

static Operator *build_filter(Run *run, const CypherExpression *where)
{
    FilterOperator *self = arena_new(&run->scratch, FilterOperator);

    self->operator.push = filter_push;
    self->where = where;
    return &self->operator;
}

/* ---- All ---- */

Err project_build(Run *run, const CypherProjection *projection, Operator ***end)
{
    uint64_t skip;
    uint64_t limit;

    TRY(count_of(run, projection->skip, 0, &skip));
    TRY(count_of(run, projection->limit, UINT64_MAX, &limit));
    append(end, projection->aggregates ? group_build(run, projection) : build_items(run, projection));
    if (projection->distinct)
        append(end, build_distinct(run, projection));
    if (projection->order_count > 0)
        append(end, sort_build(run, projection, limit < UINT64_MAX - skip ? skip + limit : UINT64_MAX));
    if (projection->skip || projection->limit)
        append(end, build_page(run, skip, limit));
    if (projection->where)
        append(end, build_filter(run, projection->where));
    return OK;
}
