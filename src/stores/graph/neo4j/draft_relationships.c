/* The row functions of a draft: relationships. */
#include "stores/graph/neo4j/draft_rows.h"

#include <stdlib.h>

/* ---- lists */

static int compare_ids(const void *a, const void *b)
{
    int64_t left = (*(DraftRelationship *const *)a)->id;
    int64_t right = (*(DraftRelationship *const *)b)->id;

    return (left > right) - (left < right);
}

/* Those of a list that are there, in the order of writing. */
static DraftGroup in_order(Arena *arena, DraftRelationship *const *items, size_t count)
{
    DraftGroup group = {.items = arena_array(arena, DraftRelationship *, count)};

    for (size_t i = 0; i < count; i++)
        if (items[i]->known && !items[i]->deleted)
            group.items[group.count++] = items[i];
    if (group.count > 0)
        qsort(group.items, group.count, sizeof(*group.items), compare_ids);
    return group;
}

static Err list_between(Rows *rows, Arena *arena, Str type, Str source, Str target, DraftGroup *out)
{
    DraftGroup *ends;

    TRY(draft_need_ends(draft_of(rows), type, source, target, &ends));
    *out = in_order(arena, ends->items, ends->count);
    return OK;
}

static bool is_taken_back(const DraftRelationship *r)
{
    return r->closed.present && r->closed.value != ENDS_BY_ITSELF;
}

static GraphSqlSaidRow said_row(const DraftRelationship *r)
{
    return (GraphSqlSaidRow){
        r->id,         r->origin, r->line, r->at_us, r->until_us, r->shown, r->event.data != NULL,
        r->properties, r->sum};
}

static GraphSqlTouchingRow touching_row(const DraftRelationship *r)
{
    return (GraphSqlTouchingRow){r->id,      r->type,    r->source, r->target,
                                 r->repeats, r->written, r->closed, r->event};
}

static Err list_single(Rows *rows, Arena *arena, DraftEnds ends, bool ended_too, GraphSqlSaidRow **out,
                       size_t *count)
{
    DraftGroup between;

    TRY(list_between(rows, arena, ends.type, ends.from, ends.to, &between));
    *out = arena_array(arena, GraphSqlSaidRow, between.count);
    *count = 0;
    for (size_t i = 0; i < between.count; i++) {
        const DraftRelationship *r = between.items[i];
        bool ends_by_itself = r->closed.present && r->closed.value == ENDS_BY_ITSELF;

        if (!r->repeats && (!r->until_us.present || (ended_too && ends_by_itself)))
            (*out)[(*count)++] = said_row(r);
    }
    return OK;
}

Err draft_list_said(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                    size_t *count)
{
    return list_single(rows, arena, (DraftEnds){type, source, target}, true, out, count);
}

Err draft_list_open(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlSaidRow **out,
                    size_t *count)
{
    return list_single(rows, arena, (DraftEnds){type, source, target}, false, out, count);
}

Err draft_find_on_line(Rows *rows, Arena *arena, int64_t origin, int64_t line, Str type, Str source,
                       Str target, GraphSqlSaidRow *out, bool *found)
{
    DraftGroup between;

    TRY(list_between(rows, arena, type, source, target, &between));
    *found = false;
    for (size_t i = 0; i < between.count && !*found; i++) {
        const DraftRelationship *r = between.items[i];

        *found = r->origin == origin && r->event.data == NULL && r->line == line && r->repeats &&
                 !is_taken_back(r);
        *out = said_row(r);
    }
    return OK;
}

static bool same_end(SqlMaybeInt a, SqlMaybeInt b)
{
    return a.present == b.present && (!a.present || a.value == b.value);
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
Err draft_find_alike(Rows *rows, Arena *arena, int64_t origin, Str type, Str source, Str target,
                     int64_t at_us, SqlMaybeInt until_us, Str properties, GraphSqlSaidRow *out, bool *found)
{
    DraftGroup between;

    TRY(list_between(rows, arena, type, source, target, &between));
    *found = false;
    for (size_t i = 0; i < between.count && !*found; i++) {
        const DraftRelationship *r = between.items[i];

        *found = r->origin == origin && r->line == 0 && r->repeats && !is_taken_back(r) &&
                 r->at_us == at_us && same_end(r->until_us, until_us) && str_equal(r->properties, properties);
        *out = said_row(r);
    }
    return OK;
}

Err draft_list_told(Rows *rows, Arena *arena, Str type, Str source, Str target, int64_t repeats,
                    GraphSqlToldRow **out, size_t *count)
{
    DraftGroup between;

    TRY(list_between(rows, arena, type, source, target, &between));
    *out = arena_array(arena, GraphSqlToldRow, between.count);
    *count = 0;
    for (size_t i = 0; i < between.count; i++) {
        const DraftRelationship *r = between.items[i];

        if (r->event.data == NULL && r->repeats == (repeats != 0))
            (*out)[(*count)++] =
                (GraphSqlToldRow){r->id, r->origin, r->line, r->at_us, r->written, r->closed, r->said_us};
    }
    return OK;
}

static Str origin_text(const Draft *draft, Arena *arena, const DraftRelationship *r)
{
    if (r->event.data != NULL)
        return str_format(arena, "event:%.*s", STR_ARG(r->event));
    return str_copy(arena, draft_origin(draft, r->origin)->name);
}

Err draft_list_relationship_claims(Rows *rows, Arena *arena, Str type, Str source, Str target,
                                   GraphSqlRelationshipClaimRow **out, size_t *count)
{
    DraftGroup between;

    TRY(list_between(rows, arena, type, source, target, &between));
    *out = arena_array(arena, GraphSqlRelationshipClaimRow, between.count);
    *count = between.count;
    for (size_t i = 0; i < between.count; i++) {
        const DraftRelationship *r = between.items[i];

        (*out)[i] = (GraphSqlRelationshipClaimRow){origin_text(draft_of(rows), arena, r), r->line, r->at_us,
                                                   r->until_us, str_copy(arena, r->properties)};
    }
    return OK;
}

static int compare_written(const void *a, const void *b)
{
    const GraphSqlTouchingRow *left = a;
    const GraphSqlTouchingRow *right = b;

    if (left->written != right->written)
        return left->written < right->written ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

Err draft_list_touching(Rows *rows, Arena *arena, Str key, int64_t since_turn, GraphSqlTouchingRow **out,
                        size_t *count)
{
    DraftGroup touching;
    DraftNode *node;

    TRY(draft_need_touching(draft_of(rows), key, &node));
    touching = in_order(arena, node->touching.items, node->touching.count);
    *out = arena_array(arena, GraphSqlTouchingRow, touching.count);
    *count = 0;
    for (size_t i = 0; i < touching.count; i++) {
        const DraftRelationship *r = touching.items[i];

        if (r->written >= since_turn || !r->closed.present || r->closed.value >= since_turn)
            (*out)[(*count)++] = touching_row(r);
    }
    if (*count > 0)
        qsort(*out, *count, sizeof(**out), compare_written);
    return OK;
}

/* ---- of one origin */

static DraftGroup of_origin(const Draft *draft, Arena *arena, int64_t origin)
{
    DraftGroup all = in_order(arena, draft->relationships, draft->relationship_count);
    size_t count = 0;

    for (size_t i = 0; i < all.count; i++)
        if (all.items[i]->origin == origin)
            all.items[count++] = all.items[i];
    all.count = count;
    return all;
}

Err draft_list_relationships_said_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlRelationshipKey **out,
                                     size_t *count)
{
    TRY(draft_need_all_of(draft_of(rows), origin));
    DraftGroup said = of_origin(draft_of(rows), arena, origin);
    *out = arena_array(arena, GraphSqlRelationshipKey, said.count);
    *count = 0;
    for (size_t i = 0; i < said.count; i++) {
        const DraftRelationship *r = said.items[i];

        if (!is_taken_back(r))
            (*out)[(*count)++] = (GraphSqlRelationshipKey){r->id,    r->type,     r->source,  r->target,
                                                           r->at_us, r->until_us, r->repeats, r->written};
    }
    return OK;
}

Err draft_list_relationships_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlTouchingRow **out,
                                size_t *count)
{
    TRY(draft_need_all_of(draft_of(rows), origin));
    DraftGroup said = of_origin(draft_of(rows), arena, origin);
    *out = arena_array(arena, GraphSqlTouchingRow, said.count);
    *count = said.count;
    for (size_t i = 0; i < said.count; i++)
        (*out)[i] = touching_row(said.items[i]);
    return OK;
}

/* ---- the past */

static Err read_others(Draft *draft, Arena *arena, const DraftNode *node)
{
    Str *keys = arena_array(arena, Str, 2 * node->touching.count);
    size_t count = 0;

    for (size_t i = 0; i < node->touching.count; i++) {
        keys[count++] = node->touching.items[i]->source;
        keys[count++] = node->touching.items[i]->target;
    }
    return draft_fetch(draft, &(DraftWants){.nodes = keys, .node_count = count});
}

static Err past_row(Draft *draft, Arena *arena, const DraftRelationship *r, bool is_out, GraphSqlPastRow *out)
{
    const DraftNode *other = draft_node(draft, is_out ? r->target : r->source);

    *out = (GraphSqlPastRow){
        .id = r->id,
        .type = str_copy(arena, r->type),
        .is_out = is_out,
        .other = str_copy(arena, other->key),
        .label = str_copy(arena, other->label),
        .at_us = r->at_us,
        .until_us = r->until_us,
        .repeats = r->repeats,
        .recorded = r->event.data != NULL,
        .properties = str_copy(arena, r->properties),
    };
    return native_name(arena, other->properties, out->other, &out->name);
}

static bool held_at(const DraftRelationship *r, int64_t moment)
{
    return r->at_us <= moment && (!r->until_us.present || r->until_us.value > moment);
}

Err draft_list_past(Rows *rows, Arena *arena, Str key, int64_t moment, GraphSqlPastRow **out, size_t *count)
{
    Draft *draft = draft_of(rows);
    DraftGroup touching;
    DraftNode *node;

    TRY(draft_need_touching(draft, key, &node));
    TRY(read_others(draft, arena, node));
    touching = in_order(arena, node->touching.items, node->touching.count);
    *out = arena_array(arena, GraphSqlPastRow, 2 * touching.count);
    *count = 0;
    for (size_t i = 0; i < touching.count; i++) {
        const DraftRelationship *r = touching.items[i];

        if (held_at(r, moment) && str_equal(r->source, key))
            TRY(past_row(draft, arena, r, true, &(*out)[(*count)++]));
        if (held_at(r, moment) && str_equal(r->target, key))
            TRY(past_row(draft, arena, r, false, &(*out)[(*count)++]));
    }
    return OK;
}

/* ---- changes */

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
Err draft_add_relationship_row(Rows *rows, Str type, Str source, Str target, int64_t at_us,
                               SqlMaybeInt until_us, int64_t shown, int64_t repeats, int64_t origin,
                               int64_t line, int64_t written, SqlMaybeInt closed, SqlMaybeInt said_us,
                               Str properties)
{
    Draft *draft = draft_of(rows);
    DraftRelationship *r = draft_add_relationship(draft, draft->next_id++, type, source, target);
    DraftNode *node;

    r->at_us = at_us;
    r->until_us = until_us;
    r->shown = shown != 0;
    r->repeats = repeats != 0;
    r->origin = origin;
    r->line = line;
    r->written = written;
    r->closed = closed;
    r->said_us = said_us;
    r->properties = str_copy(&draft->arena, properties);
    r->known = r->changed = true;
    TRY(draft_need_met(draft, source, &node));
    if (origin != ORIGIN_EVENTS && !node->said)
        draft_note_origin(draft, node, draft_origin(draft, origin)->name);
    return OK;
}

static Err change(Rows *rows, int64_t id, DraftRelationship **out)
{
    TRY(draft_need_relationship(draft_of(rows), id, out));
    (*out)->changed = true;
    return OK;
}

Err draft_close_relationship(Rows *rows, int64_t id, SqlMaybeInt until_us, int64_t closed)
{
    DraftRelationship *r;

    TRY(change(rows, id, &r));
    r->until_us = until_us;
    r->closed = (SqlMaybeInt){true, closed};
    r->shown = false;
    r->sum = (Str){0};
    return OK;
}

Err draft_set_relationship_line(Rows *rows, int64_t id, int64_t line)
{
    DraftRelationship *r;

    TRY(change(rows, id, &r));
    r->line = line;
    return OK;
}

Err draft_set_shown(Rows *rows, int64_t id, int64_t shown, Str sum)
{
    DraftRelationship *r;

    TRY(change(rows, id, &r));
    r->shown = shown != 0;
    r->sum = str_copy(&draft_of(rows)->arena, sum);
    return OK;
}

Err draft_delete_relationship(Rows *rows, int64_t id)
{
    DraftRelationship *r;

    TRY(change(rows, id, &r));
    r->deleted = true;
    return OK;
}

Err draft_begin_as_said(Rows *rows, int64_t id)
{
    DraftRelationship *r;

    TRY(change(rows, id, &r));
    r->at_us = r->said_us.value;
    r->said_us = (SqlMaybeInt){0};
    return OK;
}
