#include "services/world/world.h"

#include <assert.h>

#include "base/log.h"
#include "base/memory.h"
#include "services/world/room.h"
#include "services/world/seed.h"

static const char *const QUERY_OUTCOMES[] = {"answered", "abstained", "cypher"};
static const char *const EVENT_OUTCOMES[] = {"accepted", "duplicate"};
static const char *const RECOMMENDATION_OUTCOMES[] = {"known", "new"};
static const char *const QUERY_KIND_NAMES[QUERY_KINDS] = {[KIND_INTENT] = "intent", [KIND_CYPHER] = "cypher"};

static const Metric METRICS[] = {
    [QUERIES] = {METRIC_COUNTER, "nerdx_world_queries_total", "Questions asked of the world model.",
                 .labels = {{"outcome", QUERY_OUTCOMES, 3}}},
    [EVENTS] = {METRIC_COUNTER, "nerdx_world_events_total", "Events that were to be learned.",
                .labels = {{"outcome", EVENT_OUTCOMES, 2}}},
    [RECOMMENDATIONS] = {METRIC_COUNTER, "nerdx_world_recommendations_total", "Recommendations asked for.",
                         .labels = {{"to", RECOMMENDATION_OUTCOMES, 2}}},
    [LIKES] = {METRIC_GAUGE, "nerdx_world_likes", "Likes that recommendations are made from."},
    [MODELS] = {METRIC_COUNTER, "nerdx_world_models_total", "Times that was learned who likes what."},
    [ENTITIES] = {METRIC_GAUGE, "nerdx_world_entities", "Entities that can be searched."},
    [QUERY_SECONDS] = {METRIC_HISTOGRAM, "world_model_query_duration_seconds",
                       "How long the world model took over a question, by how it was asked.",
                       .labels = {{"kind", QUERY_KIND_NAMES, QUERY_KINDS}}, .unit = 1e6,
                       .buckets = METRIC_QUICK_US, .bucket_count = METRIC_QUICK_COUNT, .has_exemplars = true},
};

Err world_refresh(World *world)
{
    teller_note(world->teller);
    return follower_catch_up(world->follower);
}

static Err read_schema(World *world, AssetTable content)
{
    const Asset *file = asset_find(content, STR("schema.yaml"));
    Err e;

    if (file == NULL)
        return err(INTERNAL, "the content has no schema.yaml");
    e = schema_read(file->bytes, &world->schema);
    return failed(&e) ? err(INVALID, "schema.yaml: %s", e.message) : OK;
}

static Err read_reasons(World *world, AssetTable content)
{
    const Asset *file = asset_find(content, STR("reasons.yaml"));
    Err e;

    if (file == NULL)
        return err(INTERNAL, "the content has no reasons.yaml");
    e = reasons_read(file->bytes, &world->reasons);
    return failed(&e) ? err(INVALID, "reasons.yaml: %s", e.message) : OK;
}

static Err read_concepts(World *world, AssetTable content)
{
    const Asset *file = asset_find(content, STR("concepts.yaml"));
    Err e;

    if (file == NULL)
        return err(INTERNAL, "the content has no concepts.yaml");
    e = concepts_read(file->bytes, &world->concepts);
    return failed(&e) ? err(INVALID, "concepts.yaml: %s", e.message) : OK;
}

static Err open_graph(World *world, const WorldConfig *config)
{
    int64_t now_us = clock_wall_us(world->clock);

    TRY(graph_open(&config->graph, &world->graph));
    TRY(seed_open_schema(world->graph, world->schema, config->open_schema));
    return config->empty ? seed_nothing(world->graph, now_us)
                         : seed_world(world->graph, world->schema, config->content, now_us);
}

static Err open_world(World *world, const WorldConfig *config)
{
    TRY(read_schema(world, config->content));
    TRY(open_graph(world, config));
    if (config->store != NULL)
        TRY(teller_create(config->store, world->graph, world->clock, &world->teller));
    TRY(read_reasons(world, config->content));
    TRY(read_concepts(world, config->content));
    TRY(follower_create(world, config->follows, &world->follower));
    return recommender_create(world, config->follows, &world->recommender);
}

Err world_create(const WorldConfig *config, World **out)
{
    World *world = memory_new(World);
    Err e;

    assert(config->graph.url != NULL);
    world->clock = config->clock != NULL ? config->clock : clock_system();
    world->metrics = metrics_create(METRICS, sizeof(METRICS) / sizeof(METRICS[0]));
    shelf_init(&world->shelf);
    world->answers = answers_create();
    e = open_world(world, config);
    if (failed(&e)) {
        world_destroy(world);
        return e;
    }
    *out = world;
    return OK;
}

void world_destroy(World *world)
{
    if (world == NULL)
        return;
    world_end_telling(world);
    recommender_destroy(world->recommender);
    follower_destroy(world->follower);
    shelf_finish(&world->shelf);
    reasons_destroy(world->reasons);
    concepts_destroy(world->concepts);
    answers_destroy(world->answers);
    schema_destroy(world->schema);
    graph_close(world->graph);
    metrics_destroy(world->metrics);
    memory_free(world);
}

bool world_blocks(const World *world)
{
    return graph_reads_block(world->graph);
}

JobTable world_jobs(void)
{
    return teller_jobs();
}

Queue *world_queue(const World *world)
{
    return teller_queue(world->teller);
}

void world_start_jobs(World *world, size_t threads)
{
    teller_start_jobs(world->teller, threads);
}

void world_stop_jobs(World *world)
{
    if (world != NULL && world->teller != NULL)
        teller_stop_jobs(world->teller);
}

void world_end_telling(World *world)
{
    if (world == NULL)
        return;
    teller_destroy(world->teller);
    world->teller = NULL;
}

Err world_ready(World *world)
{
    AUTO_ARENA Arena scratch = {0};
    Str digest;

    arena_init(&scratch);
    return graph_get_mark(world->graph, &scratch, str_from(SEED_MARK), &digest);
}

const Metrics *world_metrics(const World *world)
{
    return world->metrics;
}

void world_count(World *world, WorldMetric metric, size_t outcome, size_t by)
{
    metrics_add(world->metrics, metric, metrics_series(world->metrics, metric, outcome, 0), (int64_t)by);
}

void world_gauge(World *world, WorldMetric metric, int64_t value)
{
    metrics_set(world->metrics, metric, metrics_series(world->metrics, metric, 0, 0), value);
}

StrList world_copy_list(Arena *arena, StrSet set)
{
    Str *items = arena_array(arena, Str, set.count);

    for (size_t i = 0; i < set.count; i++)
        items[i] = str_copy(arena, set.items[i]);
    return (StrList){items, set.count};
}
