/* The reads of the past: all claims that touch a node are looked at, and added up as they were. And who says so. */
#include <stdlib.h>

#include "stores/graph/ledger.h"
#include "stores/graph/neighbours.h"
#include "stores/graph/rules.h"

typedef struct Past {
    GraphSqlPastRow *rows;
    size_t count;
} Past;

static Err read_past(Rows *rows, Arena *arena, Str key, int64_t moment_us, Past *out)
{
    return rows->twin->list_past(rows, arena, key, moment_us, &out->rows, &out->count);
}

Err rules_get_past_node(Rows *rows, Arena *arena, Str key, int64_t moment_us, GraphNode *out)
{
    NodeClaims claims;
    NodeSum sum;
    Past past = {0};

    TRY(ledger_read_node(rows, arena, key, &claims));
    TRY(node_sum(arena, claims.claims, claims.count, moment_us, &sum));
    if (!sum.held && claims.count > 0)
        TRY(read_past(rows, arena, key, moment_us, &past));
    if (!sum.held && past.count == 0)
        return err(NOT_FOUND, "there was no entity %.*s then", STR_ARG(key));
    *out = sum.node;
    out->key = str_copy(arena, key);
    return OK;
}

/* ---- neighbours */

/* Claims for one relationship stand together, in the order of writing; each that repeats alone. */
static int compare_relationships(const void *a, const void *b)
{
    const GraphSqlPastRow *left = a;
    const GraphSqlPastRow *right = b;
    int order = str_compare(left->type, right->type);

    if (order == 0)
        order = str_compare(left->other, right->other);
    if (order == 0)
        order = (left->is_out > right->is_out) - (left->is_out < right->is_out);
    if (order == 0)
        order = (left->repeats > right->repeats) - (left->repeats < right->repeats);
    return order != 0 ? order : (left->id > right->id) - (left->id < right->id);
}

static bool is_same_relationship(const GraphSqlPastRow *a, const GraphSqlPastRow *b)
{
    return a->repeats == 0 && b->repeats == 0 && a->is_out == b->is_out && str_equal(a->type, b->type) &&
           str_equal(a->other, b->other);
}

static Err add_up(Arena *arena, const GraphSqlPastRow *rows, size_t count, int64_t moment_us,
                  GraphNeighbour *out)
{
    RelationshipClaim *claims = arena_array(arena, RelationshipClaim, count);
    RelationshipSum sum;

    for (size_t i = 0; i < count; i++)
        claims[i] = (RelationshipClaim){rows[i].at_us, end_from_sql(rows[i].until_us), rows[i].recorded != 0,
                                        rows[i].properties};
    TRY(relationship_sum(arena, claims, count, moment_us, &sum));
    *out = (GraphNeighbour){
        .id = rows[sum.shown].id,
        .relationship = rows->type,
        .direction = rows->is_out ? GRAPH_OUT : GRAPH_IN,
        .key = rows->other,
        .label = rows->label,
        .name = rows->name,
        .at_us = sum.at_us,
        .until_us = sum.until_us,
        .properties = sum.properties,
    };
    return OK;
}

static bool is_wanted(const GraphView *view, const GraphNeighbour *neighbour)
{
    if (view->direction != GRAPH_BOTH && view->direction != neighbour->direction)
        return false;
    if (!place_is_first(&view->after) && neighbour_compare_place(&view->after, neighbour) >= 0)
        return false;
    for (size_t i = 0; i < view->type_count; i++)
        if (str_equal(view->types[i], neighbour->relationship))
            return true;
    return view->type_count == 0;
}

static int compare_neighbours(const void *a, const void *b)
{
    return neighbour_compare(a, b);
}

Err rules_get_past_neighbours(Rows *rows, Arena *arena, Str key, const GraphView *view, GraphNeighbour **out,
                              size_t *count)
{
    GraphNeighbour *all;
    Past past;
    size_t found = 0;

    TRY(read_past(rows, arena, key, view->as_of_us, &past));
    if (past.count > 0)
        qsort(past.rows, past.count, sizeof(*past.rows), compare_relationships);
    all = arena_array(arena, GraphNeighbour, past.count);
    for (size_t i = 0, end; i < past.count; i = end) {
        for (end = i + 1; end < past.count && is_same_relationship(&past.rows[i], &past.rows[end]);)
            end++;
        TRY(add_up(arena, &past.rows[i], end - i, view->as_of_us, &all[found]));
        found += is_wanted(view, &all[found]);
    }
    qsort(all, found, sizeof(*all), compare_neighbours);
    *out = all;
    *count = found < view->limit ? found : view->limit;
    return OK;
}

/* ---- who says so */

Err rules_get_node_claims(Rows *rows, Arena *arena, Str key, GraphClaim **out, size_t *count)
{
    NodeClaims claims;

    TRY(ledger_read_node(rows, arena, key, &claims));
    *out = arena_array(arena, GraphClaim, claims.count);
    *count = claims.count;
    for (size_t i = 0; i < claims.count; i++)
        (*out)[i] = (GraphClaim){claims.rows[i].origin_name, claims.rows[i].line, claims.claims[i].since_us,
                                 claims.claims[i].until_us, claims.claims[i].properties};
    return OK;
}

Err rules_get_relationship_claims(Rows *rows, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                  size_t *count)
{
    GraphSqlRelationshipClaimRow *said;

    TRY(rows->twin->list_relationship_claims(rows, arena, type, from, to, &said, count));
    *out = arena_array(arena, GraphClaim, *count);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = (GraphClaim){said[i].origin, said[i].line, said[i].since_us,
                                 end_from_sql(said[i].until_us), said[i].properties};
    return OK;
}
