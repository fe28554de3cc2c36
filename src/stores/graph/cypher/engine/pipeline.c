#include "stores/graph/cypher/engine/pipeline.h"

#include "stores/graph/cypher/engine/evaluate.h"
#include "stores/graph/cypher/engine/match.h"

static Err push(Operator *operator, Run * run)
{
    TRY(run_enter(run));
    TRY(operator->push(operator, run));
    run_leave(run);
    return OK;
}

Err pipeline_push_on(Operator *self, Run *run)
{
    if (!self->next->full)
        TRY(push(self->next, run));
    self->full = self->next->full;
    return OK;
}

Err pipeline_run(Run *run, Operator *first)
{
    if (!first->full)
        TRY(push(first, run));
    for (Operator *operator= first; operator; operator= operator->next)
        if (operator->finish)
            TRY(operator->finish(operator, run));
    return OK;
}

/* ---- MATCH ---- */

typedef struct MatchOperator {
    Operator operator; /* first: a MatchOperator is an Operator */
    const CypherMatch *match;
    Plan *plan;
    bool found;
} MatchOperator;

static Err push_match(void *context, Run *run, bool *stop)
{
    MatchOperator *self = context;

    self->found = true;
    TRY(pipeline_push_on(&self->operator, run));
    *stop = self->operator.full;
    return OK;
}

static void set_null(Run *run, const CypherName *name)
{
    if (!name->bound)
        run->row[name->slot] = value_null();
}

static void set_path_null(Run *run, const CypherPath *path)
{
    if (path->name.text.data)
        set_null(run, &path->name);
    for (size_t i = 0; i <= path->relationship_count; i++)
        set_null(run, &path->nodes[i].name);
    for (size_t i = 0; i < path->relationship_count; i++)
        set_null(run, &path->relationships[i].name);
}

static Err match_push(Operator *operator, Run * run)
{
    MatchOperator *self = (MatchOperator *)operator;

    self->found = false;
    TRY(match_each(run, self->plan, false, push_match, self));
    if (self->found || !self->match->optional)
        return OK;
    for (size_t i = 0; i < self->match->path_count; i++)
        set_path_null(run, &self->match->paths[i]);
    return pipeline_push_on(operator, run);
}

static Err build_match(Run *run, const CypherClause *clause, Operator ***end)
{
    MatchOperator *self = arena_new(&run->scratch, MatchOperator);

    self->operator.push = match_push;
    self->match = &clause->match;
    **end = &self->operator;
    *end = &self->operator.next;
    return plan_patterns(&run->scratch, clause->match.paths, clause->match.path_count, clause->match.where,
                         run->query->slot_count, &self->plan);
}

/* ---- UNWIND ---- */

typedef struct UnwindOperator {
    Operator operator; /* first: an UnwindOperator is an Operator */
    const CypherUnwind *unwind;
} UnwindOperator;

/* Null is no row; what is no list is one. */
static Err unwind_push(Operator *operator, Run * run)
{
    const CypherUnwind *unwind = ((UnwindOperator *)operator)->unwind;
    ValueList list;
    Value value;

    TRY(evaluate(run, unwind->list, &value));
    list = value.type == VALUE_LIST ? value.list : (ValueList){&value, !value_is_null(value)};
    for (size_t i = 0; i < list.count && !operator->full; i++) {
        ArenaMark mark = arena_mark(&run->scratch);

        TRY(run_tick(run));
        run->row[unwind->name.slot] = list.items[i];
        TRY(pipeline_push_on(operator, run));
        arena_rewind(&run->scratch, mark);
    }
    return OK;
}

static Err build_unwind(Run *run, const CypherClause *clause, Operator ***end)
{
    UnwindOperator *self = arena_new(&run->scratch, UnwindOperator);

    self->operator.push = unwind_push;
    self->unwind = &clause->unwind;
    **end = &self->operator;
    *end = &self->operator.next;
    return OK;
}

/* ---- All ---- */

static Err build_projection(Run *run, const CypherClause *clause, Operator ***end)
{
    return project_build(run, &clause->projection, end);
}

Err pipeline_build(Run *run, const CypherSingle *single, Operator *last, Operator **out)
{
    static Err (*const BUILDERS[])(Run *run, const CypherClause *clause, Operator ***end) = {
        [CYPHER_MATCH] = build_match,
        [CYPHER_UNWIND] = build_unwind,
        [CYPHER_WITH] = build_projection,
        [CYPHER_RETURN] = build_projection,
    };
    Operator **end = out;

    for (size_t i = 0; i < single->clause_count; i++)
        TRY(BUILDERS[single->clauses[i].kind](run, &single->clauses[i], &end));
    *end = last;
    return OK;
}
