/* Whether an object of a model's answer may be proposed: what is true of any line that is ingested (ingest/check.h) must be
 * true of it, and besides
 *  - the passage that it quotes stands in the text that was read;
 *  - it is about things that prose may tell of (schema.yaml: prose), not about visitors and what they do;
 *  - its entities have ids, and none of what a person's acceptance adds. */
#ifndef NERDX_SERVICES_WORLD_REVIEW_JUDGE_H
#define NERDX_SERVICES_WORLD_REVIEW_JUDGE_H

#include "services/world/ingest/check.h"
#include "services/world/review/proposals.h"

enum {
    JUDGE_MAX_PASSAGE = 2000,   /* bytes of a quotation */
    JUDGE_MAX_PROPERTIES = 4096 /* bytes of them as text */
};

/* The property that says who proposed and accepted a fact (review.h). */
extern const char JUDGE_ACCEPTED[];

typedef struct Judge {
    Checker *checker;
    const Schema *schema;
    Str source; /* of what is read */
    Str text;   /* what is read */
} Judge;

/* First half, which touches nothing: the fact and the passage, read and without a look at the world. `passage` is taken
 * out of the object; the fact is valid while the object is. */
typedef struct Found {
    Fact fact;
    Str passage; /* a part of the text */
} Found;
Err judge_read(const Judge *judge, Arena *arena, json_t *object, Found *out);

/* Second half: holds it against schema and graph, and writes its ends as ids. Entities first, then what joins them: the
 * checker remembers them. Errors: INVALID and NOT_FOUND with a pointer; those of the graph. */
Err judge_check(const Judge *judge, Arena *arena, Found *found, Json *text);

#endif
