/* graph_put and graph_replace: a batch is said, item by item; what its origin doesn't say any more is dropped. */
#include <stdlib.h>

#include "base/memory.h"
#include "stores/graph/putting.h"
#include "stores/graph/rules.h"

static void putting_finish(Putting *putting)
{
    ledger_finish(&putting->ledger);
    memory_free(putting->again);
    keymap_finish(&putting->ends);
}
#define AUTO_PUTTING __attribute__((cleanup(putting_finish)))

static Err find_or_add_origin(Rows *rows, Str name, int64_t *id)
{
    bool found;

    TRY(rows->twin->find_origin(rows, name, id, &found));
    if (found)
        return OK;
    TRY(rows->twin->add_origin(rows, name));
    return rows->twin->find_origin(rows, name, id, &found);
}

static Err put_nodes(Putting *putting)
{
    const GraphBatch *batch = &putting->batch;
    GraphVerdict verdict;

    for (size_t i = 0; i < batch->node_count; i++) {
        arena_reset(&putting->ledger.scratch);
        TRY(putting_put_node(putting, &batch->nodes[i], &verdict));
        if (batch->node_verdicts != NULL)
            batch->node_verdicts[i] = verdict;
    }
    return OK;
}

static Err no_end(const GraphRelationship *r)
{
    return err(NOT_FOUND, "%.*s can't join %.*s to %.*s: one of them doesn't exist", STR_ARG(r->type),
               STR_ARG(r->from), STR_ARG(r->to));
}

static int compare_places(const void *a, const void *b)
{
    const GraphRelationship *left = *(const GraphRelationship *const *)a;
    const GraphRelationship *right = *(const GraphRelationship *const *)b;
    int order = str_compare(left->type, right->type);

    if (order == 0)
        order = str_compare(left->from, right->from);
    if (order == 0)
        order = str_compare(left->to, right->to);
    return order != 0 ? order : (left > right) - (left < right);
}

/* As the store's indexes have them, so that neighbours in a large batch are neighbours there; what is said of the same
 * two stays in its order. */
static const GraphRelationship **in_order(Arena *arena, const GraphBatch *batch)
{
    const GraphRelationship **list = arena_array(arena, const GraphRelationship *, batch->relationship_count);

    for (size_t i = 0; i < batch->relationship_count; i++)
        list[i] = &batch->relationships[i];
    if (batch->relationship_count > 0)
        qsort(list, batch->relationship_count, sizeof(*list), compare_places);
    return list;
}

static Err put_relationships(Putting *putting)
{
    AUTO_ARENA Arena arena = {0};
    const GraphBatch *batch = &putting->batch;
    const GraphRelationship **list;
    GraphVerdict verdict;

    arena_init(&arena);
    list = in_order(&arena, batch);
    for (size_t i = 0; i < batch->relationship_count; i++) {
        arena_reset(&putting->ledger.scratch);
        TRY(putting_put_relationship(putting, list[i], &verdict));
        if (batch->relationship_verdicts != NULL)
            batch->relationship_verdicts[list[i] - batch->relationships] = verdict;
        else if (verdict == GRAPH_NO_END)
            return no_end(list[i]);
    }
    return OK;
}

static Err put_batch(Rows *rows, Putting *putting)
{
    arena_init(&putting->ledger.scratch);
    TRY(ledger_begin(rows, &putting->ledger));
    TRY(find_or_add_origin(rows, putting->origin.name, &putting->origin_id));
    TRY(put_nodes(putting));
    return put_relationships(putting);
}

Err rules_put(Rows *rows, const GraphOrigin *origin, const GraphBatch *batch)
{
    AUTO_PUTTING Putting putting = {.origin = *origin, .batch = *batch};

    TRY(put_batch(rows, &putting));
    return ledger_end(&putting.ledger);
}

/* ---- what an origin doesn't say any more */

static SqlMaybeInt end_of_dropped(const Putting *putting, int64_t since_us, SqlMaybeInt until_us)
{
    if (until_us.present)
        return until_us;
    return end_to_sql(putting->origin.now_us > since_us ? putting->origin.now_us : since_us);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static Err drop_relationship(Putting *putting, const GraphSqlRelationshipKey *row)
{
    Ledger *ledger = &putting->ledger;

    TRY(ledger->rows->twin->close_relationship(ledger->rows, row->id,
                                               end_of_dropped(putting, row->at_us, row->until_us),
                                               closed_now(putting, row->until_us)));
    ledger_note(ledger, row->source);
    ledger_note_end(ledger, row->target);
    if (row->repeats == 0)
        TRY(ledger_refresh_relationship(ledger, row->type, row->source, row->target));
    TRY(ledger_refresh_referred(ledger, row->source));
    return ledger_refresh_referred(ledger, row->target);
}

static bool is_said(const Putting *putting, const GraphSqlRelationshipKey *row)
{
    return row->written == putting->ledger.turn ||
           (putting->again_count > 0 &&
            bsearch(&row->id, putting->again, putting->again_count, sizeof(int64_t), compare_ids) != NULL);
}

static Err drop_relationships(Putting *putting, Arena *arena)
{
    GraphSqlRelationshipKey *rows;
    size_t count;

    if (putting->again_count > 0)
        qsort(putting->again, putting->again_count, sizeof(int64_t), compare_ids);
    TRY(putting->ledger.rows->twin->list_relationships_said_by(putting->ledger.rows, arena,
                                                               putting->origin_id, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        arena_reset(&putting->ledger.scratch);
        if (!is_said(putting, &rows[i]))
            TRY(drop_relationship(putting, &rows[i]));
    }
    return OK;
}

static int compare_keys(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static Str *sorted_keys(Arena *arena, GraphBatch batch)
{
    Str *keys = arena_array(arena, Str, batch.node_count);

    for (size_t i = 0; i < batch.node_count; i++)
        keys[i] = batch.nodes[i].key;
    if (batch.node_count > 0)
        qsort(keys, batch.node_count, sizeof(Str), compare_keys);
    return keys;
}

static Err drop_node(Putting *putting, const GraphSqlNodeClaimKey *row)
{
    Ledger *ledger = &putting->ledger;

    TRY(ledger->rows->twin->close_node_claim(ledger->rows, row->key, row->seq,
                                             end_of_dropped(putting, row->since_us, row->until_us),
                                             closed_now(putting, row->until_us)));
    ledger_note(ledger, row->key);
    return ledger_refresh_node(ledger, row->key);
}

static Err drop_nodes(Putting *putting, Arena *arena)
{
    Str *keys = sorted_keys(arena, putting->batch);
    size_t key_count = putting->batch.node_count;
    GraphSqlNodeClaimKey *rows;
    size_t count;

    TRY(putting->ledger.rows->twin->list_nodes_said_by(putting->ledger.rows, arena, putting->origin_id, &rows,
                                                       &count));
    for (size_t i = 0; i < count; i++) {
        arena_reset(&putting->ledger.scratch);
        if (key_count == 0 || bsearch(&rows[i].key, keys, key_count, sizeof(Str), compare_keys) == NULL)
            TRY(drop_node(putting, &rows[i]));
    }
    return OK;
}

Err rules_replace(Rows *rows, const GraphOrigin *origin, const GraphBatch *batch, Str mark_name,
                  Str mark_value)
{
    AUTO_PUTTING Putting putting = {.origin = *origin, .batch = *batch};
    AUTO_ARENA Arena said = {0};

    arena_init(&said);
    TRY(put_batch(rows, &putting));
    TRY(drop_relationships(&putting, &said));
    TRY(drop_nodes(&putting, &said));
    TRY(ledger_end(&putting.ledger));
    return rows->twin->set_mark(rows, mark_name, mark_value);
}
