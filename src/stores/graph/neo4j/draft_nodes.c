/* The row functions of a draft: nodes, what is said of them, origins. */
#include "stores/graph/neo4j/draft_rows.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_HAPPENINGS = 8 };

/* ---- nodes */

Err draft_get_shown(Rows *rows, Str key, int64_t *shown, bool *found)
{
    DraftNode *node;

    TRY(draft_need_met(draft_of(rows), key, &node));
    *found = node->exists;
    *shown = node->shown;
    return OK;
}

static void fill_node(Draft *draft, DraftNode *node, int64_t shown, Str label, int64_t since_us,
                      SqlMaybeInt did_us, Str labels, Str properties)
{
    node->shown = shown;
    node->label = str_copy(&draft->arena, label);
    node->since_us = since_us;
    node->did_us = did_us;
    node->labels = str_copy(&draft->arena, labels);
    node->properties = str_copy(&draft->arena, properties);
    node->changed = true;
}

Err draft_add_node_row(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                       Str labels, Str properties)
{
    DraftNode *node;

    TRY(draft_need_node(draft_of(rows), key, &node));
    assert(!node->exists);
    node->exists = true;
    fill_node(draft_of(rows), node, shown, label, since_us, did_us, labels, properties);
    return OK;
}

Err draft_set_node_row(Rows *rows, Str key, int64_t shown, Str label, int64_t since_us, SqlMaybeInt did_us,
                       Str labels, Str properties)
{
    DraftNode *node;

    TRY(draft_need_node(draft_of(rows), key, &node));
    if (node->exists)
        fill_node(draft_of(rows), node, shown, label, since_us, did_us, labels, properties);
    return OK;
}

/* What Neo4j shows, and what the draft has made of it. */
Err draft_find_reference(Rows *rows, Str key, bool *found)
{
    Draft *draft = draft_of(rows);
    DraftNode *node;
    int64_t count;

    TRY(draft_need_node(draft, key, &node));
    TRY(draft_need_references(draft, node));
    count = node->references;
    for (size_t i = 0; i < node->touching.count; i++) {
        const DraftRelationship *r = node->touching.items[i];

        if (r->known)
            count += (r->shown && !r->deleted) - (r->stored && r->stored_shown);
    }
    *found = count > 0;
    return OK;
}

/* ---- what is said of them */

Err draft_list_node_claims(Rows *rows, Arena *arena, Str key, GraphSqlNodeClaimRow **out, size_t *count)
{
    Draft *draft = draft_of(rows);
    DraftNode *node;

    TRY(draft_need_node(draft, key, &node));
    *count = node->claim_count;
    *out = arena_array(arena, GraphSqlNodeClaimRow, node->claim_count);
    for (size_t i = 0; i < node->claim_count; i++) {
        const DraftClaim *claim = &node->claims[i];

        (*out)[i] = (GraphSqlNodeClaimRow){
            .seq = claim->seq,
            .origin = claim->origin,
            .origin_name = draft_origin(draft, claim->origin)->name,
            .line = claim->line,
            .since_us = claim->since_us,
            .until_us = claim->until_us,
            .written = claim->written,
            .closed = claim->closed,
            .labels = claim->labels.data != NULL ? claim->labels : node->labels,
            .labels_as_node = claim->labels.data == NULL,
            .properties = claim->properties.data != NULL ? claim->properties : node->properties,
            .properties_as_node = claim->properties.data == NULL,
        };
    }
    return OK;
}

/* A row has as many columns: NOLINTNEXTLINE(readability-function-size) */
Err draft_add_node_claim(Rows *rows, Str key, int64_t seq, int64_t origin, int64_t line, int64_t since_us,
                         SqlMaybeInt until_us, int64_t written, SqlMaybeInt closed, Str labels,
                         Str properties)
{
    Draft *draft = draft_of(rows);
    DraftNode *node;

    TRY(draft_need_node(draft, key, &node));
    draft_add_claim(draft, node,
                    (DraftClaim){seq, origin, line, since_us, until_us, written, closed,
                                 str_copy(&draft->arena, labels), str_copy(&draft->arena, properties)});
    if (origin != ORIGIN_EVENTS)
        draft_note_origin(draft, node, draft_origin(draft, origin)->name);
    node->changed = true;
    return OK;
}

/* The claim, as something that is going to change; NULL when there is none. */
static Err change_claim(Rows *rows, Str key, int64_t seq, DraftNode **node, DraftClaim **out)
{
    TRY(draft_need_node(draft_of(rows), key, node));
    *out = NULL;
    for (size_t i = 0; i < (*node)->claim_count; i++)
        if ((*node)->claims[i].seq == seq)
            *out = &(*node)->claims[i];
    if (*out == NULL)
        return err(INTERNAL, "a claim for %.*s is gone", STR_ARG(key));
    (*node)->changed = true;
    return OK;
}

Err draft_close_node_claim(Rows *rows, Str key, int64_t seq, SqlMaybeInt until_us, int64_t closed)
{
    DraftNode *node;
    DraftClaim *claim;

    TRY(change_claim(rows, key, seq, &node, &claim));
    claim->until_us = until_us;
    claim->closed = (SqlMaybeInt){true, closed};
    return OK;
}

Err draft_set_node_claim_line(Rows *rows, Str key, int64_t seq, int64_t line)
{
    DraftNode *node;
    DraftClaim *claim;

    TRY(change_claim(rows, key, seq, &node, &claim));
    claim->line = line;
    return OK;
}

Err draft_set_node_claim_texts(Rows *rows, Str key, int64_t seq, Str labels, Str properties)
{
    Draft *draft = draft_of(rows);
    DraftNode *node;
    DraftClaim *claim;

    TRY(change_claim(rows, key, seq, &node, &claim));
    claim->labels = str_copy(&draft->arena, labels);
    claim->properties = str_copy(&draft->arena, properties);
    return OK;
}

Err draft_set_node_claim_since(Rows *rows, Str key, int64_t seq, int64_t since_us)
{
    DraftNode *node;
    DraftClaim *claim;

    TRY(change_claim(rows, key, seq, &node, &claim));
    claim->since_us = since_us;
    return OK;
}

Err draft_delete_node_claim(Rows *rows, Str key, int64_t seq)
{
    DraftNode *node;
    DraftClaim *claim;

    TRY(change_claim(rows, key, seq, &node, &claim));
    assert(claim != NULL);
    for (; claim + 1 < node->claims + node->claim_count; claim++)
        claim[0] = claim[1];
    node->claim_count--;
    return OK;
}

/* ---- origins */

Err draft_find_origin(Rows *rows, Str name, int64_t *id, bool *found)
{
    DraftOrigin *origin;

    TRY(draft_need_origin(draft_of(rows), name, &origin));
    *id = draft_origin_id(draft_of(rows), name);
    *found = origin->exists;
    return OK;
}

Err draft_add_origin(Rows *rows, Str name)
{
    draft_origin(draft_of(rows), draft_origin_id(draft_of(rows), name))->exists = true;
    return OK;
}

Err draft_delete_origin(Rows *rows, int64_t id)
{
    draft_origin(draft_of(rows), id)->exists = false;
    return OK;
}

static bool is_said(SqlMaybeInt closed)
{
    return !closed.present || closed.value == ENDS_BY_ITSELF;
}

static int compare_nodes(const void *a, const void *b)
{
    return str_compare((*(DraftNode *const *)a)->key, (*(DraftNode *const *)b)->key);
}

/* The draft's nodes by key. */
static DraftNode **sorted_nodes(const Draft *draft, Arena *arena)
{
    DraftNode **nodes = arena_array(arena, DraftNode *, draft->node_count);

    for (size_t i = 0; i < draft->node_count; i++)
        nodes[i] = draft->nodes[i];
    if (draft->node_count > 0)
        qsort(nodes, draft->node_count, sizeof(*nodes), compare_nodes);
    return nodes;
}

static size_t count_claims(const Draft *draft)
{
    size_t count = 0;

    for (size_t i = 0; i < draft->node_count; i++)
        count += draft->nodes[i]->claim_count;
    return count;
}

Err draft_list_nodes_said_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimKey **out,
                             size_t *count)
{
    Draft *draft = draft_of(rows);

    TRY(draft_need_all_of(draft, origin));
    DraftNode **nodes = sorted_nodes(draft, arena);
    *out = arena_array(arena, GraphSqlNodeClaimKey, count_claims(draft));
    *count = 0;
    for (size_t i = 0; i < draft->node_count; i++)
        for (size_t k = 0; k < nodes[i]->claim_count; k++) {
            const DraftClaim *claim = &nodes[i]->claims[k];

            if (claim->origin == origin && is_said(claim->closed))
                (*out)[(*count)++] =
                    (GraphSqlNodeClaimKey){nodes[i]->key, claim->seq, claim->since_us, claim->until_us};
        }
    return OK;
}

Err draft_list_node_claims_by(Rows *rows, Arena *arena, int64_t origin, GraphSqlNodeClaimTurn **out,
                              size_t *count)
{
    Draft *draft = draft_of(rows);

    TRY(draft_need_all_of(draft, origin));
    DraftNode **nodes = sorted_nodes(draft, arena);
    *out = arena_array(arena, GraphSqlNodeClaimTurn, count_claims(draft));
    *count = 0;
    for (size_t i = 0; i < draft->node_count; i++)
        for (size_t k = 0; k < nodes[i]->claim_count; k++)
            if (nodes[i]->claims[k].origin == origin)
                (*out)[(*count)++] = (GraphSqlNodeClaimTurn){nodes[i]->key, nodes[i]->claims[k].seq,
                                                             nodes[i]->claims[k].written};
    return OK;
}

/* ---- versions and marks */

Err draft_get_version(Rows *rows, int64_t *version)
{
    *version = draft_of(rows)->version;
    return OK;
}

Err draft_set_version(Rows *rows, int64_t version)
{
    draft_of(rows)->version = version;
    return OK;
}

Err draft_note_change(Rows *rows, Str key, int64_t version)
{
    DraftNode *node = draft_node(draft_of(rows), key);

    (void)version; /* the draft's */
    node->version = 0;
    node->version_changed = true;
    return OK;
}

Err draft_next_number(Rows *rows, int64_t now_us, int64_t *number)
{
    Draft *draft = draft_of(rows);

    draft->number = draft->number >= now_us ? draft->number + 1 : now_us;
    *number = draft->number;
    return OK;
}

Err draft_add_happening(Rows *rows, const GraphHappening *happening)
{
    Draft *draft = draft_of(rows);
    GraphHappening kept = *happening;

    kept.id = str_copy(&draft->arena, kept.id);
    kept.key = str_copy(&draft->arena, kept.key);
    kept.event_id = str_copy(&draft->arena, kept.event_id);
    kept.traceparent = str_copy(&draft->arena, kept.traceparent);
    ARENA_MORE(&draft->arena, draft->happenings, draft->happening_count, draft->happening_capacity,
               FIRST_HAPPENINGS);
    draft->happenings[draft->happening_count++] = kept;
    return OK;
}

Err draft_set_mark(Rows *rows, Str name, Str value)
{
    Draft *draft = draft_of(rows);

    draft->mark_name = str_copy(&draft->arena, name);
    draft->mark_value = str_copy(&draft->arena, value);
    return OK;
}
