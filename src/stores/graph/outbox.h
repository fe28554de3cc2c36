/* Leaving what a write came to in the outbox (graph.h), within its transaction. */
#ifndef NERDX_STORES_GRAPH_OUTBOX_H
#define NERDX_STORES_GRAPH_OUTBOX_H

#include "stores/graph/rows.h"

typedef struct OutboxChange {
    Str key;
    bool
        is_end; /* of a relationship that changed: then only that it is gone is told; what leads to it is told of where it leaves */
} OutboxChange;

/* Nodes that changed in a version, by key: one may be there more than once. */
Err outbox_tell_changed(Rows *rows, Arena *scratch, const OutboxChange *changes, size_t count,
                        int64_t version);

Err outbox_tell_recorded(Rows *rows, Arena *scratch, const GraphInteraction *in);

#endif
