/* Keeps the guide that recommendations are made from up to date. A recommender that lives has a thread that makes a newer
 * one when enough was learned or written, and lets it take the older one's place; another makes it when it is asked. */
#ifndef NERDX_SERVICES_WORLD_RECOMMENDER_H
#define NERDX_SERVICES_WORLD_RECOMMENDER_H

#include "services/world/guide.h"
#include "services/world/world.h"

typedef struct Recommender Recommender;

/* What decides whether a guide is too old. Times are of the monotonic clock. */
typedef struct GuideAge {
    int64_t since_made_us;
    int64_t making_us;  /* how long it took */
    size_t likes;       /* that it knows */
    size_t learned;     /* by this process since */
    bool graph_changed; /* something was put, replaced or retracted since */
} GuideAge;

/* Soon after much was learned, a minute after little, and now and then for what other processes learned; never so often
 * that making takes more than a tenth of the time. */
bool guide_is_old(const GuideAge *age);

/* A living recommender first knows only what there is (GUIDE_ITEMS). Errors: those of guide_load. */
Err recommender_create(World *world, bool lives, Recommender **out);
void recommender_destroy(Recommender *recommender); /* accepts NULL */

/* The newest guide, to be released. Errors: those of guide_load, when it has to be made now. */
Err recommender_take(Recommender *recommender, Guide **out);

/* So many events were learned. */
void recommender_note(Recommender *recommender, size_t events);

/* A guide of its own that knows everybody's likes. */
Err recommender_load_people(World *world, Guide **out);

#endif
