#include "stores/graph/cypher/engine/walk.h"

#include "stores/graph/cypher/functions.h"
#include "stores/graph/cypher/tree.h"

typedef void (*WalkFn)(void *context, const CypherExpression *expression);

/* Each expression right below this one. Going over the tree asks for one that may be changed, and changes nothing. */
static void each_child(const CypherExpression *expression, WalkFn each, void *context)
{
    CypherExpression **child;

    for (size_t i = 0; (child = tree_child((CypherExpression *)expression, i)) != NULL; i++)
        if (*child)
            each(context, *child);
}

/* ---- Ready ---- */

typedef struct Readiness {
    bool *bound;
    bool ready;
} Readiness;

static void look_at_name(Readiness *readiness, const CypherName *name)
{
    if (name->bound)
        readiness->ready &= readiness->bound[name->slot];
    else
        readiness->bound[name->slot] = true;
}

static void look_at_path(Readiness *readiness, const CypherPath *path)
{
    if (path->name.text.data)
        look_at_name(readiness, &path->name);
    for (size_t i = 0; i <= path->relationship_count; i++)
        look_at_name(readiness, &path->nodes[i].name);
    for (size_t i = 0; i < path->relationship_count; i++)
        look_at_name(readiness, &path->relationships[i].name);
}

static void look(void *context, const CypherExpression *e)
{
    Readiness *readiness = context;

    switch (e->kind) {
    case CYPHER_VARIABLE:
        readiness->ready &= readiness->bound[e->name.slot];
        break;
    case CYPHER_LIST_COMPREHENSION:
        readiness->bound[e->comprehension.name.slot] = true;
        break;
    case CYPHER_QUANTIFIER:
        readiness->bound[e->quantifier.name.slot] = true;
        break;
    case CYPHER_REDUCE:
        readiness->bound[e->reduce.name.slot] = readiness->bound[e->reduce.accumulator.slot] = true;
        break;
    case CYPHER_PATTERN:
        look_at_path(readiness, e->pattern);
        break;
    case CYPHER_PATTERN_COMPREHENSION:
        look_at_path(readiness, e->matching.path);
        break;
    case CYPHER_EXISTS_SUBQUERY:
        readiness->ready = false;
        break;
    default:
        break;
    }
    each_child(e, look, readiness);
}

bool walk_is_ready(const CypherExpression *expression, bool *bound)
{
    Readiness readiness = {bound, true};

    look(&readiness, expression);
    return readiness.ready;
}

/* ---- Reads ---- */

typedef struct Reads {
    bool around_aggregations;
    bool *reads;
    bool *declared;
} Reads;

static void note(void *context, const CypherExpression *expression);

static void note_name(const Reads *notes, const CypherName *name)
{
    (name->bound ? notes->reads : notes->declared)[name->slot] = true;
}

static void note_path(const Reads *notes, const CypherPath *path)
{
    if (path->name.text.data)
        note_name(notes, &path->name);
    for (size_t i = 0; i <= path->relationship_count; i++)
        note_name(notes, &path->nodes[i].name);
    for (size_t i = 0; i < path->relationship_count; i++)
        note_name(notes, &path->relationships[i].name);
}

static void note_if(Reads *notes, const CypherExpression *expression)
{
    if (expression)
        note(notes, expression);
}

static void note_match(Reads *notes, const CypherMatch *match)
{
    for (size_t i = 0; i < match->path_count; i++) {
        const CypherPath *path = &match->paths[i];

        note_path(notes, path);
        for (size_t k = 0; k <= path->relationship_count; k++)
            note_if(notes, path->nodes[k].properties);
        for (size_t k = 0; k < path->relationship_count; k++)
            note_if(notes, path->relationships[k].properties);
    }
    note_if(notes, match->where);
}

static void note_projection(Reads *notes, const CypherProjection *projection)
{
    for (size_t i = 0; i < projection->item_count; i++) {
        notes->declared[projection->items[i].name.slot] = true;
        note(notes, projection->items[i].expression);
    }
    for (size_t i = 0; i < projection->order_count; i++)
        note(notes, projection->order[i].expression);
    note_if(notes, projection->where);
}

static void note_clause(Reads *notes, const CypherClause *clause)
{
    if (clause->kind == CYPHER_MATCH) {
        note_match(notes, &clause->match);
    } else if (clause->kind == CYPHER_UNWIND) {
        notes->declared[clause->unwind.name.slot] = true;
        note(notes, clause->unwind.list);
    } else {
        note_projection(notes, &clause->projection);
    }
}

static void note_query(Reads *notes, const CypherQuery *query)
{
    for (size_t i = 0; i < query->part_count; i++)
        for (size_t k = 0; k < query->parts[i].clause_count; k++)
            note_clause(notes, &query->parts[i].clauses[k]);
}

static bool is_aggregation(const CypherExpression *expression)
{
    return expression->kind == CYPHER_COUNT_ALL ||
           (expression->kind == CYPHER_CALL && function_aggregates(expression->call.function));
}

/* Appends it to the aggregations, or looks for them below it. */
typedef struct Finding {
    const CypherExpression **calls;
    size_t count;
} Finding;

static void find(void *context, const CypherExpression *expression)
{
    Finding *finding = context;

    if (!is_aggregation(expression)) {
        if (expression->aggregates)
            each_child(expression, find, finding);
        return;
    }
    if (finding->calls)
        finding->calls[finding->count] = expression;
    finding->count++;
}

size_t walk_aggregations(const CypherExpression *expression, const CypherExpression **calls)
{
    Finding finding = {calls, 0};

    find(&finding, expression);
    return finding.count;
}

static void note(void *context, const CypherExpression *e)
{
    Reads *notes = context;

    if (notes->around_aggregations && is_aggregation(e))
        return;
    switch (e->kind) {
    case CYPHER_VARIABLE:
        notes->reads[e->name.slot] = true;
        break;
    case CYPHER_LIST_COMPREHENSION:
        notes->declared[e->comprehension.name.slot] = true;
        break;
    case CYPHER_QUANTIFIER:
        notes->declared[e->quantifier.name.slot] = true;
        break;
    case CYPHER_REDUCE:
        notes->declared[e->reduce.name.slot] = notes->declared[e->reduce.accumulator.slot] = true;
        break;
    case CYPHER_PATTERN:
        note_path(notes, e->pattern);
        break;
    case CYPHER_PATTERN_COMPREHENSION:
        note_path(notes, e->matching.path);
        break;
    case CYPHER_EXISTS_SUBQUERY:
        note_query(notes, e->subquery);
        break;
    default:
        break;
    }
    each_child(e, note, notes);
}

void walk_reads(const CypherExpression *expression, bool around_aggregations, size_t slot_count, bool *reads,
                bool *declared)
{
    Reads notes = {around_aggregations, reads, declared};

    note(&notes, expression);
    for (size_t i = 0; i < slot_count; i++)
        reads[i] = reads[i] && !declared[i];
}
