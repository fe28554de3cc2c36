/* Patterns that are expressions. */
#include <string.h>

#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/match.h"

static Err note_found(void *context, Run *run, bool *stop)
{
    bool *found = context;

    (void)run;
    *found = *stop = true;
    return OK;
}

Err match_exists(Run *run, const CypherPath *path, bool *found)
{
    Plan *plan;

    *found = false;
    TRY(plan_patterns(&run->scratch, path, 1, NULL, run->query->slot_count, &plan));
    return match_each(run, plan, false, note_found, found);
}

typedef struct Gathering {
    const CypherExpression *expression;
    Value *items;
    size_t count;
    size_t room;
} Gathering;

static Err gather(void *context, Run *run, bool *stop)
{
    Gathering *gathering = context;

    (void)stop;
    if (gathering->count == gathering->room) {
        size_t room = gathering->room ? gathering->room * 2 : 4;

        TRY(run_reserve_items(run, gathering->expression->place, room));
        Value *items = arena_array(&run->scratch, Value, room);
        if (gathering->count > 0)
            memcpy(items, gathering->items, gathering->count * sizeof(*items));
        gathering->items = items;
        gathering->room = room;
    }
    return evaluate(run, gathering->expression->matching.projection, &gathering->items[gathering->count++]);
}

Err match_comprehension(Run *run, const CypherExpression *expression, Value *out)
{
    Gathering gathering = {.expression = expression};
    Plan *plan;

    TRY(plan_patterns(&run->scratch, expression->matching.path, 1, expression->matching.where,
                      run->query->slot_count, &plan));
    TRY(match_each(run, plan, true, gather, &gathering));
    *out = value_list(gathering.items, gathering.count);
    return OK;
}
