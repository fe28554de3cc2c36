/* Random histories, told to the graph and to a model that is too simple to be wrong: origins speak of the same few
 * things, correct themselves and each other, users do something, and now and then an origin is retracted. All the while
 * both must know the same, of now and of the past. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/graph/history_random.h"

enum {
    HISTORIES = 40,
    HISTORIES_OVER_A_NETWORK = 1, /* a minute */
    STEPS = 80,
    STEPS_BETWEEN_LOOKS = 10,
    FIRST_NOW = 100,
    MOST_SAID_AT_ONCE = 4
};

static const int64_t MOMENTS[] = {GRAPH_NOW, 1, 3, 5, 7, FIRST_NOW + 10, FIRST_NOW + 30, FIRST_NOW + 50};

/* What a replica keeps of a node, as graph_scan_changed tells it. */
typedef struct Copy {
    Str texts[HISTORY_KEYS];
    int64_t version;
} Copy;

typedef struct Telling {
    Garden *garden;
    Model *model;
    Copy copy;
    Chance chance;
} Telling;

/* ---- saying it to the graph */

static GraphNode node_of(Arena *arena, const Said *said, Str *label)
{
    *label = str_from(said->type);
    return (GraphNode){
        .key = str_from(said->key),
        .labels = label,
        .label_count = 1,
        .since_us = said->since_us,
        .until_us = said->until_us,
        .line = said->line,
        .properties = values_text(arena, said->values),
    };
}

static GraphRelationship relationship_of(Arena *arena, const Said *said)
{
    return (GraphRelationship){
        .type = str_from(said->type),
        .from = str_from(said->key),
        .to = str_from(said->to),
        .at_us = said->since_us,
        .until_us = said->until_us,
        .line = said->line,
        .repeats = said->repeats,
        .properties = values_text(arena, said->values),
    };
}

/* A batch as it is put together. */
typedef struct Batch {
    GraphNode nodes[MOST_SAID_AT_ONCE];
    Str labels[MOST_SAID_AT_ONCE];
    GraphRelationship relationships[MOST_SAID_AT_ONCE];
    Said said[2 * MOST_SAID_AT_ONCE]; /* all of it: nodes before relationships */
    size_t count;
    GraphBatch all;
} Batch;

static void add_to_batch(Arena *arena, Batch *batch, Said said)
{
    GraphBatch *all = &batch->all;

    batch->said[batch->count++] = said;
    if (said.is_node) {
        batch->nodes[all->node_count] = node_of(arena, &said, &batch->labels[all->node_count]);
        all->nodes = batch->nodes;
        all->node_count++;
    } else {
        batch->relationships[all->relationship_count++] = relationship_of(arena, &said);
        all->relationships = batch->relationships;
    }
}

static void put_some(Telling *telling)
{
    const char *origin = HISTORY_ORIGIN[chance_below(&telling->chance, HISTORY_ORIGINS)];
    GraphOrigin by = {str_from(origin), telling->chance.now_us};
    GraphVerdict verdicts[2 * MOST_SAID_AT_ONCE];
    Batch batch = {0};
    size_t nodes = (size_t)chance_below(&telling->chance, 3);
    size_t relationships = (size_t)chance_below(&telling->chance, MOST_SAID_AT_ONCE);

    for (size_t i = 0; i < nodes; i++)
        add_to_batch(&telling->garden->arena, &batch, chance_node(&telling->chance, origin));
    for (size_t i = 0; i < relationships; i++)
        add_to_batch(&telling->garden->arena, &batch, chance_relationship(&telling->chance, origin));
    batch.all.node_verdicts = verdicts;
    batch.all.relationship_verdicts = verdicts + nodes;
    if (chance_below(&telling->chance, 4) == 0) {
        by.rehearse = true;
        check_ok(graph_put(telling->garden->graph, by, batch.all));
        by.rehearse = false;
    }
    check_ok(graph_put(telling->garden->graph, by, batch.all));
    for (size_t i = 0; i < batch.count; i++)
        assert_int_equal(verdicts[i], model_say(telling->model, batch.said[i]));
}

static bool is_in(const Batch *batch, const Said *said)
{
    for (size_t i = 0; i < batch->count; i++)
        if (model_same_thing(&batch->said[i], said))
            return true;
    return false;
}

static void drop_the_rest(Telling *telling, const Batch *batch, const char *origin)
{
    const Model *model = telling->model;
    size_t count = model->count;

    for (size_t i = 0; i < count; i++) {
        Said said = model->claims[i].said;

        if (!model->claims[i].current || strcmp(said.origin, origin) != 0 || is_in(batch, &said))
            continue;
        said.drops = true;
        said.now_us = telling->chance.now_us;
        (void)model_say(telling->model, said);
    }
}

/* Self-contained, as a file is: a relationship comes with its ends. */
static void replace_all(Telling *telling)
{
    const char *origin = HISTORY_ORIGIN[chance_below(&telling->chance, HISTORY_ORIGINS)];
    GraphOrigin by = {str_from(origin), telling->chance.now_us};
    Batch batch = {0};
    Said first = chance_node(&telling->chance, origin);
    Said second = chance_node(&telling->chance, origin);
    Said r = chance_relationship(&telling->chance, origin);

    first.until_us = second.until_us = r.until_us = GRAPH_FOREVER;
    r.key = first.key;
    r.to = second.key;
    if (strcmp(r.type, "WAS") == 0)
        r.type = "HAS";
    if (chance_below(&telling->chance, 3) > 0) {
        add_to_batch(&telling->garden->arena, &batch, first);
        add_to_batch(&telling->garden->arena, &batch, second);
        add_to_batch(&telling->garden->arena, &batch, r);
    }
    check_ok(graph_replace(telling->garden->graph, by, batch.all, STR("mark"), STR("set")));
    for (size_t i = 0; i < batch.count; i++)
        (void)model_say(telling->model, batch.said[i]);
    drop_the_rest(telling, &batch, origin);
}

static GraphInteraction interaction_of(Arena *arena, const Said *said)
{
    return (GraphInteraction){
        .event_id = str_from(said->origin + strlen("event:")),
        .user = str_from(said->key),
        .type = str_from(said->type),
        .entity = str_from(said->to),
        .once = !said->repeats,
        .at_us = said->since_us,
        .properties = values_text(arena, said->values),
    };
}

static bool is_said_before(const Said *said, size_t i)
{
    for (size_t earlier = 0; earlier < i; earlier++)
        if (said[earlier].origin == said[i].origin)
            return true;
    return false;
}

static void record_batch(Telling *telling, const GraphInteraction *batch, const Said *said, size_t count)
{
    size_t accepted = 0;
    size_t expected = 0;

    for (size_t i = 0; i < count; i++)
        expected += model_say(telling->model, said[i]) == GRAPH_ADDED;
    check_ok(graph_record(telling->garden->graph, batch, count, STR("{\"made\":true}"), &accepted));
    assert_int_equal(accepted, expected);
}

/* All or nothing: what one of them misses, all of them miss. */
static void record_some(Telling *telling)
{
    GraphInteraction batch[MOST_SAID_AT_ONCE];
    Said said[MOST_SAID_AT_ONCE];
    size_t count = 1 + (size_t)chance_below(&telling->chance, MOST_SAID_AT_ONCE);
    size_t accepted;
    bool missing = false;

    for (size_t i = 0; i < count; i++) {
        said[i] = chance_event(&telling->chance);
        batch[i] = interaction_of(&telling->garden->arena, &said[i]);
        missing = missing || (model_misses(telling->model, &said[i]) && !is_said_before(said, i));
    }
    if (missing)
        check_err(graph_record(telling->garden->graph, batch, count, STR("{}"), &accepted), NOT_FOUND, "e");
    else
        record_batch(telling, batch, said, count);
}

static void retract_one(Telling *telling)
{
    const char *origin = chance_below(&telling->chance, 2) == 0
                             ? HISTORY_ORIGIN[chance_below(&telling->chance, HISTORY_ORIGINS)]
                             : HISTORY_EVENT[chance_below(&telling->chance, HISTORY_EVENTS)];
    int64_t claims;

    check_ok(graph_retract(telling->garden->graph, str_from(origin), telling->chance.now_us, &claims));
    model_retract(telling->model, origin);
}

static void step(Telling *telling)
{
    int what = chance_below(&telling->chance, 12);

    telling->chance.now_us++;
    if (what < 6)
        put_some(telling);
    else if (what < 7)
        replace_all(telling);
    else if (what < 11)
        record_some(telling);
    else
        retract_one(telling);
}

/* ---- looking at both */

static void look_at_claims(Telling *telling, const char *key)
{
    static const char *const types[] = {"HAS", "SAW", "LIKES", "MET", "WAS"};
    Arena *arena = &telling->garden->arena;

    check_text(node_claims(telling->garden, key),
               str_c(arena, model_node_claims(arena, telling->model, key)));
    for (size_t t = 0; t < COUNT(types); t++)
        for (size_t i = 0; i < HISTORY_KEYS; i++)
            check_text(relationship_claims(telling->garden, types[t], key, HISTORY_KEY[i]),
                       str_c(arena, model_relationship_claims(arena, telling->model, types[t], key,
                                                              HISTORY_KEY[i])));
}

static void look(Telling *telling)
{
    Garden *garden = telling->garden;
    Arena *arena = &garden->arena;

    for (size_t k = 0; k < HISTORY_KEYS; k++) {
        for (size_t m = 0; m < COUNT(MOMENTS); m++) {
            check_text(node_at(garden, HISTORY_KEY[k], MOMENTS[m]),
                       str_c(arena, model_node_at(arena, telling->model, HISTORY_KEY[k], MOMENTS[m])));
            check_text(neighbours_at(garden, HISTORY_KEY[k], MOMENTS[m]),
                       str_c(arena, model_neighbours_at(arena, telling->model, HISTORY_KEY[k], MOMENTS[m])));
        }
        look_at_claims(telling, HISTORY_KEY[k]);
    }
}

/* What a replica can't miss: the node, and what origins joined to it. */
static Str told_of(Telling *telling, const char *key)
{
    Garden *garden = telling->garden;

    return str_format(&garden->arena, "%.*s %.*s", STR_ARG(node_at(garden, key, GRAPH_NOW)),
                      STR_ARG(neighbours(garden, key, GRAPH_BOTH, "HAS", 100)));
}

static Err note_changed(void *context, const GraphNode *node)
{
    Telling *telling = context;

    for (size_t k = 0; k < HISTORY_KEYS; k++)
        if (str_equal(node->key, str_from(HISTORY_KEY[k])))
            telling->copy.texts[k] = told_of(telling, HISTORY_KEY[k]);
    return OK;
}

static void follow(Telling *telling)
{
    check_ok(graph_scan_changed(telling->garden->graph, telling->copy.version, note_changed, telling,
                                &telling->copy.version));
    for (size_t k = 0; k + HISTORY_USERS < HISTORY_KEYS; k++)
        check_text(telling->copy.texts[k].data != NULL ? telling->copy.texts[k] : STR("none "),
                   str_c(&telling->garden->arena, told_of(telling, HISTORY_KEY[k])));
}

static void prepare_ground(Telling *telling)
{
    for (size_t i = 0; i < 2; i++) {
        say_node(telling->garden, (GraphOrigin){STR("ground"), 1}, HISTORY_KEY[i], "Ground", "{\"a\":1}");
        (void)model_say(telling->model, (Said){.origin = "ground",
                                               .is_node = true,
                                               .key = HISTORY_KEY[i],
                                               .type = "Ground",
                                               .values = {{1}},
                                               .until_us = GRAPH_FOREVER});
    }
}

static void the_graph_knows_what_a_simple_model_knows(void **state)
{
    const char *seed = getenv("NERDX_TEST_SEED");
    Telling telling = {.garden = *state, .chance.now_us = FIRST_NOW};
    unsigned by_chance = (unsigned)(uintptr_t)*state ^ (unsigned)clock();

    telling.model = arena_new(&telling.garden->arena, Model);
    telling.chance.seed = seed != NULL ? (unsigned)strtoul(seed, NULL, 10) : by_chance;
    print_message("seed %u (NERDX_TEST_SEED tells it again)\n", telling.chance.seed);
    prepare_ground(&telling);
    for (int i = 1; i <= STEPS; i++) {
        step(&telling);
        follow(&telling);
        if (chance_below(&telling.chance, 40) == 0)
            reopen(telling.garden);
        if (i % STEPS_BETWEEN_LOOKS == 0)
            look(&telling);
    }
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[HISTORIES];
    bool is_near = argc < 2 || strncmp(argv[1], "sqlite", strlen("sqlite")) == 0;
    size_t count = is_near ? HISTORIES : HISTORIES_OVER_A_NETWORK;

    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest)garden_test(the_graph_knows_what_a_simple_model_knows);
    garden_use_url(argc, argv);
    return _cmocka_run_group_tests("histories", tests, count, NULL, NULL);
}
