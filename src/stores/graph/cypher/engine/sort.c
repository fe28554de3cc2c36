/* ORDER BY: keeps the rows, and pushes them in their order. Rows that are equal stay in the order they came. */
#include <stdlib.h>

#include "stores/graph/cypher/engine/compare.h"
#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/pipeline.h"
#include "stores/graph/cypher/engine/walk.h"

typedef struct SortRow {
    const Value *keys;
    const Value *slots;
    uint64_t number;
} SortRow;

typedef struct SortOperator {
    Operator operator; /* first: a SortOperator is an Operator */
    const CypherProjection *projection;
    size_t *slots; /* what is read later */
    size_t slot_count;
    size_t needed; /* only the first so many rows matter */
    SortRow *rows;
    size_t count;
    size_t room;
    uint64_t numbers;
    bool has_bound; /* rows[needed - 1] is the last that matters; what isn't before it can't */
} SortOperator;

static int compare_keys(const CypherProjection *projection, const Value *a, const Value *b)
{
    for (size_t i = 0; i < projection->order_count; i++) {
        int order = value_order(a[i], b[i]);

        if (order != 0)
            return projection->order[i].descending ? -order : order;
    }
    return 0;
}

static int compare_rows(const void *a, const void *b, void *projection)
{
    const SortRow *left = a;
    const SortRow *right = b;
    int order = compare_keys(projection, left->keys, right->keys);

    return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

static void sort_rows(SortOperator *self)
{
    if (self->count > 0)
        qsort_r(self->rows, self->count, sizeof(*self->rows), compare_rows, (void *)self->projection);
}

/* When twice as many rows as matter are there, half of them go. */
static void drop_what_cannot_matter(SortOperator *self)
{
    if (self->needed > SIZE_MAX / 2 || self->count < self->needed * 2 || self->needed == 0)
        return;
    sort_rows(self);
    self->count = self->needed;
    self->has_bound = true;
}

static void add_row(SortOperator *self, Run *run, const Value *keys)
{
    size_t order_count = self->projection->order_count;
    Value *kept = arena_array(&run->kept, Value, order_count + self->slot_count);

    ARENA_MORE(&run->kept, self->rows, self->count, self->room, 16);
    for (size_t i = 0; i < order_count; i++)
        kept[i] = value_copy(&run->kept, keys[i]);
    for (size_t i = 0; i < self->slot_count; i++)
        kept[order_count + i] = value_copy(&run->kept, run->row[self->slots[i]]);
    self->rows[self->count++] = (SortRow){kept, kept + order_count, self->numbers++};
}

static Err sort_push(Operator *operator, Run * run)
{
    SortOperator *self = (SortOperator *)operator;
    const CypherProjection *projection = self->projection;
    Value *keys = arena_array(&run->scratch, Value, projection->order_count);

    for (size_t i = 0; i < projection->order_count; i++)
        TRY(evaluate(run, projection->order[i].expression, &keys[i]));
    if (self->has_bound && compare_keys(projection, keys, self->rows[self->needed - 1].keys) >= 0)
        return OK;
    add_row(self, run, keys);
    drop_what_cannot_matter(self);
    return run_reserve(run, 0);
}

static Err sort_finish(Operator *operator, Run * run)
{
    SortOperator *self = (SortOperator *)operator;

    sort_rows(self);
    operator->full = operator->next->full;
    for (size_t i = 0; i < self->count && !operator->full; i++) {
        ArenaMark mark = arena_mark(&run->scratch);

        TRY(run_tick(run));
        for (size_t k = 0; k < self->slot_count; k++)
            run->row[self->slots[k]] = self->rows[i].slots[k];
        TRY(pipeline_push_on(operator, run));
        arena_rewind(&run->scratch, mark);
    }
    return OK;
}

/* The items; and what WHERE, which comes after, reads of what there was before them. */
static void choose_slots(SortOperator *self, Run *run)
{
    const CypherProjection *projection = self->projection;
    size_t all = run->query->slot_count;
    bool *reads = arena_array(&run->scratch, bool, all);
    bool *declared = arena_array(&run->scratch, bool, all);

    if (projection->where)
        walk_reads(projection->where, false, all, reads, declared);
    for (size_t i = 0; i < projection->item_count; i++)
        reads[projection->items[i].name.slot] = true;
    self->slots = arena_array(&run->scratch, size_t, all);
    for (size_t i = 0; i < all; i++)
        if (reads[i])
            self->slots[self->slot_count++] = i;
}

Operator *sort_build(Run *run, const CypherProjection *projection, size_t rows_needed)
{
    SortOperator *self = arena_new(&run->scratch, SortOperator);

    self->operator.push = sort_push;
    self->operator.finish = sort_finish;
    self->projection = projection;
    self->needed = rows_needed;
    choose_slots(self, run);
    return &self->operator;
}
