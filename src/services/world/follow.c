#include "services/world/follow.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"
#include "services/world/merge.h"
#include "services/world/room.h"

enum {
    POLL_US = 250000,
    PAGE = 1000,          /* neighbours that are read at a time */
    FEWEST_FOR_ALL = 256, /* changes up to so many are taken in one by one, … */
    SHARE_FOR_ALL = 8, /* … and up to this part of what there is; more are read anew with everything else */
};

struct Follower {
    World *world;
    pthread_mutex_t changing; /* held by who changes the catalogue */
    int64_t version;          /* that the catalogue has */
    StrSet stepped;           /* types of relationships that search steps along */
    Arena types;
    bool lives;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool ends;
};

/* Nodes that have changed, while they are taken in. */
typedef struct Change {
    Follower *follower;
    SegmentMaker *maker;
    Arena texts;
    Str *ids;
    size_t count;
    size_t capacity;
    size_t most;
} Change;

static const char TOO_MANY[] = "more has changed than is taken in one by one";

static void note_id(Change *change, Str id)
{
    if (change->count == change->capacity) {
        change->capacity = change->capacity > 0 ? change->capacity * 2 : 16;
        change->ids = memory_grow(change->ids, change->capacity, sizeof(Str));
    }
    change->ids[change->count++] = str_copy(&change->texts, id);
}

/* A node without labels is gone, or is one that an open schema allows. */
static Err take_unlabelled(Change *change, Str key)
{
    const World *world = change->follower->world;
    GraphNode node;
    Err e;

    if (!schema_is_open(world->schema))
        return OK;
    e = graph_get_node(world->graph, &change->texts, key, GRAPH_NOW, &node);
    if (e.code == NOT_FOUND)
        return OK;
    TRY(e);
    return schema_shows(world->schema, graph_main_label(&node)) ? segment_add_node(change->maker, &node) : OK;
}

static Err take_node(void *context, const GraphNode *node)
{
    Change *change = context;

    if (change->count == change->most)
        return err(TOO_LARGE, "%s", TOO_MANY);
    note_id(change, node->key);
    if (node->label_count == 0 || !schema_shows(change->follower->world->schema, graph_main_label(node)))
        return OK;
    return segment_add_node(change->maker, node);
}

static Err take_links(Change *change, Str id)
{
    const World *world = change->follower->world;
    GraphView view = {.direction = GRAPH_BOTH,
                      .types = change->follower->stepped.items,
                      .type_count = change->follower->stepped.count,
                      .limit = PAGE};
    GraphNeighbour *neighbours;
    size_t count;

    do {
        TRY(graph_get_neighbours(world->graph, &change->texts, id, view, &neighbours, &count));
        for (size_t i = 0; i < count; i++)
            segment_add_link(change->maker, id, neighbours[i].key,
                             schema_relationship(world->schema, neighbours[i].relationship)->step);
        if (count > 0)
            view.after = (GraphPlace){neighbours[count - 1].relationship, neighbours[count - 1].at_us,
                                      neighbours[count - 1].key, neighbours[count - 1].direction,
                                      neighbours[count - 1].id};
    } while (count == PAGE);
    return OK;
}

/* Reads what changed after the follower's version; TOO_LARGE when that is too much. */
static Err read_change(Change *change, int64_t *version)
{
    Graph *graph = change->follower->world->graph;
    size_t made;

    TRY(graph_scan_changed(graph, change->follower->version, take_node, change, version));
    for (size_t i = 0; i < change->count; i++)
        if (!segment_maker_knows(change->maker, change->ids[i]))
            TRY(take_unlabelled(change, change->ids[i]));
    made = segment_maker_count(change->maker);
    for (size_t i = 0; i < made && change->follower->stepped.count > 0; i++)
        TRY(take_links(change, segment_maker_id(change->maker, i)));
    return OK;
}

static void show(Follower *follower, Catalogue *catalogue_owned)
{
    World *world = follower->world;

    metrics_set(world->metrics, ENTITIES, metrics_series(world->metrics, ENTITIES, 0, 0),
                (int64_t)catalogue_owned->count);
    shelf_put(&world->shelf, catalogue_owned);
}

static void merge(Follower *follower, MergePlan plan)
{
    AUTO_CATALOGUE Catalogue *newest = shelf_take(&follower->world->shelf);
    Merge merging = merge_begin(newest, follower->world->schema, plan);
    Catalogue *merged = merge_end(&merging, newest);

    show(follower, merged);
}

static void merge_small(Follower *follower)
{
    AUTO_CATALOGUE Catalogue *newest = shelf_take(&follower->world->shelf);
    MergePlan plan = merge_plan(newest, true);

    if (plan.count > 0)
        merge(follower, plan);
}

static void apply(Follower *follower, Change *change)
{
    AUTO_CATALOGUE Catalogue *older = shelf_take(&follower->world->shelf);
    Segment *added = segment_maker_count(change->maker) > 0 ? segment_make(change->maker) : NULL;

    if (added != NULL)
        change->maker = NULL;
    show(follower, catalogue_change(older, change->ids, change->count, added));
    merge_small(follower);
}

static size_t most_changes(const Follower *follower)
{
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&follower->world->shelf);
    size_t share = catalogue->count / SHARE_FOR_ALL;

    return share > FEWEST_FOR_ALL ? share : FEWEST_FOR_ALL;
}

static Err load_all(Follower *follower)
{
    Catalogue *catalogue;
    int64_t version;

    TRY(graph_get_version(follower->world->graph, &version));
    TRY(catalogue_load(follower->world->graph, follower->world->schema, &catalogue));
    follower->version = version;
    show(follower, catalogue);
    return OK;
}

static Err take_in_change(Follower *follower)
{
    Change change = {.follower = follower,
                     .maker = segment_maker_create(follower->world->schema),
                     .most = most_changes(follower)};
    int64_t version;
    Err e;

    arena_init(&change.texts);
    e = read_change(&change, &version);
    if (!failed(&e)) {
        apply(follower, &change);
        follower->version = version;
    }
    segment_maker_destroy(change.maker);
    memory_free(change.ids);
    arena_finish(&change.texts);
    return e.code == TOO_LARGE ? load_all(follower) : e;
}

Err follower_catch_up(Follower *follower)
{
    MUTEX_HOLD(&follower->changing);
    int64_t version;

    TRY(graph_get_version(follower->world->graph, &version));
    return version != follower->version ? take_in_change(follower) : OK;
}

/* Large merges take long, so they are made of a catalogue that may have changed when they are done. */
static void merge_large(Follower *follower)
{
    AUTO_CATALOGUE Catalogue *begun = shelf_take(&follower->world->shelf);
    MergePlan plan = merge_plan(begun, false);
    Merge merging;
    Catalogue *merged;

    if (plan.count == 0)
        return;
    merging = merge_begin(begun, follower->world->schema, plan);
    {
        MUTEX_HOLD(&follower->changing);
        AUTO_CATALOGUE Catalogue *newest = shelf_take(&follower->world->shelf);

        merged = merge_end(&merging, newest);
        if (merged != NULL)
            show(follower, merged);
    }
}

static bool wait_for_end(Follower *follower)
{
    int64_t until = clock_monotonic_us(clock_system()) + POLL_US;

    MUTEX_HOLD(&follower->lock);
    while (!follower->ends)
        if (!cond_wait_until(&follower->ended, &follower->lock, until))
            break;
    return follower->ends;
}

static void *live(void *context)
{
    Follower *follower = context;
    bool was_well = true;

    while (!wait_for_end(follower)) {
        Err e = follower_catch_up(follower);

        if (failed(&e) && was_well)
            log_warn("the graph can't be followed", log_text("problem", str_from(e.message)));
        was_well = !failed(&e);
        merge_large(follower);
    }
    return NULL;
}

/* Only these: what users did is never looked at. */
static void note_stepped_types(Follower *follower)
{
    size_t count;
    const SchemaRelationship *kinds = schema_relationships(follower->world->schema, &count);
    Str *types = arena_array(&follower->types, Str, count);
    size_t stepped = 0;

    for (size_t i = 0; i < count; i++)
        if (kinds[i].step > 0)
            types[stepped++] = kinds[i].name;
    follower->stepped = (StrSet){types, stepped};
}

Err follower_create(World *world, bool lives, Follower **out)
{
    Follower *follower = memory_new(Follower);
    Err e;

    follower->world = world;
    arena_init(&follower->types);
    pthread_mutex_init(&follower->changing, NULL);
    pthread_mutex_init(&follower->lock, NULL);
    cond_init(&follower->ended);
    note_stepped_types(follower);
    e = load_all(follower);
    if (failed(&e)) {
        follower_destroy(follower);
        return e;
    }
    follower->lives = lives;
    if (lives)
        follower->thread = thread_start("follow", live, follower);
    *out = follower;
    return OK;
}

void follower_destroy(Follower *follower)
{
    if (follower == NULL)
        return;
    if (follower->lives) {
        mutex_lock(&follower->lock);
        follower->ends = true;
        pthread_cond_signal(&follower->ended);
        mutex_unlock(&follower->lock);
        thread_join(follower->thread);
    }
    pthread_cond_destroy(&follower->ended);
    pthread_mutex_destroy(&follower->lock);
    pthread_mutex_destroy(&follower->changing);
    arena_finish(&follower->types);
    memory_free(follower);
}
