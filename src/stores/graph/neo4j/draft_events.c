/* The row functions of a draft: what was recorded; and the table of them all. */
#include "stores/graph/neo4j/draft_rows.h"

#include <stdlib.h>

static bool may_be_added(const DraftNode *user, const DraftNode *entity, int64_t at_us)
{
    return user->exists && user->did_us.present && user->did_us.value <= at_us && entity->exists &&
           entity->shown > NODE_GONE;
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
Err draft_add_event(Rows *rows, Str type, Str user, Str entity, int64_t at_us, SqlMaybeInt until_us,
                    int64_t repeats, int64_t shown, Str event, Str properties, int64_t *changed)
{
    static const SqlMaybeInt NONE = {0};
    Draft *draft = draft_of(rows);
    DraftRelationship *known;
    DraftNode *user_node;
    DraftNode *entity_node;

    *changed = 0;
    TRY(draft_need_event(draft, event, &known));
    TRY(draft_need_node(draft, user, &user_node));
    TRY(draft_need_node(draft, entity, &entity_node));
    bool is_known = known != NULL && !known->deleted; /* what was taken back may be done anew */
    if (is_known || !may_be_added(user_node, entity_node, at_us))
        return OK;
    TRY(draft_add_relationship_row(rows, type, user, entity, at_us, until_us, shown, repeats, ORIGIN_EVENTS,
                                   0, 2 * draft->version + 1, NONE, NONE, properties));
    DraftRelationship *r = draft->relationships[draft->relationship_count - 1];
    r->event = str_copy(&draft->arena, event);
    draft_place_event(draft, r->event, r);
    *changed = 1;
    return OK;
}

Err draft_find_event(Rows *rows, Arena *arena, Str event, GraphSqlTouchingRow *out, bool *found)
{
    DraftRelationship *r;

    (void)arena;
    TRY(draft_need_event(draft_of(rows), event, &r));
    *found = r != NULL && !r->deleted;
    if (*found)
        *out = (GraphSqlTouchingRow){r->id,      r->type,    r->source, r->target,
                                     r->repeats, r->written, r->closed, r->event};
    return OK;
}

Err draft_get_first_event(Rows *rows, Str user, SqlMaybeInt *at_us)
{
    DraftNode *node;

    TRY(draft_need_touching(draft_of(rows), user, &node));
    *at_us = (SqlMaybeInt){0};
    for (size_t i = 0; i < node->touching.count; i++) {
        const DraftRelationship *r = node->touching.items[i];

        if (r->event.data == NULL || r->deleted || !str_equal(r->source, user))
            continue;
        if (!at_us->present || r->at_us < at_us->value)
            *at_us = (SqlMaybeInt){true, r->at_us};
    }
    return OK;
}

static int compare_recorded(const void *a, const void *b)
{
    const GraphSqlRecordedRow *left = a;
    const GraphSqlRecordedRow *right = b;

    if (left->at_us != right->at_us)
        return left->at_us < right->at_us ? -1 : 1;
    return (left->id > right->id) - (left->id < right->id);
}

Err draft_list_recorded(Rows *rows, Arena *arena, Str type, Str source, Str target, GraphSqlRecordedRow **out,
                        size_t *count)
{
    DraftGroup *ends;

    TRY(draft_need_ends(draft_of(rows), type, source, target, &ends));
    *out = arena_array(arena, GraphSqlRecordedRow, ends->count);
    *count = 0;
    for (size_t i = 0; i < ends->count; i++) {
        const DraftRelationship *r = ends->items[i];

        if (r->known && !r->deleted && !r->repeats && r->event.data != NULL)
            (*out)[(*count)++] = (GraphSqlRecordedRow){r->id, r->at_us, r->until_us};
    }
    if (*count > 0)
        qsort(*out, *count, sizeof(**out), compare_recorded);
    return OK;
}

Err draft_find_recorded_at(Rows *rows, Str type, Str source, Str target, int64_t moment,
                           GraphSqlRecordedRow *out, bool *found)
{
    AUTO_ARENA Arena scratch = {0};
    GraphSqlRecordedRow *all;
    size_t count;

    TRY(draft_list_recorded(rows, &scratch, type, source, target, &all, &count));
    *found = false;
    for (size_t i = 0; i < count; i++) {
        if (!all[i].until_us.present || all[i].until_us.value <= moment)
            continue;
        if (!*found || all[i].until_us.value < out->until_us.value)
            *out = all[i];
        *found = true;
    }
    return OK;
}

Err draft_set_recorded_end(Rows *rows, int64_t id, SqlMaybeInt until_us)
{
    DraftRelationship *r;

    TRY(draft_need_relationship(draft_of(rows), id, &r));
    r->until_us = until_us;
    r->changed = true;
    if (until_us.present) {
        r->shown = false;
        r->sum = (Str){0};
    }
    return OK;
}

const RowsTwin DRAFT_ROWS = {
    .get_shown = draft_get_shown,
    .add_node = draft_add_node_row,
    .set_node = draft_set_node_row,
    .find_reference = draft_find_reference,
    .list_node_claims = draft_list_node_claims,
    .add_node_claim = draft_add_node_claim,
    .close_node_claim = draft_close_node_claim,
    .set_node_claim_line = draft_set_node_claim_line,
    .set_node_claim_texts = draft_set_node_claim_texts,
    .set_node_claim_since = draft_set_node_claim_since,
    .delete_node_claim = draft_delete_node_claim,
    .list_said = draft_list_said,
    .list_open = draft_list_open,
    .find_on_line = draft_find_on_line,
    .find_alike = draft_find_alike,
    .list_told = draft_list_told,
    .list_relationship_claims = draft_list_relationship_claims,
    .add_relationship = draft_add_relationship_row,
    .close_relationship = draft_close_relationship,
    .set_relationship_line = draft_set_relationship_line,
    .set_shown = draft_set_shown,
    .delete_relationship = draft_delete_relationship,
    .begin_as_said = draft_begin_as_said,
    .list_touching = draft_list_touching,
    .list_past = draft_list_past,
    .add_event = draft_add_event,
    .find_event = draft_find_event,
    .get_first_event = draft_get_first_event,
    .list_recorded = draft_list_recorded,
    .find_recorded_at = draft_find_recorded_at,
    .set_recorded_end = draft_set_recorded_end,
    .find_origin = draft_find_origin,
    .add_origin = draft_add_origin,
    .delete_origin = draft_delete_origin,
    .list_nodes_said_by = draft_list_nodes_said_by,
    .list_relationships_said_by = draft_list_relationships_said_by,
    .list_node_claims_by = draft_list_node_claims_by,
    .list_relationships_by = draft_list_relationships_by,
    .get_version = draft_get_version,
    .set_version = draft_set_version,
    .note_change = draft_note_change,
    .set_mark = draft_set_mark,
    .next_number = draft_next_number,
    .add_happening = draft_add_happening,
};
