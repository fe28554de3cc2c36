/* The tiny world, open in a folder of its own, asked through its client in this process. */
#ifndef NERDX_TESTS_WORLD_FIXTURE_H
#define NERDX_TESTS_WORLD_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "drop_store.h"
#include "services/world/world.h"
#include "tiny_world.h"

typedef struct Town {
    char folder[64];
    char url[128];
    ManualClock clock;
    World *world;
    Arena arena;
    Call call;
} Town;

static const int64_t TOWN_TIME_US = 1700000000000000; /* 2023-11-14T22:13:20Z */

/* Opens it, or opens it again, with what the configuration says besides the store, the content and the clock. */
static inline Err town_start_as(Town *town, WorldConfig config)
{
    Err e;

    world_destroy(town->world);
    town->world = NULL;
    config.graph.url = town->url;
    config.content = TINY_WORLD;
    config.clock = &town->clock.clock;
    e = world_create(&config, &town->world);
    town->call.service = town->world;
    return e;
}

static inline Err town_start(Town *town)
{
    return town_start_as(town, (WorldConfig){0});
}

static inline int open_town(void **state)
{
    static Town town;

    town = (Town){.folder = "/tmp/nerdx-world-XXXXXX"};
    assert_non_null(mkdtemp(town.folder));
    (void)snprintf(town.url, sizeof town.url, "sqlite:%s/world.db", town.folder);
    manual_clock_init(&town.clock, TOWN_TIME_US);
    arena_init(&town.arena);
    town.call.arena = &town.arena;
    town.call.identity = IDENTITY_OF_MACHINE;
    check_ok(town_start(&town));
    *state = &town;
    return 0;
}

static inline int close_town(void **state)
{
    Town *town = *state;

    world_destroy(town->world);
    drop_store(town->folder, "world.db");
    arena_finish(&town->arena);
    return 0;
}

#define town_test(f) cmocka_unit_test_setup_teardown(f, open_town, close_town)

static inline QueryResult town_ask(Town *town, const char *question)
{
    QueryInput in = QUERY_INPUT_DEFAULTS;
    QueryResult out = {0};

    in.query = str_from(question);
    check_ok(world_query(&town->call, &in, &out));
    return out;
}

#endif
