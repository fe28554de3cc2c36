/* What a person decides about proposals. Accepting writes the fact through the same door as POST learn's facts, under an
 * origin of its own ("review:file:note.md"), with a property `accepted` that says where it comes from:
 *
 *     {"document": "file:note.md", "line": 12, "passage": "…", "model": "qwen3", "run": "…", "proposal": 17,
 *      "by": "a person", "at": "2026-11-26T04:00:00Z"}
 *
 * Graph and proposals are two stores: accepting is begun in the one, done in the other, ended in the first. Begun again
 * after a crash it says the same to the graph, which changes nothing. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_REVIEW_H
#define NERDX_SERVICES_WORLD_REVIEW_REVIEW_H

#include "services/world/review/change.h"
#include "services/world/review/proposals.h"
#include "services/world/world.h"

/* Under what name the graph has what was accepted of a document. */
Str review_origin(Arena *arena, Str source);

/* Errors: CONFLICT when it was decided before; UNPROCESSABLE when it doesn't fit (any more): the message says why, and
 * the proposal waits on; those of the stores. */
Err review_accept(World *world, Proposals *proposals, const Proposal *proposal);
Err review_reject(World *world, Proposals *proposals, const Proposal *proposal);

/* How a person reads it. */
typedef struct ReviewText {
    Str fact;     /* "Makgeolli (makgeolli) pairs with Pajeon (pajeon)" */
    Str extent;   /* what would change: "a new entity", "a new relationship", "what is there", "nothing: …" */
    Str *changes; /* "origin: \"Seoul\" -> \"Dongnae\"", "abv: 6" where there was nothing */
    size_t change_count;
} ReviewText;

/* korean: names in Korean where there are any. */
Err review_describe(World *world, Arena *arena, const Proposal *proposal, bool korean, ReviewText *out);

#endif
