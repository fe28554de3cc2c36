/* Files into the world: read, checked, resolved, written, found. `nerdx ingest` is its face.
 *
 * Each file is an origin of its own ("file:" and its path): what it says can be retracted, and reading it again changes
 * nothing but what it says differently. So a run that was killed is resumed by running it again. */
#ifndef NERDX_SERVICES_WORLD_INGEST_INGEST_H
#define NERDX_SERVICES_WORLD_INGEST_INGEST_H

#include <stdio.h>

#include "services/world/review/prose.h"

typedef struct IngestReport {
    int64_t added;
    int64_t changed;
    int64_t same;
    int64_t rejected;
    int64_t bytes; /* of all files, so far */
    int64_t bytes_in_all;
    int64_t took_us; /* until all facts were in, before a model read prose */
    ProseReport prose;
} IngestReport;

typedef struct IngestConfig {
    const char *const *files; /* "-" is standard input, as JSON Lines */
    size_t file_count;
    const char *origin;       /* of all of them; NULL = each its own */
    const char *rejects;      /* file for what is refused, made when something is; JSON Lines */
    FILE *differences;        /* when given, nothing is kept, and what would change is written here */
    const ProseConfig *prose; /* NULL: no model reads it; none does either where nothing is kept */
    void (*on_progress)(void *context, const IngestReport *so_far);
    void *context;
} IngestConfig;

/* Errors: UNSUPPORTED for a format that isn't known, those of files and of the graph. What single lines deserve is
 * counted in the report and told in the rejects. Who goes on with the world calls world_refresh. */
Err world_ingest(World *world, const IngestConfig *config, IngestReport *report);

/* Forgets what an origin said: its name, or the path of a file that was ingested; also what was accepted of its prose, and
 * what was proposed from it and not rejected. NOT_FOUND when it said nothing. */
Err world_retract(World *world, Proposals *proposals, Str source, int64_t *claims);

#endif
