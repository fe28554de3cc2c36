#include "services/world/recommender.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "services/world/recommend/linear.h"
#include "services/world/room.h"

enum {
    SECOND_US = 1000 * 1000,
    LOOK_US = SECOND_US, /* how often a living one looks whether its guide is old */
    REST_FACTOR = 10,    /* of the time that making took */
    MANY_LEARNED = 100,
    MANY_LEARNED_OF = 100, /* or a hundredth of all likes */
};
static const int64_t LITTLE_LEARNED_US = 60LL * SECOND_US;
static const int64_t OTHERS_LEARNED_US = 900LL * SECOND_US;

struct Recommender {
    World *world;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    Guide *newest;
    size_t learned;
    int64_t made_us;
    int64_t making_us;
    bool lives;
    bool stopping;
    pthread_t thread;
};

bool guide_is_old(const GuideAge *age)
{
    size_t many = age->likes / MANY_LEARNED_OF > MANY_LEARNED ? age->likes / MANY_LEARNED_OF : MANY_LEARNED;

    if (age->since_made_us < REST_FACTOR * age->making_us || age->since_made_us < SECOND_US)
        return false;
    if (age->graph_changed || age->learned >= many)
        return true;
    return (age->learned > 0 && age->since_made_us >= LITTLE_LEARNED_US) ||
           age->since_made_us >= OTHERS_LEARNED_US;
}

static Err load(World *world, GuideDepth depth, Guide **out)
{
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);

    return guide_load(world->graph, world->schema, catalogue, depth, out);
}

Err recommender_load_people(World *world, Guide **out)
{
    return load(world, GUIDE_PEOPLE, out);
}

static void put(Recommender *r, Guide *guide, size_t learned, int64_t making_us)
{
    Guide *older;

    mutex_lock(&r->lock);
    older = r->newest;
    r->newest = guide;
    r->learned -= learned;
    r->made_us = clock_monotonic_us(r->world->clock);
    r->making_us = making_us;
    mutex_unlock(&r->lock);
    world_gauge(r->world, LIKES, (int64_t)guide->like_count);
    world_count(r->world, MODELS, 0, guide->model.items > 0);
    guide_release(&older);
}

/* Makes a guide and puts it in its place. */
static Err make(Recommender *r, GuideDepth depth)
{
    int64_t begun_us = clock_monotonic_us(r->world->clock);
    size_t learned;
    Guide *guide;

    mutex_lock(&r->lock);
    learned = r->learned;
    mutex_unlock(&r->lock);
    TRY(load(r->world, depth, &guide));
    put(r, guide, learned, clock_monotonic_us(r->world->clock) - begun_us);
    return OK;
}

static bool graph_changed(Recommender *r, int64_t version)
{
    int64_t now;
    Err e = graph_get_version(r->world->graph, &now);

    return !failed(&e) && now != version;
}

static GuideAge age_of(Recommender *r, int64_t *version)
{
    MUTEX_HOLD(&r->lock);

    *version = r->newest->version;
    return (GuideAge){
        .since_made_us = clock_monotonic_us(r->world->clock) - r->made_us,
        .making_us = r->making_us,
        .likes = r->newest->like_count,
        .learned = r->learned,
    };
}

static void make_if_old(Recommender *r)
{
    int64_t version;
    GuideAge age = age_of(r, &version);
    Err e;

    age.graph_changed = graph_changed(r, version);
    if (!guide_is_old(&age))
        return;
    e = make(r, GUIDE_MODEL);
    if (failed(&e))
        log_error("recommendations stay as they were", log_chars("problem", e.message));
}

static bool wait_a_little(Recommender *r)
{
    int64_t until_us = clock_monotonic_us(clock_system()) + LOOK_US;

    MUTEX_HOLD(&r->lock);
    while (!r->stopping && cond_wait_until(&r->changed, &r->lock, until_us))
        continue;
    return !r->stopping;
}

static void *live(void *context)
{
    Recommender *r = context;
    Err e = make(r, GUIDE_MODEL);

    if (failed(&e))
        log_error("recommendations know nobody's likes yet", log_chars("problem", e.message));
    while (wait_a_little(r))
        make_if_old(r);
    return NULL;
}

Err recommender_create(World *world, bool lives, Recommender **out)
{
    Recommender *r = memory_new(Recommender);

    r->world = world;
    pthread_mutex_init(&r->lock, NULL);
    cond_init(&r->changed);
    *out = r; /* from here on recommender_destroy tidies up */
    if (!lives)
        return OK;
    TRY(linear_load());
    TRY(make(r, GUIDE_ITEMS));
    r->lives = true;
    r->thread = thread_start("recommender", live, r);
    return OK;
}

void recommender_destroy(Recommender *r)
{
    if (r == NULL)
        return;
    mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_broadcast(&r->changed);
    mutex_unlock(&r->lock);
    if (r->lives)
        thread_join(r->thread);
    guide_release(&r->newest);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->lock);
    memory_free(r);
}

void recommender_note(Recommender *r, size_t events)
{
    MUTEX_HOLD(&r->lock);

    r->learned += events;
}

/* Of one that doesn't live: as it is now, whatever that takes. */
static Err make_now(Recommender *r)
{
    int64_t version;

    if (r->newest != NULL) {
        GuideAge age = age_of(r, &version);

        if (age.learned == 0 && !graph_changed(r, version))
            return OK;
    }
    return make(r, GUIDE_MODEL);
}

Err recommender_take(Recommender *r, Guide **out)
{
    if (!r->lives)
        TRY(make_now(r));
    MUTEX_HOLD(&r->lock);
    atomic_fetch_add(&r->newest->holders, 1);
    *out = r->newest;
    return OK;
}
