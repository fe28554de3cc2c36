#include "stores/graph/cypher/check.h"

#include <string.h>

#include "stores/graph/cypher/checker.h"

/* ---- Names ---- */

size_t checker_new_slot(Checker *checker)
{
    return checker->slots++;
}

Binding *checker_find(Checker *checker, Str name)
{
    for (size_t i = checker->count; i-- > 0;)
        if (str_equal(checker->bindings[i].name, name))
            return &checker->bindings[i];
    return NULL;
}

/* Twice as many of something, the old ones first. */
static void *doubled(Arena *arena, const void *items, size_t *capacity, size_t size)
{
    size_t before = *capacity;
    void *more;

    *capacity = before * 2 + 8;
    more = arena_zalloc_array(arena, *capacity, size);
    if (before > 0)
        memcpy(more, items, before * size);
    return more;
}

void checker_declare(Checker *checker, CypherName *name, Type type)
{
    name->slot = checker_new_slot(checker);
    name->bound = false;
    if (checker->count == checker->capacity)
        checker->bindings = doubled(checker->arena, checker->bindings, &checker->capacity, sizeof(Binding));
    checker->bindings[checker->count++] = (Binding){.name = name->text, .slot = name->slot, .type = type};
}

void checker_use_parameter(Checker *checker, Str name)
{
    for (size_t i = 0; i < checker->parameter_count; i++)
        if (str_equal(checker->parameters[i], name))
            return;
    if (checker->parameter_count == checker->parameter_capacity)
        checker->parameters =
            doubled(checker->arena, checker->parameters, &checker->parameter_capacity, sizeof(Str));
    checker->parameters[checker->parameter_count++] = name;
}

/* ---- Clauses ---- */

static Err check_unwind(Checker *checker, CypherUnwind *unwind)
{
    Type type = {0};

    checker->bound = checker->count;
    TRY(check_expression(checker, unwind->list, &type));
    if (checker_find(checker, unwind->name.text) != NULL)
        return cypher_error(unwind->name.place, "%.*s is a variable already: expected a new name",
                            STR_ARG(unwind->name.text));
    checker_declare(checker, &unwind->name, type_item(type));
    return OK;
}

static Err check_clause(Checker *checker, CypherClause *clause)
{
    checker->aggregation = AGGREGATION_REFUSED;
    switch (clause->kind) {
    case CYPHER_MATCH:
        return check_match(checker, &clause->match);
    case CYPHER_UNWIND:
        return check_unwind(checker, &clause->unwind);
    case CYPHER_WITH:
    case CYPHER_RETURN:
        return check_projection(checker, &clause->projection, clause->place, clause->kind == CYPHER_WITH);
    case CYPHER_CREATE:
        break;
    }
    return OK;
}

static Err check_single(Checker *checker, CypherSingle *part, bool subquery)
{
    const CypherClause *last = &part->clauses[part->clause_count - 1];

    for (size_t i = 0; i < part->clause_count; i++) {
        if (part->clauses[i].kind == CYPHER_RETURN && i + 1 < part->clause_count)
            return cypher_error(part->clauses[i + 1].place, "RETURN ends a query: expected the end or UNION");
        TRY(check_clause(checker, &part->clauses[i]));
    }
    if (last->kind != CYPHER_RETURN && !subquery)
        return cypher_error(last->place, "a query ends with RETURN: expected RETURN behind this clause");
    return OK;
}

/* ---- UNION ---- */

static const CypherProjection *columns_of(const CypherSingle *part)
{
    const CypherClause *last = &part->clauses[part->clause_count - 1];

    return last->kind == CYPHER_RETURN ? &last->projection : NULL;
}

static bool same_columns(const CypherProjection *a, const CypherProjection *b)
{
    if (a == NULL || b == NULL || a->item_count != b->item_count)
        return a == b;
    for (size_t i = 0; i < a->item_count; i++)
        if (!str_equal(a->items[i].name.text, b->items[i].name.text))
            return false;
    return true;
}

static Err check_union(const CypherQuery *query)
{
    for (size_t i = 1; i < query->part_count; i++) {
        const CypherSingle *part = &query->parts[i];

        if (part->all != query->parts[1].all)
            return cypher_error(part->clauses[0].place, "UNION and UNION ALL can't be mixed in one query");
        if (!same_columns(columns_of(&query->parts[0]), columns_of(part)))
            return cypher_error(part->clauses[part->clause_count - 1].place,
                                "the parts of a UNION return the same columns, in the same order");
    }
    return OK;
}

Err check_query(Checker *checker, CypherQuery *query, bool subquery)
{
    size_t before = checker->count;

    for (size_t i = 0; i < query->part_count; i++) {
        checker->count = before;
        TRY(check_single(checker, &query->parts[i], subquery));
    }
    return check_union(query);
}

Err cypher_check(Arena *arena, CypherQuery *query)
{
    Checker checker = {.arena = arena};

    TRY(check_query(&checker, query, false));
    query->slot_count = checker.slots;
    query->parameters = checker.parameters;
    query->parameter_count = checker.parameter_count;
    return OK;
}
