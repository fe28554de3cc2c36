/* "neo4j://host:port/database" (HTTP) and "neo4j+s://…" (HTTPS); port 7474 or 7473 and database neo4j unless said. */
#ifndef NERDX_STORES_GRAPH_NEO4J_ADDRESS_H
#define NERDX_STORES_GRAPH_NEO4J_ADDRESS_H

#include "base/err.h"
#include "base/str.h"

typedef struct Neo4jAddress {
    const char *base_url; /* "http://host:7474" */
    Str database;
} Neo4jAddress;

/* Errors: INVALID, naming what is wrong and what would be right. */
Err neo4j_address_read(Arena *arena, const char *text, Neo4jAddress *out);

#endif
