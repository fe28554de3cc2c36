/* Prose that a language model reads for facts, passage by passage, while files are ingested. What it finds is kept as
 * proposals (proposals.h) and touches nothing else; what can't be proposed goes to the rejects. When the model fails, the
 * passage has no proposals and that is all: it is asked about again in the next run.
 *
 *     TRY(prose_begin(world, &config, &rejects, &prose));
 *     TRY(prose_read_file(prose, "note.md", origin));     for each Markdown file, when all facts are in
 *     report = prose_end(prose); */
#ifndef NERDX_SERVICES_WORLD_REVIEW_PROSE_H
#define NERDX_SERVICES_WORLD_REVIEW_PROSE_H

#include "llm/llm.h"
#include "services/world/ingest/rejects.h"
#include "services/world/review/proposals.h"
#include "services/world/world.h"

/* What came of a passage, or of all. */
typedef struct ProseReport {
    int64_t passages; /* that are there */
    int64_t read;     /* by the model, now */
    int64_t unread;   /* because the model failed */
    int64_t proposed; /* facts that are new */
    int64_t known;    /* that were proposed before, or that the world knows */
    int64_t refused;  /* that can't be proposed */
} ProseReport;

typedef struct ProseNews {
    Str source;
    int64_t line;
    Str part; /* id of the Passage */
    ProseReport came;
    Str why; /* nothing was proposed; absent when something was */
} ProseNews;

typedef struct ProseConfig {
    Llm *llm;
    const char *model; /* its name, for the proposals */
    Proposals *proposals;
    AssetTable content; /* with prose.yaml */
    bool again;         /* also what the model has read before */
    void (*on_passage)(void *context, const ProseNews *news);
    void *context;
} ProseConfig;

typedef struct Prose Prose;

/* The config and the rejects are borrowed. Errors: INVALID, INTERNAL for prose.yaml. */
Err prose_begin(World *world, const ProseConfig *config, Rejects *rejects, Prose **out);

/* A file that can't be read as Markdown is passed over: ingesting it has said so. Errors: those of the stores and of the
 * rejects, never the model's. */
Err prose_read_file(Prose *prose, const char *path, Str source);
ProseReport prose_end(Prose *prose); /* accepts NULL */

#endif
