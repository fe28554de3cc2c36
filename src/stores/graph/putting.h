/* A batch while it is written: put.c goes through it, put_node.c and put_relationship.c write its
 * items. */
#ifndef NERDX_STORES_GRAPH_PUTTING_H
#define NERDX_STORES_GRAPH_PUTTING_H

#include "base/keymap.h"
#include "stores/graph/ledger.h"

typedef struct Putting {
    Ledger ledger;
    GraphOrigin origin;
    int64_t origin_id;
    GraphBatch batch;
    int64_t *again; /* ids of relationships that were known and said again, for graph_replace */
    size_t again_count;
    StrIdMap ends; /* of its relationships, as far as they were looked up: 1 = is there */
} Putting;

Err putting_put_node(Putting *putting, const GraphNode *node, GraphVerdict *verdict);

/* Where an end is missing the verdict is GRAPH_NO_END, and nothing was written. */
Err putting_put_relationship(Putting *putting, const GraphRelationship *r, GraphVerdict *verdict);

/* How a claim that ends at until_us is closed while its origin says it. */
static inline SqlMaybeInt closed_as_written(int64_t until_us)
{
    return (SqlMaybeInt){until_us != GRAPH_FOREVER, ENDS_BY_ITSELF};
}

/* And once its origin doesn't say it any more. */
static inline int64_t closed_now(const Putting *putting, SqlMaybeInt until_us)
{
    return until_us.present ? NO_LONGER_SAID : putting->ledger.turn;
}

#endif
