/* The graph of the world model: one interface, one file a twin (sqlite.c; Neo4j is one more file and a row in
 * TWINS). Nodes have a key, a set of labels and properties (JSON); relationships have a type, ends, a time
 * and properties.
 *
 * Promises, the same on every twin and checked by tests/conformance/graph:
 *  - a write that returned OK is durable and seen by every later read; a batch is all or nothing;
 *  - reads are ordered totally (ties by key), so that two twins give the same answer;
 *  - graph_record is idempotent by event id.
 * Errors: NOT_FOUND names the key; UNAVAILABLE when the store can't be reached. */
#ifndef NERDX_STORES_GRAPH_GRAPH_H
#define NERDX_STORES_GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

typedef struct Graph Graph;

enum { GRAPH_MAX_LABELS = 16 };

typedef struct GraphNode {
    Str key;
    const Str *labels; /* the first is the main one */
    size_t label_count;
    Json properties; /* an object */
} GraphNode;

typedef enum GraphDirection { GRAPH_OUT, GRAPH_IN, GRAPH_BOTH } GraphDirection;

/* A relationship as seen from the node that was asked, with what lists show of the node at its other end. */
typedef struct GraphNeighbour {
    Str relationship;
    GraphDirection direction; /* OUT or IN */
    Str key;
    Str label;     /* its main one */
    Str name;      /* its property name, else title, else its key */
    int64_t at_us; /* when the relationship came about: microseconds since 1970, UTC; 0 = always */
    Json properties;
} GraphNeighbour;

/* Which neighbours are asked for. */
typedef struct GraphView {
    GraphDirection direction;
    const Str *types;  /* of relationships */
    size_t type_count; /* 0 = all types */
    size_t limit;
} GraphView;

typedef struct GraphRelationship {
    Str type;
    Str from;
    Str to;
    int64_t at_us;
    Json properties;
} GraphRelationship;

/* What a batch of writes says. */
typedef struct GraphBatch {
    const GraphNode *nodes;
    size_t node_count;
    const GraphRelationship *relationships;
    size_t relationship_count;
} GraphBatch;

/* One thing a user did. */
typedef struct GraphInteraction {
    Str event_id;
    Str user;
    Str type;
    Str entity;
    bool once; /* the latest one between these two replaces the earlier; otherwise each is kept */
    int64_t at_us;
    Json properties; /* score and what else came */
} GraphInteraction;

typedef Err (*GraphNodeFn)(void *context, const GraphNode *node);
typedef Err (*GraphRelationshipFn)(void *context, const GraphRelationship *relationship);

/* url: "sqlite:/path/world.db". */
Err graph_open(const char *url, Graph **out);
/* For `nerdx doctor`: looks and changes nothing; *report is one line. Errors say what to do. */
Err graph_check(const char *url, Arena *arena, Str *report);
void graph_close(Graph *graph);             /* accepts NULL */
bool graph_reads_block(const Graph *graph); /* true when reads go over a network */

Err graph_get_node(Graph *graph, Arena *arena, Str key, GraphNode *out);
/* Ordered by relationship type, then newest first, then key, OUT before IN. An unknown key has no neighbours. */
Err graph_get_neighbours(Graph *graph, Arena *arena, Str key, GraphView view, GraphNeighbour **out,
                         size_t *count);
/* A user's latest interactions of every type, newest first, then by type and key. */
Err graph_get_user_context(Graph *graph, Arena *arena, Str user, size_t limit, GraphNeighbour **out,
                           size_t *count);

/* Upserts, all in one transaction: a node by its key, a relationship by (type, from, to). NOT_FOUND names a missing
 * end. */
Err graph_put(Graph *graph, GraphBatch batch);

/* The same, as everything that an origin has to say: what it said before and doesn't say now goes away, unless
 * something of another origin still refers to it. Sets a mark in the same transaction. */
Err graph_replace(Graph *graph, Str origin, GraphBatch batch, Str mark_name, Str mark_value);

/* Records a batch: *accepted of them were new. A user who is new is made with the label User and these properties.
 * NOT_FOUND names the first entity that doesn't exist, its pointer is "/<place in the batch>". */
Err graph_record(Graph *graph, const GraphInteraction *interactions, size_t count, Json new_user_properties,
                 size_t *accepted);

/* Every node with the main label (absent = all), by key; every relationship of the type (absent = all), by type,
 * from, to and time. */
Err graph_scan_nodes(Graph *graph, Str label, GraphNodeFn on_node, void *context);
Err graph_scan_relationships(Graph *graph, Str type, GraphRelationshipFn on_relationship, void *context);

/* A small named text kept with the graph, such as the digest of the content it was seeded with; absent when
 * unset. */
Err graph_get_mark(Graph *graph, Arena *arena, Str name, Str *out);
Err graph_set_mark(Graph *graph, Str name, Str value);

#endif
