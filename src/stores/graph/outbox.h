/* Leaving what a write came to in the outbox (graph.h), within its transaction. */
#ifndef NERDX_STORES_GRAPH_OUTBOX_H
#define NERDX_STORES_GRAPH_OUTBOX_H

#include "stores/graph/rows.h"

/* Nodes that changed in a version: keys in order, where one may be more than once. */
Err outbox_tell_changed(Rows *rows, Arena *scratch, const Str *keys, size_t count, int64_t version);

Err outbox_tell_recorded(Rows *rows, Arena *scratch, const GraphInteraction *in);

#endif
