/* Cypher as a file that fills a graph: CREATE statements with comments, maps and datetime(), whose variables live on from
 * statement to statement until a semicolon ends them. UNWIND list AS x makes what follows many times, MATCH (n:Label)
 * finds nodes that the same file made before, WITH a, b changes nothing. Everything else is refused.
 *
 * A node whose property id is a text has it as its key; any other gets a key made of the prefix and a number, and keeps
 * its properties as they are. Times become RFC 3339 texts. Each relationship is one of its own (repeats). */
#ifndef NERDX_STORES_GRAPH_CYPHER_LOAD_H
#define NERDX_STORES_GRAPH_CYPHER_LOAD_H

#include "stores/graph/cypher/cypher.h"
#include "stores/graph/graph.h"

enum {
    CYPHER_LOAD_MAX_BYTES = 16 * 1024 * 1024,
    CYPHER_LOAD_MAX_TOKENS = 2 * 1024 * 1024,
    CYPHER_LOAD_MAX_ITEMS =
        1024 * 1024, /* nodes, relationships, rows of UNWIND and MATCH with their values */
};

/* Made-up keys begin with this (as blank nodes do in RDF 1.1 Turtle, section 2.6). */
#define CYPHER_MADE_KEY "_:"

typedef struct CypherLoadOptions {
    int64_t now_us; /* what datetime() is */
    Str key_prefix; /* begins with CYPHER_MADE_KEY; absent = CYPHER_MADE_KEY */
} CypherLoadOptions;

/* In the order of the file; what a batch needs. line is where the node or relationship stands. */
typedef struct CypherLoad {
    GraphNode *nodes;
    size_t node_count;
    GraphRelationship *relationships;
    size_t relationship_count;
} CypherLoad;

/* Errors: INVALID with line and column. */
Err cypher_load(Arena *arena, Str text, CypherLoadOptions options, CypherLoad *out);

#endif
