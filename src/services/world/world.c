#include "services/world/world.h"

#include <assert.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/time.h"
#include "services/world/search.h"
#include "services/world/seed.h"
#include "stores/graph/graph.h"

struct World {
    Graph *graph;
    Schema *schema;
    Shelf shelf;
    const Clock *clock;
    Metrics *metrics;
};

enum { QUERIES, EVENTS, ENTITIES };
enum { QUERY_ANSWERED, QUERY_ABSTAINED };
enum { EVENT_ACCEPTED, EVENT_DUPLICATE };

static const char *const QUERY_OUTCOMES[] = {"answered", "abstained"};
static const char *const EVENT_OUTCOMES[] = {"accepted", "duplicate"};
static const Metric METRICS[] = {
    [QUERIES] = {METRIC_COUNTER, "nerdx_world_queries_total", "Questions asked of the world model.",
                 .labels = {{"outcome", QUERY_OUTCOMES, 2}}},
    [EVENTS] = {METRIC_COUNTER, "nerdx_world_events_total", "Events that were to be learned.",
                .labels = {{"outcome", EVENT_OUTCOMES, 2}}},
    [ENTITIES] = {METRIC_GAUGE, "nerdx_world_entities", "Entities that can be searched."},
};

/* Makes what the graph holds now searchable; questions under way keep what they began with. */
static Err refresh_catalogue(World *world)
{
    Catalogue *catalogue;

    TRY(catalogue_load(world->graph, world->schema, &catalogue));
    metrics_set(world->metrics, ENTITIES, metrics_series(world->metrics, ENTITIES, 0, 0),
                (int64_t)catalogue->count);
    shelf_put(&world->shelf, catalogue);
    return OK;
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

static Err open_world(World *world, const WorldConfig *config)
{
    TRY(read_schema(world, config->content));
    TRY(graph_open(config->graph_url, &world->graph));
    TRY(seed_world(world->graph, world->schema, config->content));
    return refresh_catalogue(world);
}

Err world_create(const WorldConfig *config, World **out)
{
    World *world = memory_new(World);
    Err e;

    assert(config->graph_url != NULL);
    world->clock = config->clock != NULL ? config->clock : clock_system();
    world->metrics = metrics_create(METRICS, sizeof(METRICS) / sizeof(METRICS[0]));
    shelf_init(&world->shelf);
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
    shelf_finish(&world->shelf);
    schema_destroy(world->schema);
    graph_close(world->graph);
    metrics_destroy(world->metrics);
    memory_free(world);
}

bool world_blocks(const World *world)
{
    return graph_reads_block(world->graph);
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

static void count(World *world, size_t metric, size_t outcome, size_t by)
{
    metrics_add(world->metrics, metric, metrics_series(world->metrics, metric, outcome, 0), (int64_t)by);
}

/* Texts are copied: the catalogue they come from may be gone before the answer is written. */
static StrList copy_list(Arena *arena, StrSet set)
{
    Str *items = arena_array(arena, Str, set.count);

    for (size_t i = 0; i < set.count; i++)
        items[i] = str_copy(arena, set.items[i]);
    return (StrList){items, set.count};
}

static EntitySummary summarise(Arena *arena, const CatalogueEntity *entity, Language language)
{
    Tongue tongue = language == LANGUAGE_KO ? TONGUE_KO : TONGUE_EN;

    return (EntitySummary){
        .id = str_copy(arena, entity->id),
        .label = str_copy(arena, entity->labels.items[0]),
        .name = str_copy(arena, entity->name[tongue]),
        .summary = str_copy(arena, entity->summary[tongue]),
        .sample = entity->sample,
        .sources = copy_list(arena, entity->sources),
    };
}

static StrList path_of(Arena *arena, const SearchHit *hit)
{
    Str *ids = arena_array(arena, Str, 2);

    if (hit->through == NULL)
        return (StrList){0};
    ids[0] = str_copy(arena, hit->through->id);
    ids[1] = str_copy(arena, hit->entity->id);
    return (StrList){ids, 2};
}

static QueryHit answer(Arena *arena, const SearchHit *hit, Language language)
{
    return (QueryHit){
        .entity = summarise(arena, hit->entity, language),
        .score = hit->score,
        .why = {.terms = copy_list(arena, hit->terms), .path = path_of(arena, hit)},
    };
}

/* Finds the entities that answer a question, best first; none when nothing fits. */
Err world_query(Call *call, const QueryInput *in, QueryResult *out)
{
    World *world = call->service;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    SearchQuery query = {in->query, {in->labels.items, in->labels.count}, (size_t)in->max_results};
    SearchHit *hits;

    out->language = in->has_language ? in->language : is_korean(in->query) ? LANGUAGE_KO : LANGUAGE_EN;
    out->results.count = search(catalogue, world->schema, call->arena, &query, &hits);
    out->results.items = arena_array(call->arena, QueryHit, out->results.count);
    for (size_t i = 0; i < out->results.count; i++)
        out->results.items[i] = answer(call->arena, &hits[i], out->language);
    count(world, QUERIES, out->results.count > 0 ? QUERY_ANSWERED : QUERY_ABSTAINED, 1);
    return OK;
}

static Neighbour describe_neighbour(const GraphNeighbour *neighbour)
{
    return (Neighbour){
        .relationship = neighbour->relationship,
        .direction = neighbour->direction == GRAPH_OUT ? NEIGHBOUR_DIRECTION_OUT : NEIGHBOUR_DIRECTION_IN,
        .id = neighbour->key,
        .label = neighbour->label,
        .name = neighbour->name,
        .properties = neighbour->properties,
    };
}

/* What visitors did is theirs: it is read from their side only. From the other it would tell who they are, and push
 * the entity's own neighbours out of the list. */
static GraphView view_of(const Schema *schema, const GraphNode *node, int64_t limit)
{
    const SchemaLabel *label = schema_label(schema, node->labels[0]);
    StrSet told = schema_told_types(schema);

    if (label != NULL && !label->in_catalogue)
        return (GraphView){.direction = GRAPH_OUT, .limit = (size_t)limit};
    return (GraphView){GRAPH_BOTH, told.items, told.count, (size_t)limit};
}

/* Reads one entity with its neighbours. NOT_FOUND names the id. */
Err world_get_entity(Call *call, const WorldGetEntityInput *in, Entity *out)
{
    World *world = call->service;
    GraphNeighbour *neighbours = NULL;
    size_t neighbour_count = 0;
    GraphNode node;

    TRY(graph_get_node(world->graph, call->arena, in->id, &node));
    if (in->limit > 0)
        TRY(graph_get_neighbours(world->graph, call->arena, in->id, view_of(world->schema, &node, in->limit),
                                 &neighbours, &neighbour_count));
    out->id = node.key;
    out->labels = copy_list(call->arena, (StrSet){node.labels, node.label_count});
    out->properties = node.properties;
    out->neighbours.items = arena_array(call->arena, Neighbour, neighbour_count);
    out->neighbours.count = neighbour_count;
    for (size_t i = 0; i < neighbour_count; i++)
        out->neighbours.items[i] = describe_neighbour(&neighbours[i]);
    return OK;
}

/* The main label of an entity: from the catalogue when it is there, otherwise from the graph. */
static Err label_of(World *world, Arena *arena, const Catalogue *catalogue, Str id, Str *out)
{
    const CatalogueEntity *entity = catalogue_find(catalogue, id);
    GraphNode node;

    if (entity != NULL) {
        *out = entity->labels.items[0];
        return OK;
    }
    TRY(graph_get_node(world->graph, arena, id, &node));
    *out = node.labels[0];
    return OK;
}

/* The relationship's properties: what came, and the score under its name. */
static Err properties_of(Arena *arena, const LearnEvent *event, Json *out)
{
    AUTO_JSON json_t *properties = NULL;

    if (event->properties.data == NULL && !event->has_score) {
        *out = STR("{}");
        return OK;
    }
    TRY(json_read(event->properties.data != NULL ? event->properties : STR("{}"), &properties));
    if (event->has_score)
        json_object_set_new(properties, "score", json_real(event->score));
    *out = json_text(arena, properties);
    return OK;
}

static Err check_event(World *world, Call *call, const Catalogue *catalogue, const LearnEvent *event,
                       size_t i)
{
    Str label;
    Err e = label_of(world, call->arena, catalogue, event->entity_id, &label);

    if (e.code == NOT_FOUND)
        return err_at(err(UNPROCESSABLE, "%s", e.message), "/events/%zu/entity_id", i);
    TRY(e);
    e = schema_check_learned(world->schema, event->type, label);
    return failed(&e) ? err_at(e, "/events/%zu/type", i) : OK;
}

/* What the user did, as the graph keeps it. */
static Err interaction_of(World *world, Call *call, const LearnEvent *event, size_t i, int64_t now_us,
                          GraphInteraction *out)
{
    *out = (GraphInteraction){
        .event_id = event->event_id,
        .user = event->user_id,
        .type = event->type,
        .entity = event->entity_id,
        .once = schema_relationship(world->schema, event->type)->once,
        .at_us = now_us,
    };
    if (event->timestamp.data != NULL && !time_parse(event->timestamp, &out->at_us))
        return err_at(err(INVALID, "timestamp: there is no such moment; expected 2026-11-23T12:00:00Z"),
                      "/events/%zu/timestamp", i);
    return properties_of(call->arena, event, &out->properties);
}

static Json new_user(Arena *arena, int64_t now_us)
{
    return str_format(arena, "{\"created_at\":\"%.*s\"}", STR_ARG(time_format(arena, now_us)));
}

/* Records what users did: all of it or nothing, once however often it is sent.
 * UNPROCESSABLE names the first event whose entity or relationship the world doesn't know. */
Err world_learn(Call *call, const LearnInput *in, LearnResult *out)
{
    World *world = call->service;
    AUTO_CATALOGUE Catalogue *catalogue = shelf_take(&world->shelf);
    GraphInteraction *interactions = arena_array(call->arena, GraphInteraction, in->events.count);
    int64_t now_us = clock_wall_us(world->clock);
    size_t accepted;

    for (size_t i = 0; i < in->events.count; i++) {
        TRY(check_event(world, call, catalogue, &in->events.items[i], i));
        TRY(interaction_of(world, call, &in->events.items[i], i, now_us, &interactions[i]));
    }
    TRY(graph_record(world->graph, interactions, in->events.count, new_user(call->arena, now_us), &accepted));
    count(world, EVENTS, EVENT_ACCEPTED, accepted);
    count(world, EVENTS, EVENT_DUPLICATE, in->events.count - accepted);
    out->accepted = (int64_t)accepted;
    out->duplicates = (int64_t)(in->events.count - accepted);
    return OK;
}
