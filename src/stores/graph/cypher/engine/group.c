/* Aggregating projections: rows with the same items (but for the aggregations) are one group, and become one row. */
#include <string.h>

#include "stores/graph/cypher/engine/aggregate.h"
#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/pipeline.h"
#include "stores/graph/cypher/engine/tuples.h"
#include "stores/graph/cypher/engine/walk.h"

typedef struct GroupOperator {
    Operator operator; /* first: a GroupOperator is an Operator */
    const CypherProjection *projection;
    const CypherItem **keys;
    size_t key_count;
    const CypherExpression **calls; /* the aggregations of all items */
    size_t call_count;
    size_t *slots; /* what items with an aggregation read besides: any row of the group gives it */
    size_t slot_count;
    Tuples groups;
} GroupOperator;

typedef struct Group {
    Accumulator **accumulators;
    Value *slots;
} Group;

static Group *new_group(GroupOperator *self, Run *run)
{
    Group *group = arena_new(&run->kept, Group);

    group->accumulators = arena_array(&run->kept, Accumulator *, self->call_count);
    for (size_t i = 0; i < self->call_count; i++)
        group->accumulators[i] = aggregate_begin(run, self->calls[i]);
    group->slots = arena_array(&run->kept, Value, self->slot_count);
    for (size_t i = 0; i < self->slot_count; i++)
        group->slots[i] = value_copy(&run->kept, run->row[self->slots[i]]);
    return group;
}

static Err group_push(Operator *operator, Run * run)
{
    GroupOperator *self = (GroupOperator *)operator;
    Value *values = arena_array(&run->scratch, Value, self->key_count);
    bool is_new;

    for (size_t i = 0; i < self->key_count; i++)
        TRY(evaluate(run, self->keys[i]->expression, &values[i]));
    Tuple *tuple = tuples_put(&self->groups, values, &is_new);
    if (is_new)
        tuple->carried = new_group(self, run);
    const Group *group = tuple->carried;
    for (size_t i = 0; i < self->call_count; i++)
        TRY(aggregate_add(run, group->accumulators[i]));
    return run_reserve(run, 0);
}

/* The row of a group: its keys, and what its aggregations add up to. */
static Err set_items(const GroupOperator *self, Run *run, const Tuple *tuple)
{
    const Group *group = tuple->carried;
    const CypherProjection *projection = self->projection;

    for (size_t i = 0; i < self->slot_count; i++)
        run->row[self->slots[i]] = group->slots[i];
    for (size_t i = 0; i < self->key_count; i++)
        run->row[self->keys[i]->name.slot] = tuple->values[i];
    for (size_t i = 0; i < projection->item_count; i++)
        if (projection->items[i].expression->aggregates)
            TRY(evaluate(run, projection->items[i].expression, &run->row[projection->items[i].name.slot]));
    return OK;
}

static Err push_group(GroupOperator *self, Run *run, const Tuple *tuple)
{
    const Aggregation *outer = run->aggregation;
    ArenaMark mark = arena_mark(&run->scratch);
    const Group *group = tuple->carried;
    Value *results = arena_array(&run->scratch, Value, self->call_count);
    Aggregation aggregation = {self->calls, results, self->call_count};

    for (size_t i = 0; i < self->call_count; i++)
        TRY(aggregate_end(run, group->accumulators[i], &results[i]));
    run->aggregation = &aggregation;
    Err e = set_items(self, run, tuple);
    run->aggregation = outer;
    TRY(e);
    TRY(pipeline_push_on(&self->operator, run));
    arena_rewind(&run->scratch, mark);
    return OK;
}

static Err group_finish(Operator *operator, Run * run)
{
    GroupOperator *self = (GroupOperator *)operator;
    bool is_new;

    if (self->groups.count == 0 && self->key_count == 0) /* nothing adds up to something: count(*) is 0 */
        tuples_put(&self->groups, NULL, &is_new)->carried = new_group(self, run);
    operator->full = operator->next->full;
    for (size_t i = 0; i < self->groups.count && !operator->full; i++)
        TRY(push_group(self, run, &self->groups.items[i]));
    return OK;
}

/* ---- What an item reads besides its aggregations ---- */

static void find_slots(GroupOperator *self, Run *run)
{
    size_t all = run->query->slot_count;
    bool *reads = arena_array(&run->scratch, bool, all);
    bool *declared = arena_array(&run->scratch, bool, all);

    for (size_t i = 0; i < self->projection->item_count; i++)
        if (self->projection->items[i].expression->aggregates)
            walk_reads(self->projection->items[i].expression, true, all, reads, declared);
    self->slots = arena_array(&run->scratch, size_t, all);
    for (size_t i = 0; i < all; i++)
        if (reads[i])
            self->slots[self->slot_count++] = i;
}

/* ---- Building ---- */

/* Those with an aggregation have calls, the others are what the groups go by. */
static void sort_items(GroupOperator *self, Run *run)
{
    const CypherProjection *projection = self->projection;

    for (size_t i = 0; i < projection->item_count; i++)
        self->call_count += walk_aggregations(projection->items[i].expression, NULL);
    self->calls = arena_array(&run->scratch, const CypherExpression *, self->call_count);
    self->keys = arena_array(&run->scratch, const CypherItem *, projection->item_count);
    self->call_count = 0;
    for (size_t i = 0; i < projection->item_count; i++) {
        const CypherItem *item = &projection->items[i];

        self->call_count += walk_aggregations(item->expression, self->calls + self->call_count);
        if (!item->expression->aggregates)
            self->keys[self->key_count++] = item;
    }
}

Operator *group_build(Run *run, const CypherProjection *projection)
{
    GroupOperator *self = arena_new(&run->scratch, GroupOperator);

    self->operator.push = group_push;
    self->operator.finish = group_finish;
    self->projection = projection;
    sort_items(self, run);
    find_slots(self, run);
    tuples_init(&self->groups, &run->kept, self->key_count);
    return &self->operator;
}
