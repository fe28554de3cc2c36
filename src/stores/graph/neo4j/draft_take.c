/* Taking what Neo4j answered into a draft, row by row; what the draft has already is newer. */
#include "stores/graph/neo4j/draft.h"

#include "stores/graph/neo4j/claims_text.h"

static SqlMaybeInt maybe_int(const json_t *row, size_t column)
{
    return (SqlMaybeInt){json_is_integer(row_value(row, column)), row_int(row, column)};
}

static Str kept_text(Draft *draft, const json_t *row, size_t column)
{
    return str_copy(&draft->arena, row_text(row, column));
}

enum NodeColumn {
    N_KEY,
    N_SHOWN,
    N_LABEL,
    N_SINCE,
    N_DID,
    N_LABELS,
    N_PROPERTIES,
    N_CLAIMS,
    N_VERSION,
    N_ORIGINS
};

/* Before those that were noted while its row wasn't here. */
static void take_origins(Draft *draft, DraftNode *node, const json_t *stored)
{
    const Str *noted = node->origins;
    size_t noted_count = node->origin_count;

    node->origins = NULL;
    node->origin_count = node->origin_capacity = 0;
    for (size_t i = 0; i < json_array_size(stored); i++)
        draft_note_origin(draft, node, reply_text(json_array_get(stored, i)));
    node->stored_origin_count = node->origin_count;
    for (size_t i = 0; i < noted_count; i++)
        draft_note_origin(draft, node, noted[i]);
}

static Err take_node(Draft *draft, const json_t *row)
{
    DraftNode *node = draft_node(draft, row_text(row, N_KEY));

    if (node->exists && !node->met)
        return OK; /* what the draft has is newer */
    node->met = false;
    node->known = node->exists = node->stored = true;
    node->shown = row_int(row, N_SHOWN);
    node->label = kept_text(draft, row, N_LABEL);
    node->since_us = row_int(row, N_SINCE);
    node->did_us = maybe_int(row, N_DID);
    node->labels = kept_text(draft, row, N_LABELS);
    node->properties = kept_text(draft, row, N_PROPERTIES);
    node->version = row_int(row, N_VERSION);
    node->stored_labels = node->shown > 0 ? node->labels : (Str){0};
    take_origins(draft, node, row_value(row, N_ORIGINS));
    return claims_from_text(draft, node, row_text(row, N_CLAIMS));
}

enum MetColumn { M_KEY, M_SHOWN, M_SAID };

void draft_take_met(Draft *draft, const json_t *row)
{
    DraftNode *node = draft_node(draft, row_text(row, M_KEY));

    if (node->exists)
        return;
    node->known = false;
    node->met = node->exists = node->stored = true;
    node->shown = row_int(row, M_SHOWN);
    node->said = row_bool(row, M_SAID);
}

enum RelationshipColumn {
    R_ID,
    R_TYPE,
    R_SOURCE,
    R_TARGET,
    R_AT,
    R_UNTIL,
    R_REPEATS,
    R_ORIGIN,
    R_LINE,
    R_WRITTEN,
    R_CLOSED,
    R_SAID,
    R_EVENT,
    R_PROPERTIES,
    R_SUM,
    R_ELEMENT
};

static void fill_relationship(Draft *draft, const json_t *row, bool shown, DraftRelationship *r)
{
    Str origin = row_text(row, R_ORIGIN);

    r->at_us = row_int(row, R_AT);
    r->until_us = maybe_int(row, R_UNTIL);
    r->shown = r->stored_shown = shown;
    r->repeats = row_bool(row, R_REPEATS);
    r->origin = draft_origin_id(draft, origin.data != NULL ? origin : STR("events"));
    r->line = row_int(row, R_LINE);
    r->written = row_int(row, R_WRITTEN);
    r->closed = maybe_int(row, R_CLOSED);
    r->said_us = maybe_int(row, R_SAID);
    r->event = kept_text(draft, row, R_EVENT);
    r->properties = kept_text(draft, row, R_PROPERTIES);
    r->sum = kept_text(draft, row, R_SUM);
    r->element = kept_text(draft, row, R_ELEMENT);
    r->known = r->stored = true;
}

static void take_relationship(Draft *draft, const json_t *row, bool shown)
{
    DraftRelationship *r = draft_find_relationship(draft, row_int(row, R_ID));

    if (r == NULL)
        r = draft_add_relationship(draft, row_int(row, R_ID), row_text(row, R_TYPE), row_text(row, R_SOURCE),
                                   row_text(row, R_TARGET));
    if (!r->known)
        fill_relationship(draft, row, shown, r);
    if (r->event.data != NULL)
        draft_place_event(draft, r->event, r);
}

enum EventColumn { E_EVENT, E_ID, E_TYPE, E_SOURCE, E_TARGET, E_REPEATS, E_WRITTEN };

void draft_take_event(Draft *draft, const json_t *row)
{
    DraftRelationship *r = draft_find_relationship(draft, row_int(row, E_ID));

    if (r == NULL) {
        r = draft_add_relationship(draft, row_int(row, E_ID), row_text(row, E_TYPE), row_text(row, E_SOURCE),
                                   row_text(row, E_TARGET));
        r->repeats = row_bool(row, E_REPEATS);
        r->written = row_int(row, E_WRITTEN);
        r->event = kept_text(draft, row, E_EVENT);
    }
    draft_place_event(draft, r->event, r);
}

Err draft_take_nodes(Draft *draft, const CypherReply *reply, size_t statement)
{
    for (size_t i = 0; i < reply_count(reply, statement); i++)
        TRY(take_node(draft, reply_row(reply, statement, i)));
    return OK;
}

void draft_take_relationships(Draft *draft, const CypherReply *reply, size_t statement, bool shown)
{
    for (size_t i = 0; i < reply_count(reply, statement); i++)
        take_relationship(draft, reply_row(reply, statement, i), shown);
}
