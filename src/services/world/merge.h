/* How a catalogue changes: by a segment more and entities that are dead in the older ones, and by segments becoming one.
 * Sizes grow geometrically from the newest segment to the oldest, so that there are few of them and an entity is moved
 * seldom: the log-structured merge of O'Neil et al. (1996), as Lucene does it. */
#ifndef NERDX_SERVICES_WORLD_MERGE_H
#define NERDX_SERVICES_WORLD_MERGE_H

#include "services/world/catalogue.h"

/* The catalogue without these entities and with this segment (taken over; NULL: nothing is new). What the segment has
 * must be dead in or unknown to the older ones. The caller holds the result. */
Catalogue *catalogue_change(const Catalogue *older, const Str *ids, size_t id_count, Segment *added_owned);

/* Segments [first, first + count) that should be one; count 0 = all is well. */
typedef struct MergePlan {
    size_t first;
    size_t count;
} MergePlan;

/* small: only what is done in no time. */
MergePlan merge_plan(const Catalogue *catalogue, bool small);

/* Makes them one. Takes long for large ones, and may be done while the catalogue changes. */
typedef struct Merge {
    Catalogue *of; /* held */
    MergePlan plan;
    Segment *made;
    uint32_t *became; /* of the entities of the planned segments, one behind the other */
} Merge;

Merge merge_begin(Catalogue *catalogue, const Schema *schema, MergePlan plan);

/* The newest catalogue with the merged segment in place of those it was made of, and without what has died since;
 * NULL when they aren't all in it any more. Ends the merge. The caller holds the result. */
Catalogue *merge_end(Merge *merge, const Catalogue *newest);

#endif
