/* Facts that wait on disk until everything else is written, because they refer to what may come later: a temporary file
 * of interchange lines, each with its origin and line. Thread-safe for adding. */
#ifndef NERDX_SERVICES_WORLD_INGEST_SPOOL_H
#define NERDX_SERVICES_WORLD_INGEST_SPOOL_H

#include <pthread.h>
#include <stdio.h>

#include "services/world/ingest/fact.h"

typedef struct Spool {
    pthread_mutex_t lock;
    FILE *file; /* NULL until something waits */
    int64_t count;
} Spool;

void spool_init(Spool *spool);
void spool_finish(Spool *spool);

/* Errors: UNAVAILABLE when the disk doesn't take it. */
Err spool_add(Spool *spool, Str origin, int64_t line, const Fact *fact);

/* Gives each fact to take, in the order they came; before, begin says in which arena its texts are to live. */
typedef struct SpoolReader {
    Err (*begin)(void *context, Str origin, Arena **arena);
    Err (*take)(void *context, int64_t line, Fact *fact);
    void *context;
} SpoolReader;
Err spool_replay(Spool *spool, const SpoolReader *reader);

#endif
