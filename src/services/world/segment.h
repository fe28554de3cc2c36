/* A part of the catalogue: some entities with their names, summaries, relationships and index, in memory. Made from
 * nodes (or from other segments), then only read; counted, so that several catalogues can share it.
 *
 *     SegmentMaker *maker = segment_maker_create(schema);
 *     segment_add_node(maker, node), segment_add_link(maker, from, to, step) …
 *     Segment *segment = segment_make(maker);      takes the maker */
#ifndef NERDX_SERVICES_WORLD_SEGMENT_H
#define NERDX_SERVICES_WORLD_SEGMENT_H

#include <stdatomic.h>

#include "services/world/index.h"
#include "base/keymap.h"
#include "services/world/names.h"
#include "services/world/rows.h"
#include "services/world/schema.h"
#include "stores/graph/graph.h"

typedef enum Tongue { TONGUE_EN, TONGUE_KO, TONGUE_COUNT } Tongue;

typedef struct CatalogueEntity {
    Str id;
    StrSet labels;       /* the first is the main one; never empty */
    uint64_t label_bits; /* bit i: has the i-th label of the schema; labels behind the 64th have none */
    Str name[TONGUE_COUNT];
    Str summary[TONGUE_COUNT]; /* else how its text begins */
    StrSet sources;
    bool sample;
    RowPlace place;
} CatalogueEntity;

/* A relationship, seen from one of its ends. */
typedef struct SegmentLink {
    Str to; /* an id, which may be in another segment or nowhere */
    float step;
} SegmentLink;

typedef struct Segment {
    Arena text;
    CatalogueEntity *entities;
    size_t count;
    uint64_t label_bits; /* of all of them */
    StrIdMap by_id;
    Index *index;
    Names *names;
    SegmentLink *links;   /* by the entity they belong to, then strongest first, then by id */
    uint32_t *first_link; /* of each entity, and one behind the last */
    Rows rows;
    _Atomic int holders;
} Segment;

typedef struct SegmentMaker SegmentMaker;

SegmentMaker *segment_maker_create(const Schema *schema);
void segment_maker_destroy(SegmentMaker *maker); /* accepts NULL */

/* Adds an entity, whose key is new to the maker. Errors: INTERNAL when the properties aren't an object. */
Err segment_add_node(SegmentMaker *maker, const GraphNode *node);

/* Adds a relationship to the entity `from`; ids that the maker doesn't know are passed over. */
void segment_add_link(SegmentMaker *maker, Str from, Str to, double step);

/* How many entities so far, and their ids. */
size_t segment_maker_count(const SegmentMaker *maker);
bool segment_maker_knows(const SegmentMaker *maker, Str id);
Str segment_maker_id(const SegmentMaker *maker, size_t entity);

/* Adds everything of a segment that is alive. became: room for each of its entities; filled with what they are in
 * the segment that is made, or INDEX_GONE. */
void segment_add_segment(SegmentMaker *maker, const Segment *segment, const uint64_t *dead, uint32_t *became);

/* Ends the maker. The caller holds the result. */
Segment *segment_make(SegmentMaker *maker);

Segment *segment_hold(Segment *segment);
void segment_release(Segment *segment); /* accepts NULL */

#endif
