/* From a model's answer about a passage to drafts of proposals: each object judged, entities first, and what is refused
 * written to the rejects. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_HARVEST_H
#define NERDX_SERVICES_WORLD_REVIEW_HARVEST_H

#include "services/world/ingest/page.h"
#include "services/world/ingest/rejects.h"
#include "services/world/review/answer.h"
#include "services/world/review/judge.h"
#include "services/world/review/newcomers.h"

typedef struct Harvest {
    Judge judge; /* its text: a part of the file's */
    Graph *graph;
    Proposals *proposals;
    Rejects *rejects;
    const MarkdownPage *file;
    Newcomers *newcomers; /* of this document; those of the answer join them */
    Arena *arena;
    /* What came of it. */
    Found found[ANSWER_MAX_FACTS];
    size_t found_count;
    Draft drafts[ANSWER_MAX_FACTS];
    size_t draft_count;
    size_t known; /* the world knows them, or they were rejected before */
    size_t refused;
} Harvest;

/* Errors: those of the stores and of the rejects. */
Err harvest_read(Harvest *harvest, Str answer);

#endif
