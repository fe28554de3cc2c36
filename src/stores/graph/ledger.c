#include "stores/graph/ledger.h"

#include <stdlib.h>

#include "base/memory.h"

Err ledger_begin(Rows *rows, Ledger *ledger)
{
    ledger->rows = rows;
    TRY(rows->twin->get_version(rows, &ledger->version));
    ledger->version++;
    ledger->turn = 2 * ledger->version;
    return OK;
}

static void note(Ledger *ledger, OutboxChange change)
{
    if (ledger->changed_count == ledger->changed_capacity) {
        ledger->changed_capacity = ledger->changed_capacity > 0 ? ledger->changed_capacity * 2 : 64;
        ledger->changed = memory_grow(ledger->changed, ledger->changed_capacity, sizeof *ledger->changed);
    }
    ledger->changed[ledger->changed_count++] = change;
}

void ledger_note(Ledger *ledger, Str key)
{
    note(ledger, (OutboxChange){key, false});
}

void ledger_note_end(Ledger *ledger, Str key)
{
    note(ledger, (OutboxChange){key, true});
}

static int compare_changes(const void *a, const void *b)
{
    const OutboxChange *left = a, *right = b;

    return str_compare(left->key, right->key);
}

Err ledger_end(Ledger *ledger)
{
    Rows *rows = ledger->rows;
    OutboxChange *changed = ledger->changed;

    if (ledger->changed_count == 0)
        return OK;
    qsort(changed, ledger->changed_count, sizeof *changed, compare_changes);
    for (size_t i = 0; i < ledger->changed_count; i++)
        if (i == 0 || !str_equal(changed[i].key, changed[i - 1].key))
            TRY(rows->twin->note_change(rows, changed[i].key, ledger->version));
    TRY(outbox_tell_changed(rows, &ledger->scratch, changed, ledger->changed_count, ledger->version));
    return rows->twin->set_version(rows, ledger->version);
}

void ledger_finish(Ledger *ledger)
{
    arena_finish(&ledger->scratch);
    memory_free(ledger->changed);
}

/* ---- nodes */

Err ledger_read_node(Rows *rows, Arena *arena, Str key, NodeClaims *out)
{
    TRY(rows->twin->list_node_claims(rows, arena, key, &out->rows, &out->count));
    out->claims = arena_array(arena, NodeClaim, out->count);
    for (size_t i = 0; i < out->count; i++) {
        const GraphSqlNodeClaimRow *row = &out->rows[i];
        NodeClaim *claim = &out->claims[i];

        claim->since_us = row->since_us;
        claim->until_us = end_from_sql(row->until_us);
        claim->by_events = row->origin == ORIGIN_EVENTS;
        claim->properties = row->properties;
        TRY(labels_from_json(arena, row->labels, &claim->labels, &claim->label_count));
    }
    return OK;
}

int64_t ledger_next_seq(const NodeClaims *claims)
{
    for (size_t i = claims->count; i-- > 0;)
        if (!claims->claims[i].by_events)
            return claims->rows[i].seq + 1;
    return 1;
}

bool ledger_has_events(const NodeClaims *claims)
{
    return claims->count > 0 && claims->claims[claims->count - 1].by_events;
}

static SqlMaybeInt did_since(const NodeClaims *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        if (claims->claims[i].by_events)
            return (SqlMaybeInt){true, claims->claims[i].since_us};
    return (SqlMaybeInt){0};
}

/* Of each claim only the texts that aren't the node's are kept. */
static Err keep_texts(Ledger *ledger, Str key, const NodeClaims *claims, Json labels, Json properties)
{
    for (size_t i = 0; i < claims->count; i++) {
        const GraphSqlNodeClaimRow *row = &claims->rows[i];
        bool same_labels = str_equal(row->labels, labels);
        bool same_properties = str_equal(row->properties, properties);

        if (same_labels != row->labels_as_node || same_properties != row->properties_as_node)
            TRY(ledger->rows->twin->set_node_claim_texts(ledger->rows, key, row->seq,
                                                         same_labels ? (Str){0} : row->labels,
                                                         same_properties ? (Str){0} : row->properties));
    }
    return OK;
}

static Err is_referred_to(Ledger *ledger, Str key, bool *out)
{
    return ledger->rows->twin->find_reference(ledger->rows, key, out);
}

/* Before the row changes: claims that shared its texts get their own. */
static Err write_sum(Ledger *ledger, Str key, const NodeClaims *claims, const NodeSum *sum)
{
    Json labels = labels_to_json(&ledger->scratch, sum->node.labels, sum->node.label_count);
    bool referred = false;

    if (!sum->held)
        TRY(is_referred_to(ledger, key, &referred));
    TRY(keep_texts(ledger, key, claims, labels, sum->node.properties));
    return ledger->rows->twin->set_node(ledger->rows, key,
                                        sum->held  ? NODE_CLAIMED
                                        : referred ? NODE_REFERRED_TO
                                                   : NODE_GONE,
                                        graph_main_label(&sum->node), sum->node.since_us, did_since(claims),
                                        labels, sum->node.properties);
}

/* A node of which nothing is known any more: its row remains for graph_scan_changed, without a text. */
static Err forget(Ledger *ledger, Str key)
{
    return ledger->rows->twin->set_node(ledger->rows, key, NODE_GONE, STR(""), 0, (SqlMaybeInt){0}, STR("[]"),
                                        STR("{}"));
}

Err ledger_refresh_node(Ledger *ledger, Str key)
{
    NodeClaims claims;
    NodeSum sum;

    TRY(ledger_read_node(ledger->rows, &ledger->scratch, key, &claims));
    if (claims.count == 0)
        return forget(ledger, key);
    TRY(node_sum(&ledger->scratch, claims.claims, claims.count, GRAPH_NOW, &sum));
    return write_sum(ledger, key, &claims, &sum);
}

Err ledger_refresh_referred(Ledger *ledger, Str key)
{
    int64_t shown;
    bool found;

    TRY(ledger->rows->twin->get_shown(ledger->rows, key, &shown, &found));
    if (found && shown == NODE_REFERRED_TO)
        return ledger_refresh_node(ledger, key);
    return OK;
}

/* ---- relationships */

static Err show(Ledger *ledger, const GraphSqlSaidRow *row, bool shown, Json sum)
{
    bool same_sum =
        (sum.data == NULL) == (row->sum.data == NULL) && (sum.data == NULL || str_equal(sum, row->sum));

    if (shown == (row->shown != 0) && same_sum)
        return OK;
    return ledger->rows->twin->set_shown(ledger->rows, row->id, shown, sum);
}

Err ledger_refresh_relationship(Ledger *ledger, Str type, Str from, Str to)
{
    GraphSqlSaidRow *rows;
    RelationshipClaim *claims;
    RelationshipSum sum;
    size_t count;

    TRY(ledger->rows->twin->list_open(ledger->rows, &ledger->scratch, type, from, to, &rows, &count));
    claims = arena_array(&ledger->scratch, RelationshipClaim, count);
    for (size_t i = 0; i < count; i++)
        claims[i] = (RelationshipClaim){rows[i].at_us, end_from_sql(rows[i].until_us), rows[i].recorded != 0,
                                        rows[i].properties};
    TRY(relationship_sum(&ledger->scratch, claims, count, GRAPH_NOW, &sum));
    for (size_t i = 0; i < count; i++) {
        bool shown = sum.held && i == sum.shown;
        bool differs = shown && !str_equal(sum.properties, rows[i].properties);

        TRY(show(ledger, &rows[i], shown, differs ? sum.properties : (Str){0}));
    }
    return OK;
}

Err ledger_chain_recorded(Ledger *ledger, Str type, Str from, Str to)
{
    GraphSqlRecordedRow *rows;
    size_t count;

    TRY(ledger->rows->twin->list_recorded(ledger->rows, &ledger->scratch, type, from, to, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t until_us = i + 1 < count ? rows[i + 1].at_us : GRAPH_FOREVER;

        if (until_us != end_from_sql(rows[i].until_us))
            TRY(ledger->rows->twin->set_recorded_end(ledger->rows, rows[i].id, end_to_sql(until_us)));
    }
    return OK;
}
