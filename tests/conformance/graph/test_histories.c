/* Random histories, told to the graph and to a model that is too simple to be wrong: afterwards both know the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conformance/graph/fixture.h"

enum { HISTORIES = 12, STEPS = 120, USERS = 4, ENTITIES = 5, EVENTS = 60, TIMES = 8, MAX_FACTS = STEPS * 4 };

typedef struct Fact {
    int user;
    int entity;
    bool once;
    int64_t at_us;
    int event;
} Fact;

typedef struct Model {
    bool known[EVENTS];
    Fact facts[MAX_FACTS];
    size_t count;
    unsigned seed;
} Model;

static int below(Model *model, int limit)
{
    return (int)((unsigned)rand_r(&model->seed) % (unsigned)limit);
}

static Fact random_fact(Model *model)
{
    return (Fact){below(model, USERS), below(model, ENTITIES), below(model, 2) == 0, below(model, TIMES),
                  below(model, EVENTS)};
}

static void model_once(Model *model, Fact fact)
{
    for (size_t i = 0; i < model->count; i++) {
        Fact *old = &model->facts[i];

        if (!old->once || old->user != fact.user || old->entity != fact.entity)
            continue;
        if (fact.at_us >= old->at_us)
            *old = fact;
        return;
    }
    model->facts[model->count++] = fact;
}

static size_t model_learn(Model *model, Fact fact)
{
    if (model->known[fact.event])
        return 0;
    model->known[fact.event] = true;
    if (fact.once)
        model_once(model, fact);
    else
        model->facts[model->count++] = fact;
    return 1;
}

static GraphInteraction interaction_of(Arena *arena, Fact fact)
{
    return (GraphInteraction){
        .event_id = str_format(arena, "event-%d", fact.event),
        .user = str_format(arena, "user-%d", fact.user),
        .type = fact.once ? STR("LIKES") : STR("TALKED"),
        .entity = str_format(arena, "entity-%d", fact.entity),
        .once = fact.once,
        .at_us = fact.at_us,
        .properties = str_format(arena, "{\"event\":%d}", fact.event),
    };
}

/* A batch of one to four; now and then one that must fail as a whole. */
static void step(Garden *garden, Model *model)
{
    GraphInteraction batch[4];
    Fact facts[4];
    size_t count = 1 + (size_t)below(model, 4);
    bool fails = below(model, 6) == 0;
    size_t accepted = 0;
    size_t expected = 0;

    for (size_t i = 0; i < count; i++) {
        facts[i] = random_fact(model);
        batch[i] = interaction_of(&garden->arena, facts[i]);
    }
    if (fails) {
        batch[count - 1].entity = STR("nowhere");
        batch[count - 1].event_id = STR("an event that is never taken");
        check_err(graph_record(garden->graph, batch, count, STR("{}"), &accepted), NOT_FOUND, "nowhere");
        return;
    }
    for (size_t i = 0; i < count; i++)
        expected += model_learn(model, facts[i]);
    check_ok(graph_record(garden->graph, batch, count, STR("{}"), &accepted));
    assert_int_equal(accepted, expected);
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static Err note(void *context, const GraphRelationship *r)
{
    buf_format(context, "%.*s %.*s %.*s %lld %.*s\n", STR_ARG(r->from), STR_ARG(r->type), STR_ARG(r->to),
               (long long)r->at_us, STR_ARG(r->properties));
    return OK;
}

/* The lines in an order of their own: how equal times are ordered is tested elsewhere. */
static Str sorted(Arena *arena, Str text)
{
    char **lines = arena_array(arena, char *, text.len + 1);
    Buf out = {.arena = arena};
    size_t count = 0;
    Str line;

    while (str_split(&text, '\n', &line))
        lines[count++] = str_c(arena, line);
    qsort(lines, count, sizeof *lines, compare_text);
    for (size_t i = 0; i < count; i++)
        buf_format(&out, "%s\n", lines[i]);
    return buf_str(&out);
}

static Str model_text(Arena *arena, const Model *model)
{
    Buf text = {.arena = arena};

    buf_put(&text, STR(""));
    for (size_t i = 0; i < model->count; i++) {
        GraphInteraction in = interaction_of(arena, model->facts[i]);
        GraphRelationship r = {.type = in.type,
                               .from = in.user,
                               .to = in.entity,
                               .at_us = in.at_us,
                               .properties = in.properties};

        (void)note(&text, &r);
    }
    return sorted(arena, buf_str(&text));
}

static void the_graph_knows_what_a_simple_model_knows(void **state)
{
    Garden *garden = *state;
    Model model = {0};
    Buf found = {.arena = &garden->arena};
    const char *seed = getenv("NERDX_TEST_SEED");

    for (int i = 0; i < ENTITIES; i++)
        put_node(garden, str_c(&garden->arena, str_format(&garden->arena, "entity-%d", i)), "Drink", "{}");
    model.seed =
        seed != NULL ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)(uintptr_t)garden ^ (unsigned)clock();
    print_message("seed %u (NERDX_TEST_SEED tells it again)\n", model.seed);
    for (int i = 0; i < STEPS; i++) {
        step(garden, &model);
        if (below(&model, 40) == 0)
            reopen(garden);
    }
    buf_put(&found, STR(""));
    check_ok(graph_scan_relationships(garden->graph, (Str){0}, note, &found));
    check_text(sorted(&garden->arena, buf_str(&found)),
               str_c(&garden->arena, model_text(&garden->arena, &model)));
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[HISTORIES];

    for (size_t i = 0; i < HISTORIES; i++)
        tests[i] = (struct CMUnitTest)garden_test(the_graph_knows_what_a_simple_model_knows);
    garden_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
