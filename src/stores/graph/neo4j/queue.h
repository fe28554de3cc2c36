/* Many threads record at once, Neo4j is asked once: who comes while a transaction is under way waits in the queue, and
 * one of those who wait takes them all into the next. Flat combining: D. Hendler, I. Incze, N. Shavit, M. Tzafrir,
 * SPAA 2010. */
#ifndef NERDX_STORES_GRAPH_NEO4J_QUEUE_H
#define NERDX_STORES_GRAPH_NEO4J_QUEUE_H

#include <pthread.h>

#include "stores/graph/graph.h"

enum { QUEUE_MAX_INTERACTIONS = 2000 }; /* in one transaction, unless a single caller brings more */

/* What one caller wants to be recorded. */
typedef struct RecordJob {
    const GraphInteraction *interactions;
    size_t count;
    Json new_user_properties;
    size_t accepted;
    Err result;
    bool done;
    struct RecordJob *next;
} RecordJob;

typedef struct RecordQueue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    RecordJob *first; /* that wait, in the order they came */
    RecordJob **last;
    bool busy; /* somebody is at it */
} RecordQueue;

/* Does a list of jobs, filling in result and accepted of each. */
typedef void (*QueueFn)(void *context, RecordJob *jobs);

void queue_init(RecordQueue *queue);
void queue_finish(RecordQueue *queue);

/* Returns when the job is done, by this thread or another. */
Err queue_run(RecordQueue *queue, RecordJob *job, QueueFn work, void *context);

#endif
