/* The world model: one graph that people and agents ask and teach. Operations: api/world.yaml.
 *
 *     WorldConfig config = {.graph.url = "sqlite:data/world.db", .content = WORLD_CONTENT, .clock = clock_system()};
 *     TRY(world_create(&config, &world)); */
#ifndef NERDX_SERVICES_WORLD_WORLD_H
#define NERDX_SERVICES_WORLD_WORLD_H

#include "api/world.h"
#include "base/asset.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "stores/graph/graph.h"
#include "stores/queue/queue.h"

typedef struct World World;

typedef struct WorldConfig {
    GraphAccess graph;  /* opened and owned by the world */
    AssetTable content; /* schema.yaml and the Markdown files */
    const Clock *clock; /* NULL = the system's */
    bool empty;         /* without the content, from now on */
    bool open_schema;   /* any labels and relationships, from now on */
    const char *
        store; /* where events wait until they are delivered; NULL = other processes tell what this one writes */
    bool follows; /* a thread looks for what others write into the same graph, and tidies up */
} WorldConfig;

/* Opens the graph, puts the content into it if it has changed, and makes it searchable.
 * Errors: those of the graph; INVALID when the content breaks its rules, naming the first problem's file and line
 * (all of them are logged). */
Err world_create(const WorldConfig *config, World **out);
void world_destroy(World *world); /* accepts NULL */

/* A ranking of whatever has a word of the question, best first, without a thought for whether it answers it: for
 * evaluation, where POST query would rather answer nothing. *out and its ids are in the arena. */
typedef struct WorldRanked {
    Str id;
    double score;
} WorldRanked;
size_t world_rank(World *world, Arena *arena, Str question, size_t limit, WorldRanked **out);

/* The `limit` best recommendations for each user who did something that tells of taste, best first, by user. */
typedef void (*WorldAdvised)(void *context, Str user, Str id, double score);
Err world_recommend_all(World *world, size_t limit, WorldAdvised on_advised, void *context);

bool world_blocks(const World *world); /* may an operation without x-blocking wait for a network? */
Err world_ready(World *world);         /* UNAVAILABLE when the graph doesn't answer */

/* What it tells: as auth_start_jobs. Only of one that was given a store. */
Queue *world_queue(const World *world);
void world_start_jobs(World *world, size_t threads);
void world_stop_jobs(World *world);   /* accepts NULL */
void world_end_telling(World *world); /* before the kv that wakes its workers is closed; accepts NULL */
JobTable world_jobs(void);            /* as auth_jobs */

const Metrics *world_metrics(const World *world); /* for /metrics */

#endif
