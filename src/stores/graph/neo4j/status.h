/* What Neo4j's answers mean here, when they aren't what was asked for. */
#ifndef NERDX_STORES_GRAPH_NEO4J_STATUS_H
#define NERDX_STORES_GRAPH_NEO4J_STATUS_H

#include "http/client.h"
#include "stores/graph/neo4j/reply.h"

/* One of Neo4j's status codes; message is for the log. */
Err status_of(const char *code, const char *message);

/* UNAVAILABLE with a time to come back, whatever it was. */
Err status_unavailable(const Err *why);

/* The reply that an answer holds, which is the caller's. Errors: what it says instead; then there is no reply. */
Err status_read(const HttpReply *answer, CypherReply *reply);

#endif
