/* A graph in memory, as the engine's tests need one: what a store would answer, from two arrays. */
#ifndef NERDX_TESTS_UNIT_CYPHER_SMALL_GRAPH_H
#define NERDX_TESTS_UNIT_CYPHER_SMALL_GRAPH_H

#include "check.h"

#include "stores/graph/cypher/cypher.h"
#include "stores/graph/cypher/engine/execute.h"

enum { SMALL_LABELS = 2 };

/* Its id is its place + 1. */
typedef struct SmallNode {
    const char *key;
    const char *labels[SMALL_LABELS];
    const char *properties;
} SmallNode;

/* Ends are places in the array of nodes. */
typedef struct SmallRelationship {
    size_t from;
    const char *type;
    size_t to;
    const char *properties;
} SmallRelationship;

typedef struct SmallGraph {
    const SmallNode *nodes;
    size_t node_count;
    const SmallRelationship *relationships;
    size_t relationship_count;
} SmallGraph;

CypherReads small_reads(SmallGraph *graph);

extern const GraphBudget SMALL_BUDGET;

/* Parses and runs; parameters may be NULL. */
Err small_ask(SmallGraph *graph, const char *query, const char *parameters, Arena *arena, GraphTable *out);

/* The rows are this JSON, or there is an error with this text in it. */
#define check_rows(graph, query, rows) check_rows_at((graph), (query), (rows), __FILE__, __LINE__)
#define check_refused(graph, query, text) check_refused_at((graph), (query), (text), __FILE__, __LINE__)
void check_rows_at(SmallGraph *graph, const char *query, const char *rows, const char *file, int line);
void check_refused_at(SmallGraph *graph, const char *query, const char *text, const char *file, int line);

#endif
