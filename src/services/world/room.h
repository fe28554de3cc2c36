/* What the operations of the world share: world.c opens and closes it, and each operation's file (query.c, entity.c,
 * learn.c …) works on it. Only for files of this folder. */
#ifndef NERDX_SERVICES_WORLD_ROOM_H
#define NERDX_SERVICES_WORLD_ROOM_H

#include "services/world/answers.h"
#include "services/world/catalogue.h"
#include "services/world/concepts.h"
#include "services/world/follow.h"
#include "services/world/reasons.h"
#include "services/world/recommender.h"
#include "services/world/tell.h"
#include "services/world/world.h"

struct World {
    Graph *graph;
    Schema *schema;
    Shelf shelf;
    Follower *follower;
    Recommender *recommender;
    Reasons *reasons;
    Concepts *concepts;
    Answers *answers;
    Teller *teller; /* NULL: other processes tell */
    const Clock *clock;
    Metrics *metrics;
};

typedef enum WorldMetric {
    QUERIES,
    EVENTS,
    ENTITIES,
    RECOMMENDATIONS,
    LIKES,
    MODELS,
    QUERY_SECONDS
} WorldMetric;
typedef enum QueryKind { KIND_INTENT, KIND_CYPHER, QUERY_KINDS } QueryKind;
typedef enum QueryOutcome { QUERY_ANSWERED, QUERY_ABSTAINED, QUERY_CYPHER } QueryOutcome;
typedef enum EventOutcome { EVENT_ACCEPTED, EVENT_DUPLICATE } EventOutcome;
typedef enum RecommendationOutcome { TO_KNOWN, TO_NEW } RecommendationOutcome;

/* Adds to the metric's series with this outcome. */
void world_count(World *world, WorldMetric metric, size_t outcome, size_t by);
void world_gauge(World *world, WorldMetric metric, int64_t value);

/* Makes what the graph holds now searchable; questions under way keep what they began with. To be called after a write
 * and before its answer. */
Err world_refresh(World *world);

/* The properties of a user who is made by what they do. */
Json world_new_user(Arena *arena, int64_t now_us);

/* What lists show of an entity. Texts are copied, as below. */
EntitySummary world_summarise(Arena *arena, const CatalogueEntity *entity, Language language);

/* Texts are copied: the catalogue they come from may be gone before the answer is written. */
StrList world_copy_list(Arena *arena, StrSet set);

#endif
