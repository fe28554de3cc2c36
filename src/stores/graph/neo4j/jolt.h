/* Answers in Jolt, the JSON of Neo4j's that tells types, as the values of ../cypher/engine.
 *   {"header":{"fields":[…]}}  {"data":[…]}  {"summary":{}}  for each statement,  {"error":{…}}  {"info":{…}} */
#ifndef NERDX_STORES_GRAPH_NEO4J_JOLT_H
#define NERDX_STORES_GRAPH_NEO4J_JOLT_H

#include "base/keymap.h"
#include "stores/graph/cypher/engine/value.h"
#include "stores/graph/neo4j/link.h"

/* The rows of one statement. */
typedef struct JoltRows {
    Value **items; /* column_count values each */
    size_t count;
    size_t capacity;
} JoltRows;

typedef struct JoltAnswer {
    Arena *arena;
    JoltRows *statements;
    size_t statement_count;
    size_t begun;      /* statements so far */
    StrIdMap places;   /* of nodes, by Neo4j's own id */
    ValueNode **nodes; /* those whose key is absent were named as an end only */
    Str *elements;     /* their ids */
    size_t node_count;
    size_t node_capacity;
    bool failed;
    Str code; /* of the error, when failed */
    Str message;
} JoltAnswer;

/* Reads an answer to so many statements. Errors: UNSUPPORTED when it isn't Jolt of ours, or is nested too deeply. */
Err jolt_read(Arena *arena, Str lines, size_t statements, JoltAnswer *out);
void jolt_finish(JoltAnswer *answer);
#define AUTO_JOLT __attribute__((cleanup(jolt_finish)))

#endif
