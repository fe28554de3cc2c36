/* graph_move_user: what somebody did is taken back, and recorded of another. */
#include <stdlib.h>

#include "stores/graph/ledger.h"
#include "stores/graph/rules.h"

#define EVENT STR("event:")

typedef struct Moving {
    Rows *rows;
    Arena arena;
    Str from;
    Str to;
    GraphInteraction *items;
    size_t count;
    size_t capacity;
} Moving;

static void moving_finish(Moving *moving)
{
    arena_finish(&moving->arena);
}
#define AUTO_MOVING __attribute__((cleanup(moving_finish)))

/* ---- what was done */

static bool is_own(const Moving *moving, const GraphSqlTouchingRow *row)
{
    return row->event.data != NULL && str_equal(row->source, moving->from);
}

/* Whether what was done to the same thing in the same way was seen before. */
static bool is_seen(const Moving *moving, const GraphSqlTouchingRow *rows, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (is_own(moving, &rows[k]) && str_equal(rows[k].type, rows[i].type) &&
            str_equal(rows[k].target, rows[i].target))
            return true;
    return false;
}

static Err note_done(Moving *moving, const GraphSqlTouchingRow *row)
{
    GraphSqlRelationshipClaimRow *claims;
    size_t count;

    TRY(moving->rows->twin->list_relationship_claims(moving->rows, &moving->arena, row->type, row->source,
                                                     row->target, &claims, &count));
    for (size_t i = 0; i < count; i++) {
        if (!str_starts(claims[i].origin, EVENT))
            continue;
        ARENA_MORE(&moving->arena, moving->items, moving->count, moving->capacity, 64);
        moving->items[moving->count++] = (GraphInteraction){
            .event_id = str_slice(claims[i].origin, EVENT.len, claims[i].origin.len),
            .user = moving->to,
            .type = row->type,
            .entity = row->target,
            .once = !row->repeats,
            .at_us = claims[i].since_us,
            .properties = claims[i].properties,
        };
    }
    return OK;
}

static Err find_done(Moving *moving)
{
    GraphSqlTouchingRow *rows;
    size_t count;

    TRY(moving->rows->twin->list_touching(moving->rows, &moving->arena, moving->from, 0, &rows, &count));
    for (size_t i = 0; i < count; i++)
        if (is_own(moving, &rows[i]) && !is_seen(moving, rows, i))
            TRY(note_done(moving, &rows[i]));
    return OK;
}

/* ---- taken back, and recorded again */

static Err take_back(Moving *moving, int64_t *events)
{
    Str *origins = arena_array(&moving->arena, Str, moving->count);

    for (size_t i = 0; i < moving->count; i++)
        origins[i] = str_format(&moving->arena, "event:%.*s", STR_ARG(moving->items[i].event_id));
    return rules_retract_all(moving->rows, origins, moving->count, events);
}

/* Things that nobody claims were there because somebody had done something to them. */
static Err leave_what_is_gone(Moving *moving)
{
    size_t kept = 0;

    for (size_t i = 0; i < moving->count; i++) {
        int64_t shown = NODE_GONE;
        bool found;

        TRY(moving->rows->twin->get_shown(moving->rows, moving->items[i].entity, &shown, &found));
        if (found && shown != NODE_GONE)
            moving->items[kept++] = moving->items[i];
    }
    moving->count = kept;
    return OK;
}

static int compare_moments(const void *a, const void *b)
{
    const GraphInteraction *left = a, *right = b;

    return (left->at_us > right->at_us) - (left->at_us < right->at_us);
}

/* In the order of doing: each after what came before it is the cheaper way. */
static Err record_again(Moving *moving, Json new_user_properties)
{
    TRY(leave_what_is_gone(moving));
    if (moving->count == 0)
        return OK;
    qsort(moving->items, moving->count, sizeof *moving->items, compare_moments);
    return rules_record_again(moving->rows, moving->items, moving->count, new_user_properties);
}

Err rules_move_user(Rows *rows, Str from, Str to, Json new_user_properties, int64_t *events)
{
    AUTO_MOVING Moving moving = {.rows = rows, .from = from, .to = to};

    arena_init(&moving.arena);
    *events = 0;
    TRY(find_done(&moving));
    if (moving.count == 0)
        return OK;
    TRY(take_back(&moving, events));
    return to.data != NULL ? record_again(&moving, new_user_properties) : OK;
}
