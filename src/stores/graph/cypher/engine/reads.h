/* What the engine asks of a store: four reads, all of one moment. Each answer lives in the arena it is given. */
#ifndef NERDX_STORES_GRAPH_CYPHER_ENGINE_READS_H
#define NERDX_STORES_GRAPH_CYPHER_ENGINE_READS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "stores/graph/graph.h"

typedef struct ReadNode {
    Str key;
    const Str *labels;
    size_t label_count;
    Json properties;
} ReadNode;

typedef struct ReadRelationship {
    int64_t id;
    Str type;
    Str from; /* keys */
    Str to;
    Json properties;
} ReadRelationship;

/* Where a scan goes on; all zero = from the first. The store's own. */
typedef struct ReadPlace {
    int phase;
    Str label;
    Str key;
    bool ended;
} ReadPlace;

typedef struct CypherReads {
    void *context;
    /* Up to limit nodes with the label (absent = all), each once; *place is moved on, ended behind the last. */
    Err (*scan)(void *context, Arena *arena, Str label, size_t limit, ReadPlace *place, ReadNode **out,
                size_t *count);
    /* The node with this key; for a text that begins as made-up keys do, those of them whose property id it is. */
    Err (*find)(void *context, Arena *arena, Str id, ReadNode **out, size_t *count);
    Err (*get)(void *context, Arena *arena, Str key, ReadNode *out);
    /* Up to limit relationships of these types (none = all) that leave the node (OUT), enter it (IN) or either (BOTH:
     * one from the node to itself comes once). */
    Err (*expand)(void *context, Arena *arena, Str node, GraphDirection direction, const Str *types,
                  size_t type_count, size_t limit, ReadRelationship **out, size_t *count);
} CypherReads;

#endif
