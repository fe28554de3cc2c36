/* What is searched is what the graph holds, however it came to hold it. */
#include "world_fixture.h"

#include <string.h>

#include "base/thread.h"
#include "services/world/merge.h"
#include "services/world/room.h"

static const Str INGREDIENT[] = {STR("Ingredient")};
static const Str PRODUCT[] = {STR("Product")};

static GraphBatch node_batch(GraphNode *node)
{
    return (GraphBatch){.nodes = node, .node_count = 1};
}

/* Says something of one entity, as a second process would, and looks no further. */
static void put(Town *town, Graph *graph, const char *origin, const Str *labels, const char *id,
                Json properties)
{
    GraphNode node = {.key = str_from(id),
                      .labels = labels,
                      .label_count = 1,
                      .properties = str_copy(&town->arena, properties)};

    check_ok(
        graph_put(graph, (GraphOrigin){.name = str_from(origin), .now_us = TOWN_TIME_US}, node_batch(&node)));
}

static void join(Graph *graph, const char *origin, const char *from, const char *to)
{
    GraphRelationship r = {
        .type = STR("HAS_INGREDIENT"), .from = str_from(from), .to = str_from(to), .properties = STR("{}")};

    check_ok(graph_put(graph, (GraphOrigin){.name = str_from(origin), .now_us = TOWN_TIME_US},
                       (GraphBatch){.relationships = &r, .relationship_count = 1}));
}

static bool is_found(Town *town, const char *question, const char *id)
{
    QueryResult result = town_ask(town, question);

    for (size_t i = 0; i < result.results.count; i++)
        if (str_equal(result.results.items[i].entity.id, str_from(id)))
            return true;
    return false;
}

static void what_is_written_changed_and_forgotten_is_searched_at_once(void **state)
{
    Town *town = *state;
    Graph *graph = town->world->graph;
    int64_t claims;

    put(town, graph, "talk", INGREDIENT, "juniper", STR("{\"name\":\"Juniper\",\"name_ko\":\"노간주\"}"));
    assert_false(is_found(town, "juniper", "juniper"));
    check_ok(world_refresh(town->world));
    assert_true(is_found(town, "juniper", "juniper"));
    assert_true(is_found(town, "노간주가 뭐예요", "juniper"));
    put(town, graph, "talk", INGREDIENT, "juniper", STR("{\"name\":\"Sloe\"}"));
    check_ok(world_refresh(town->world));
    assert_true(is_found(town, "sloe", "juniper"));
    assert_false(is_found(town, "juniper", "juniper"));
    check_ok(graph_retract(graph, STR("talk"), TOWN_TIME_US, &claims));
    check_ok(world_refresh(town->world));
    assert_false(is_found(town, "sloe", "juniper"));
    assert_true(is_found(town, "wheat", "wheat"));
}

static void a_new_relationship_leads_to_what_is_joined(void **state)
{
    Town *town = *state;

    assert_false(is_found(town, "wheat", "bottle"));
    join(town->world->graph, "talk", "bottle", "wheat");
    check_ok(world_refresh(town->world));
    assert_true(is_found(town, "wheat", "bottle"));
}

static void an_entity_is_in_one_segment_only(void **state)
{
    Town *town = *state;
    Catalogue *catalogue;

    for (int i = 0; i < 10; i++) {
        put(town, town->world->graph, "talk", INGREDIENT, "wheat",
            str_format(&town->arena, "{\"name\":\"Wheat %d\"}", i));
        check_ok(world_refresh(town->world));
    }
    catalogue = shelf_take(&town->world->shelf);
    assert_int_equal(catalogue->count, 4);
    assert_true(catalogue->view_count <= 3);
    catalogue_release(&catalogue);
}

/* ---- Random histories ---- */

enum { THINGS = 24, STEPS = 120 };

static const char *const WORDS[] = {"juniper", "river", "stone", "쌀",     "누룩",
                                    "maple",   "달빛",  "honey", "항아리", "salt"};
static const char *const QUESTIONS[] = {"juniper river", "누룩과 쌀", "maple honey salt",
                                        "달빛 항아리",   "Thing 7",   "stone thing"};

static unsigned below(unsigned *seed, unsigned limit)
{
    return (unsigned)rand_r(seed) % limit;
}

static const char *word_at_random(unsigned *seed)
{
    return WORDS[below(seed, COUNT(WORDS))];
}

static void do_something(Town *town, Graph *graph, unsigned *seed)
{
    const char *id = str_c(&town->arena, str_format(&town->arena, "thing-%d", (int)below(seed, THINGS)));
    const char *origin = below(seed, 2) == 0 ? "one" : "another";
    int64_t claims;

    switch (below(seed, 12)) {
    case 0:
        check_ok(graph_retract(graph, str_from(origin), TOWN_TIME_US, &claims));
        break;
    case 1:
        put(town, graph, origin, PRODUCT, "thing-0", STR("{\"name\":\"Thing 0\"}"));
        put(town, graph, origin, INGREDIENT, id, STR("{\"name\":\"Joined\"}"));
        if (strcmp(id, "thing-0") != 0)
            join(graph, origin, "thing-0", id);
        break;
    default:
        put(town, graph, origin, INGREDIENT, id,
            str_format(&town->arena, "{\"name\":\"Thing %s %s\",\"text\":\"%s %s %s\"}", id,
                       word_at_random(seed), word_at_random(seed), word_at_random(seed),
                       word_at_random(seed)));
    }
}

static void check_equal_answers(Town *town, World *fresh)
{
    for (size_t q = 0; q < COUNT(QUESTIONS); q++) {
        WorldRanked *followed;
        WorldRanked *loaded;
        size_t count = world_rank(town->world, &town->arena, str_from(QUESTIONS[q]), 50, &followed);

        assert_int_equal(world_rank(fresh, &town->arena, str_from(QUESTIONS[q]), 50, &loaded), count);
        for (size_t i = 0; i < count; i++) {
            assert_true(str_equal(followed[i].id, loaded[i].id));
            assert_true(followed[i].score == loaded[i].score);
        }
    }
}

static void after_any_history_it_answers_as_if_it_was_loaded_just_now(void **state)
{
    Town *town = *state;
    WorldConfig config = {.graph.url = town->url, .content = TINY_WORLD, .clock = &town->clock.clock};
    unsigned seed = 20261125;

    for (int step = 0; step < STEPS; step++) {
        World *fresh;

        do_something(town, town->world->graph, &seed);
        check_ok(world_refresh(town->world));
        if (step % 10 != 9)
            continue;
        check_ok(world_create(&config, &fresh));
        check_equal_answers(town, fresh);
        world_destroy(fresh);
    }
}

/* ---- Merges while the catalogue changes ---- */

static void what_dies_during_a_merge_is_dead_afterwards(void **state)
{
    Town *town = *state;
    Str wheat = STR("wheat");
    Catalogue *begun = shelf_take(&town->world->shelf);
    Merge merge = merge_begin(begun, town->world->schema, (MergePlan){0, 1});
    Catalogue *changed = catalogue_change(begun, &wheat, 1, NULL);
    Catalogue *merged = merge_end(&merge, changed);

    assert_int_equal(merged->count, 3);
    assert_null(catalogue_find(merged, wheat));
    assert_non_null(catalogue_find(merged, STR("bottle")));
    merge = merge_begin(begun, town->world->schema, (MergePlan){0, 1});
    assert_null(merge_end(&merge, merged));
    catalogue_release(&merged);
    catalogue_release(&changed);
    catalogue_release(&begun);
}

/* ---- The thread that looks for what others write ---- */

enum { ASKERS = 2, WRITES = 40 };

typedef struct Asker {
    World *world;
    _Atomic bool ends;
} Asker;

static void *ask_on_and_on(void *context)
{
    Asker *asker = context;

    while (!asker->ends) {
        AUTO_ARENA Arena arena = {0};
        WorldRanked *ranked;

        arena_init(&arena);
        assert_true(world_rank(asker->world, &arena, STR("이천 쌀"), 5, &ranked) > 0);
    }
    return NULL;
}

static bool is_ranked(Town *town, const char *question, const char *id)
{
    WorldRanked *ranked;
    size_t count = world_rank(town->world, &town->arena, str_from(question), 5, &ranked);

    return count > 0 && str_equal(ranked[0].id, str_from(id));
}

static void what_others_write_is_found_while_questions_go_on(void **state)
{
    Town *town = *state;
    pthread_t threads[ASKERS];
    Asker asker = {.ends = false};
    Graph *graph;

    check_ok(town_start_as(town, (WorldConfig){.follows = true}));
    asker.world = town->world;
    for (int i = 0; i < ASKERS; i++)
        threads[i] = thread_start("asker", ask_on_and_on, &asker);
    check_ok(graph_open(&(GraphAccess){.url = town->url}, &graph));
    for (int i = 0; i < WRITES; i++) {
        const char *id = str_c(&town->arena, str_format(&town->arena, "thing-%d", i % 7));

        put(town, graph, "other", INGREDIENT, id, str_format(&town->arena, "{\"name\":\"zelkova%d\"}", i));
        if (i % 3 == 0)
            check_ok(world_refresh(town->world));
    }
    while (!is_ranked(town, "zelkova39", "thing-4")) {
    }
    asker.ends = true;
    for (int i = 0; i < ASKERS; i++)
        thread_join(threads[i]);
    graph_close(graph);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        town_test(what_is_written_changed_and_forgotten_is_searched_at_once),
        town_test(a_new_relationship_leads_to_what_is_joined),
        town_test(an_entity_is_in_one_segment_only),
        town_test(after_any_history_it_answers_as_if_it_was_loaded_just_now),
        town_test(what_dies_during_a_merge_is_dead_afterwards),
        town_test(what_others_write_is_found_while_questions_go_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
