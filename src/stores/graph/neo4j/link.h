/* The way to one Neo4j database: the transactional endpoint of its HTTP API (Neo4j HTTP API manual, "Cypher transaction
 * API"), chosen over the newer query/v2 because it takes several statements at once: a whole transaction is one or two
 * round trips, measured 1.2-2 times as quick.
 *
 * Every wait is bounded. The server is told to give up before this side does, so that a transaction whose owner has gone
 * keeps its locks for seconds only. Errors:
 *  - UNAVAILABLE with a time to come back: the server can't be reached, doesn't answer, or is busy; whether a commit
 *    that failed so took place isn't known;
 *  - CONFLICT: rolled back through no fault of the statements (deadlock, time-out, restart); link_retry tries again;
 *  - TIMED_OUT: a read took too long;
 *  - FORBIDDEN: user or password; INTERNAL: anything else. */
#ifndef NERDX_STORES_GRAPH_NEO4J_LINK_H
#define NERDX_STORES_GRAPH_NEO4J_LINK_H

#include "stores/graph/graph.h"
#include "stores/graph/neo4j/reply.h"
#include "stores/graph/neo4j/request.h"

typedef struct Link Link;

/* How long somebody will wait: a visitor for an answer, or for something to be recorded; an import for its batch. */
typedef enum LinkPatience { LINK_QUICK, LINK_RECORD, LINK_LONG, LINK_PATIENCE_COUNT } LinkPatience;

/* Reads the address and opens nothing yet. Errors: INVALID, naming what is wrong in the URL. */
Err link_create(const GraphAccess *access, Link **out);
void link_destroy(Link *link); /* accepts NULL */

/* One transaction that can't write, tried again after a conflict. */
Err link_read(Link *link, LinkPatience patience, Arena *arena, CypherRequest *request, CypherReply *reply);

/* One transaction, committed when it returns OK. */
Err link_write(Link *link, LinkPatience patience, Arena *arena, CypherRequest *request, CypherReply *reply);

/* The same for a question that was put by somebody outside, who has so long. The answer's lines are Jolt, which tells
 * types (HTTP API manual, "Jolt"); errors of the statements are in it. */
Err link_ask(Link *link, Arena *arena, int64_t time_us, CypherRequest *request, Str *lines);

/* A transaction over several requests. */
typedef struct LinkTx {
    Link *link; /* NULL when there is none */
    LinkPatience patience;
    int64_t id;
} LinkTx;

Err link_begin(Link *link, LinkPatience patience, Arena *arena, CypherRequest *request, LinkTx *tx,
               CypherReply *reply);
Err link_continue(LinkTx *tx, Arena *arena, CypherRequest *request, CypherReply *reply);
Err link_commit(LinkTx *tx, Arena *arena, CypherRequest *request); /* ends it either way */
void link_rollback(LinkTx *tx);                                    /* accepts one that has ended */
#define AUTO_LINK_ROLLBACK __attribute__((cleanup(link_rollback)))

/* Does the work again while it ends in a CONFLICT, with growing pauses, until the time is over; then it is UNAVAILABLE. */
enum { LINK_RETRY_MS = 10000, LINK_FIRST_PAUSE_MS = 10, LINK_LONGEST_PAUSE_MS = 640 };
typedef Err (*LinkWorkFn)(void *context);
Err link_retry(LinkWorkFn work, void *context);

#endif
