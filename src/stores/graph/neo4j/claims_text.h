/* What origins say of a node, as it lies with the node: a JSON array of claims, each an array of its fields. */
#ifndef NERDX_STORES_GRAPH_NEO4J_CLAIMS_TEXT_H
#define NERDX_STORES_GRAPH_NEO4J_CLAIMS_TEXT_H

#include "stores/graph/neo4j/draft.h"

/* Adds the claims to the node. Errors: INTERNAL when the text isn't what claims_put wrote. */
Err claims_from_text(Draft *draft, DraftNode *node, Str text);
void claims_put(const Draft *draft, const DraftNode *node, Buf *buf);

#endif
