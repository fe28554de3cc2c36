/* Cypher for reading: openCypher 9's queries, parsed and checked; what the store runs (engine/execute.h) or Neo4j does (print.h).
 * Nothing that writes gets through: CREATE, MERGE, SET, DELETE, REMOVE, CALL, LOAD CSV and FOREACH are refused.
 * Hostile text is answered with an error: lengths, numbers of tokens and nesting are bounded. */
#ifndef NERDX_STORES_GRAPH_CYPHER_CYPHER_H
#define NERDX_STORES_GRAPH_CYPHER_CYPHER_H

#include "base/err.h"
#include "stores/graph/cypher/ast.h"

enum {
    CYPHER_MAX_BYTES = 64 * 1024, /* of a query */
    CYPHER_MAX_TOKENS = 16 * 1024,
    CYPHER_MAX_DEPTH = 100, /* of brackets, signs and subqueries within each other */
    CYPHER_MAX_HEIGHT = 200 /* of an expression's tree: operators in a row, and what they stand between */
};

typedef enum CypherMode {
    CYPHER_READ /* MATCH, OPTIONAL MATCH, WHERE, WITH, UNWIND, RETURN, UNION */
} CypherMode;

/* Parses a query and checks all that can be known before it runs: names, scopes, types of variables, aggregations.
 * Errors: INVALID "line 1, column 8: …" with what is wrong and what is supported. The query lives in the arena and
 * refers to the text. */
Err cypher_parse(Arena *arena, Str text, CypherMode mode, CypherQuery **out);

#endif
