/* The graph as one query sees it: each node and relationship once, read when it is needed and then kept, so that a
 * value that points to one stays good until the query ends. What the asker may not see isn't there. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_ACCESS_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_ACCESS_H

#include "base/keymap.h"
#include "stores/graph/cypher/engine/reads.h"
#include "stores/graph/cypher/engine/value.h"

typedef struct Access {
    const CypherReads *reads;
    GraphSight sight;
    size_t at_most;   /* nodes and relationships that may be read */
    size_t count;     /* and how many were */
    Arena arena;      /* of all that was read */
    StrIdMap numbers; /* of nodes, by key */
    ValueNode **nodes;
    size_t node_room;
    struct Scan *scans; /* what was scanned */
    struct Fan **fans;  /* what was expanded */
    size_t fan_capacity;
    size_t fan_count;
} Access;

/* The relationships of a node, in one direction and of some types. */
typedef struct Fan {
    const ValueNode *node;
    GraphDirection direction;
    const Str *types; /* told apart by address */
    const ValueRelationship **items;
    size_t count;
} Fan;

typedef struct NodeList {
    const ValueNode **items;
    size_t count;
} NodeList;

/* The nodes with a label, as far as they have been read. */
typedef struct Scan {
    Str label;
    ReadPlace place;
    NodeList nodes;
    size_t room;
    struct Scan *next;
} Scan;

void access_init(Access *access, const CypherReads *reads, GraphSight sight, size_t reads_at_most);
void access_finish(Access *access);

/* Errors of all: the store's; UNPROCESSABLE when the budget of reads is used up. */

/* The nodes with the label (absent = all), one after the other: NULL behind the last. */
Scan *access_scan(Access *access, Str label);
Err access_scan_at(Access *access, Scan *scan, size_t place, const ValueNode **out);
/* Those whose property id is this text. */
Err access_find(Access *access, Str id, NodeList *out);
Err access_expand(Access *access, const ValueNode *node, GraphDirection direction, const Str *types,
                  size_t type_count, const Fan **out);

/* What a store gave, as values in the arena; the node's key is there already. */
Err access_fill_node(Arena *arena, const ReadNode *read, ValueNode *node);
Err access_read_properties(Arena *arena, Json text, ValueMap *out);

Err access_load_node(Access *access, const ValueNode *node);
Err access_load_relationship(Access *access, const ValueRelationship *relationship);
Err access_load(Access *access, Value value); /* everything in it, so that it can be printed */

#endif
