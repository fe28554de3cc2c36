#include "stores/graph/putting.h"

static Err add_claim(Putting *putting, const GraphNode *node, int64_t seq, int64_t since_us, Json labels,
                     Json properties)
{
    int64_t until_us = end_of(node->until_us);

    return putting->ledger.rows->twin->add_node_claim(
        putting->ledger.rows, node->key, seq, putting->origin_id, node->line, since_us, end_to_sql(until_us),
        putting->ledger.turn, closed_as_written(until_us), labels, properties);
}

/* One that nobody spoke of: its only claim shares the texts of its row. */
static Err add_node(Putting *putting, const GraphNode *node, Json labels)
{
    bool open = end_of(node->until_us) == GRAPH_FOREVER;

    TRY(putting->ledger.rows->twin->add_node(putting->ledger.rows, node->key, open ? NODE_CLAIMED : NODE_GONE,
                                             graph_main_label(node), node->since_us, (SqlMaybeInt){0}, labels,
                                             node->properties));
    TRY(add_claim(putting, node, 1, node->since_us, (Str){0}, (Str){0}));
    ledger_note(&putting->ledger, node->key);
    return OK;
}

/* What the origin said of the node last and still says; NULL when it doesn't. */
static const GraphSqlNodeClaimRow *find_own(const Putting *putting, const NodeClaims *claims)
{
    for (size_t i = claims->count; i-- > 0;) {
        const GraphSqlNodeClaimRow *row = &claims->rows[i];

        if (row->origin == putting->origin_id)
            return !row->closed.present || row->closed.value == ENDS_BY_ITSELF ? row : NULL;
    }
    return NULL;
}

static bool is_same(const GraphSqlNodeClaimRow *own, const GraphNode *node, Json labels)
{
    return claim_same_time(own->since_us, end_from_sql(own->until_us), node->since_us,
                           end_of(node->until_us)) &&
           str_equal(own->labels, labels) && json_same(own->properties, node->properties);
}

static Err say_again(Putting *putting, const GraphSqlNodeClaimRow *own, const GraphNode *node)
{
    if (own->line == node->line)
        return OK;
    return putting->ledger.rows->twin->set_node_claim_line(putting->ledger.rows, node->key, own->seq,
                                                           node->line);
}

/* Ends the origin's earlier claim; *since_us: when the new one begins. The relationships of the batch are written after
 * its nodes: they can't rely on the earlier claim any more. */
static Err succeed(Putting *putting, const GraphSqlNodeClaimRow *own, const GraphNode *node,
                   int64_t *since_us)
{
    Succession s = claim_succeed(own->since_us, end_from_sql(own->until_us), node->since_us,
                                 end_of(node->until_us), putting->origin.now_us);
    int64_t before_this_turn = putting->ledger.turn - 1;

    *since_us = s.begins_us;
    return putting->ledger.rows->twin->close_node_claim(
        putting->ledger.rows, node->key, own->seq, end_to_sql(s.earlier_ends_us),
        own->until_us.present ? NO_LONGER_SAID : before_this_turn);
}

static Err put_known(Putting *putting, const GraphNode *node, Json labels, GraphVerdict *verdict)
{
    Ledger *ledger = &putting->ledger;
    const GraphSqlNodeClaimRow *own;
    int64_t since_us = node->since_us;
    NodeClaims claims;

    TRY(ledger_read_node(ledger->rows, &ledger->scratch, node->key, &claims));
    own = find_own(putting, &claims);
    *verdict = own == NULL ? GRAPH_ADDED : is_same(own, node, labels) ? GRAPH_SAME : GRAPH_CHANGED;
    if (*verdict == GRAPH_SAME)
        return say_again(putting, own, node);
    if (own != NULL)
        TRY(succeed(putting, own, node, &since_us));
    TRY(add_claim(putting, node, ledger_next_seq(&claims), since_us, labels, node->properties));
    ledger_note(ledger, node->key);
    return ledger_refresh_node(ledger, node->key);
}

Err putting_put_node(Putting *putting, const GraphNode *node, GraphVerdict *verdict)
{
    Json labels = labels_to_json(&putting->ledger.scratch, node->labels, node->label_count);
    int64_t shown;
    bool found;

    TRY(putting->ledger.rows->twin->get_shown(putting->ledger.rows, node->key, &shown, &found));
    if (found)
        return put_known(putting, node, labels, verdict);
    *verdict = GRAPH_ADDED;
    return add_node(putting, node, labels);
}
