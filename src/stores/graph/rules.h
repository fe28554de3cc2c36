/* What the claims of graph.h come to, whatever rows they are kept in: once for all twins. Those that write do so within
 * a transaction that the twin has begun, and leave committing to it. Errors as in graph.h; after one the transaction can
 * only be rolled back. */
#ifndef NERDX_STORES_GRAPH_RULES_H
#define NERDX_STORES_GRAPH_RULES_H

#include "stores/graph/rows.h"

/* graph_put and graph_replace; a rehearsal writes, too, and is to be rolled back. */
Err rules_put(Rows *rows, const GraphOrigin *origin, const GraphBatch *batch);
Err rules_replace(Rows *rows, const GraphOrigin *origin, const GraphBatch *batch, Str mark_name,
                  Str mark_value);

/* graph_retract; *claims: how many went. */
Err rules_retract(Rows *rows, Str origin, int64_t *claims);
/* The same of several, added up once. */
Err rules_retract_all(Rows *rows, const Str *origins, size_t count, int64_t *claims);

/* graph_record. */
Err rules_record(Rows *rows, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted);

/* What was recorded before, of another: nothing happens anew. */
Err rules_record_again(Rows *rows, const GraphInteraction *interactions, size_t count,
                       Json new_user_properties);

/* graph_move_user. */
Err rules_move_user(Rows *rows, Str from, Str to, Json new_user_properties, int64_t *events);

/* graph_get_node and graph_get_neighbours as of a moment that isn't now. */
Err rules_get_past_node(Rows *rows, Arena *arena, Str key, int64_t moment_us, GraphNode *out);
Err rules_get_past_neighbours(Rows *rows, Arena *arena, Str key, const GraphView *view, GraphNeighbour **out,
                              size_t *count);

/* graph_get_node_claims and graph_get_relationship_claims. */
Err rules_get_node_claims(Rows *rows, Arena *arena, Str key, GraphClaim **out, size_t *count);
Err rules_get_relationship_claims(Rows *rows, Arena *arena, Str type, Str from, Str to, GraphClaim **out,
                                  size_t *count);

#endif
