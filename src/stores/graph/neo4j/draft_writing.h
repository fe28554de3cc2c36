/* Writing a draft back, between its files: draft_write.c has the requests, the nodes and the whole,
 * draft_write_relationships.c the relationships and events. */
#ifndef NERDX_STORES_GRAPH_NEO4J_DRAFT_WRITING_H
#define NERDX_STORES_GRAPH_NEO4J_DRAFT_WRITING_H

#include "stores/graph/neo4j/draft.h"

typedef void (*WriteFn)(CypherRequest *request, Json list);

typedef struct Writing {
    Draft *draft;
    Arena arena; /* of the request */
    CypherRequest request;
    RequestList list;
    WriteFn write; /* what the list is for */
} Writing;

/* A list of items goes into a statement when it is long enough, a request out when it is. */
void writing_begin_list(Writing *writing, WriteFn write);
Err writing_next_list_if_full(Writing *writing); /* after an item */
Err writing_end_list(Writing *writing);

/* The two halves of it, for statements that have more than one list. */
bool writing_list_is_full(const Writing *writing);
Err writing_send_if_full(Writing *writing); /* begins the next request, where the list has no place */

static inline void writing_put_maybe_int(Buf *buf, const char *name, SqlMaybeInt value)
{
    if (value.present)
        cypher_put_int_member(buf, name, value.value);
}

/* In this order; nodes are there before. */
Err writing_put_relationships(Writing *writing);
Err writing_put_events(Writing *writing);

#endif
