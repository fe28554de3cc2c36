/* Writes batches into the graph on a thread of its own while the caller fills the next one: two batches in all, so memory
 * is bounded and the slower of the two sets the pace. */
#ifndef NERDX_SERVICES_WORLD_INGEST_WRITER_H
#define NERDX_SERVICES_WORLD_INGEST_WRITER_H

#include "stores/graph/graph.h"

/* Nodes and relationships of one origin, with the verdicts after they were written. */
typedef struct Batch {
    Arena arena; /* owns their texts */
    Str origin;
    GraphNode *nodes;
    GraphVerdict *node_verdicts;
    size_t node_count;
    GraphRelationship *relationships;
    GraphVerdict *relationship_verdicts;
    size_t relationship_count;
    int64_t bytes; /* of the file, that are behind us with this batch */
} Batch;

typedef struct Writer Writer;

typedef void (*WrittenFn)(void *context, Batch *batch); /* on the writer's thread */

typedef struct WriterConfig {
    Graph *graph;
    bool rehearse;
    int64_t now_us;
    size_t capacity; /* of each kind, in a batch */
    WrittenFn written;
    void *context;
} WriterConfig;

Writer *writer_create(const WriterConfig *config);
void writer_destroy(Writer *writer); /* accepts NULL; what wasn't handed over isn't written */

/* The batch that is being filled; the caller adds to it. */
Batch *writer_batch(Writer *writer);

/* Gives the batch to the thread and makes an empty one for the same origin; waits while the one before is being
 * written. Errors: the first that the graph gave; from then on nothing is written. */
Err writer_hand_over(Writer *writer);

/* Waits until all that was handed over is written. Errors: as above. */
Err writer_wait(Writer *writer);

#endif
