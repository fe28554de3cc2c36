#include "world_fixture.h"

#include "base/thread.h"
#include "services/world/catalogue.h"

static LearnEvent interest(const char *event, const char *user, const char *entity)
{
    return (LearnEvent){
        .event_id = str_from(event),
        .user_id = str_from(user),
        .type = STR("INTERESTED_IN"),
        .entity_id = str_from(entity),
    };
}

static Err learn(Town *town, LearnEvent *events, size_t count, LearnResult *out)
{
    LearnInput in = {.events = {events, count}};

    return world_learn(&town->call, &in, out);
}

static Entity entity(Town *town, const char *id)
{
    WorldGetEntityInput in = WORLD_GET_ENTITY_INPUT_DEFAULTS;
    Entity out = {0};

    in.id = str_from(id);
    check_ok(world_get_entity(&town->call, &in, &out));
    return out;
}

static void what_is_learned_is_in_the_users_neighbours(void **state)
{
    Town *town = *state;
    LearnEvent event = interest("1", "minji", "bottle");
    LearnResult result;
    Entity user;

    event.has_score = true;
    event.score = 0.75;
    event.properties = STR("{\"note\":\"crisp\"}");
    check_ok(learn(town, &event, 1, &result));
    assert_int_equal(result.accepted, 1);
    user = entity(town, "minji");
    check_text(user.labels.items[0], "User");
    check_text(user.properties, "{\"created_at\":\"2023-11-14T22:13:20Z\"}");
    assert_int_equal(user.neighbours.count, 1);
    check_text(user.neighbours.items[0].id, "bottle");
    check_text(user.neighbours.items[0].name, "Moonlight Jar");
    check_text(user.neighbours.items[0].properties, "{\"note\":\"crisp\",\"score\":0.75}");
}

static void an_entity_does_not_tell_who_its_visitors_are(void **state)
{
    Town *town = *state;
    LearnEvent event = interest("1", "minji", "bottle");
    LearnResult result;
    Entity bottle;

    check_ok(learn(town, &event, 1, &result));
    bottle = entity(town, "bottle");
    assert_int_equal(bottle.neighbours.count, 1);
    check_text(bottle.neighbours.items[0].id, "icheon-rice");
    check_text(entity(town, "icheon-rice").neighbours.items[0].id, "bottle");
}

static void a_visitor_is_read_by_themselves_and_by_who_may_act_for_any_user(void **state)
{
    Town *town = *state;
    WorldGetEntityInput in = WORLD_GET_ENTITY_INPUT_DEFAULTS;
    LearnEvent event = interest("1", "minji", "bottle");
    LearnResult result;
    Entity out;

    in.id = STR("minji");
    check_ok(learn(town, &event, 1, &result));
    town->call.identity = (Identity){.subject = STR("minji"), .permissions = PERMISSION_WORLD_READ};
    check_ok(world_get_entity(&town->call, &in, &out));
    town->call.identity.subject = STR("jisoo");
    Err e = world_get_entity(&town->call, &in, &out);
    assert_int_equal(e.code, NOT_FOUND);
    assert_string_equal(e.message, "there is no entity minji");
    town->call.identity.permissions |= PERMISSION_USERS_ANY;
    check_ok(world_get_entity(&town->call, &in, &out));
}

static void an_event_sent_again_is_a_duplicate_even_with_other_contents(void **state)
{
    Town *town = *state;
    LearnEvent events[] = {interest("1", "minji", "bottle"), interest("1", "minji", "wheat")};
    LearnResult result;

    check_ok(learn(town, events, 2, &result));
    assert_int_equal(result.accepted, 1);
    assert_int_equal(result.duplicates, 1);
    check_ok(learn(town, events + 1, 1, &result));
    assert_int_equal(result.duplicates, 1);
    assert_int_equal(entity(town, "minji").neighbours.count, 1);
}

static void a_wrong_event_is_pointed_at_and_none_of_its_request_is_taken(void **state)
{
    Town *town = *state;
    LearnEvent events[] = {interest("1", "minji", "bottle"), interest("2", "minji", "nowhere")};
    WorldGetEntityInput in = {.id = STR("minji")};
    LearnResult result;
    Entity out;
    Err e = learn(town, events, 2, &result);

    check_err(e, UNPROCESSABLE, "nowhere");
    assert_string_equal(e.pointer, "/events/1/entity_id");
    events[1] = interest("2", "minji", "maeju-ai");
    e = learn(town, events, 2, &result);
    check_err(e, UNPROCESSABLE, "there may be: CHATTED_WITH");
    assert_string_equal(e.pointer, "/events/1/type");
    check_err(world_get_entity(&town->call, &in, &out), NOT_FOUND, "minji");
}

static void the_time_that_was_given_decides_what_is_latest(void **state)
{
    Town *town = *state;
    LearnEvent events[] = {interest("1", "minji", "bottle"), interest("2", "minji", "bottle")};
    LearnResult result;

    events[0].has_score = events[1].has_score = true;
    events[0].score = 1;
    events[1].score = -1;
    events[1].timestamp = STR("2001-01-01T00:00:00Z");
    check_ok(learn(town, events, 2, &result));
    assert_int_equal(entity(town, "minji").neighbours.count, 1);
    check_text(entity(town, "minji").neighbours.items[0].properties, "{\"score\":1}");
}

/* As the content's own word: a second seeding would take it back. */
static void change_the_wheat(Town *town)
{
    static const Str labels[] = {STR("Ingredient")};
    GraphNode wheat = {
        .key = STR("wheat"), .labels = labels, .label_count = 1, .properties = STR("{\"name\":\"Changed\"}")};
    Graph *graph;

    check_ok(graph_open(&(GraphAccess){.url = town->url}, &graph));
    check_ok(
        graph_put(graph, (GraphOrigin){STR("content"), 1}, (GraphBatch){.nodes = &wheat, .node_count = 1}));
    graph_close(graph);
}

static void a_second_start_changes_nothing(void **state)
{
    Town *town = *state;
    LearnEvent event = interest("1", "minji", "bottle");
    LearnResult result;

    check_ok(learn(town, &event, 1, &result));
    change_the_wheat(town);
    check_ok(town_start(town));
    check_text(entity(town, "wheat").properties, "{\"name\":\"Changed\"}");
    assert_int_equal(entity(town, "minji").neighbours.count, 1);
    assert_int_equal(entity(town, "bottle").neighbours.count, 1);
    check_ok(world_ready(town->world));
}

static void content_that_is_wrong_stops_the_start_with_file_and_line(void **state)
{
    static const Asset files[] = {
        {.path = "ingredient/rye.md", .bytes = STR(TINY_OTHER), .etag = "1"},
        {.path = "schema.yaml", .bytes = STR(TINY_SCHEMA), .etag = "2"},
    };
    Town *town = *state;
    WorldConfig config = {.graph.url = town->url, .content = {files, 2}};

    world_destroy(town->world);
    town->world = NULL;
    check_err(world_create(&config, &town->world), INVALID, "ingredient/rye.md:2: id: wheat isn't the name");
    check_ok(town_start(town));
    assert_int_equal(town_ask(town, "이천 쌀").results.count, 2);
}

enum { READERS = 3, ROUNDS = 200 };

static void *read_catalogues(void *context)
{
    Shelf *shelf = context;

    for (int i = 0; i < ROUNDS; i++) {
        AUTO_CATALOGUE Catalogue *catalogue = shelf_take(shelf);

        assert_int_equal(catalogue->count, 4);
        assert_non_null(catalogue_find(catalogue, STR("bottle")));
    }
    return NULL;
}

static void readers_keep_what_they_began_with_while_a_newer_one_takes_its_place(void **state)
{
    Town *town = *state;
    pthread_t readers[READERS];
    Catalogue *catalogue;
    Schema *schema;
    Graph *graph;
    Shelf shelf;

    check_ok(schema_read(STR(TINY_SCHEMA), &schema));
    check_ok(graph_open(&(GraphAccess){.url = town->url}, &graph));
    shelf_init(&shelf);
    check_ok(catalogue_load(graph, schema, &catalogue));
    shelf_put(&shelf, catalogue);
    for (int i = 0; i < READERS; i++)
        readers[i] = thread_start("reader", read_catalogues, &shelf);
    for (int i = 0; i < 10; i++) {
        check_ok(catalogue_load(graph, schema, &catalogue));
        shelf_put(&shelf, catalogue);
    }
    for (int i = 0; i < READERS; i++)
        thread_join(readers[i]);
    shelf_finish(&shelf);
    graph_close(graph);
    schema_destroy(schema);
}

static void what_was_asked_and_learned_is_counted(void **state)
{
    Town *town = *state;
    LearnEvent events[] = {interest("1", "minji", "bottle"), interest("1", "minji", "bottle")};
    LearnResult result;
    Buf text = {.arena = &town->arena};

    (void)town_ask(town, "이천 쌀");
    (void)town_ask(town, "축구 경기");
    check_ok(learn(town, events, 2, &result));
    metrics_write(world_metrics(town->world), &text);
    assert_true(str_find(buf_str(&text), STR("nerdx_world_queries_total{outcome=\"abstained\"} 1"), 0) !=
                SIZE_MAX);
    assert_true(str_find(buf_str(&text), STR("nerdx_world_events_total{outcome=\"duplicate\"} 1"), 0) !=
                SIZE_MAX);
    assert_true(str_find(buf_str(&text), STR("nerdx_world_entities 4"), 0) != SIZE_MAX);
}

static void an_empty_world_stays_empty_when_it_is_opened_again(void **state)
{
    Town *town = *state;

    assert_true(town_ask(town, "이천 쌀").results.count > 0);
    check_ok(town_start_as(town, (WorldConfig){.empty = true}));
    assert_int_equal(town_ask(town, "이천 쌀").results.count, 0);
    check_ok(town_start(town));
    assert_int_equal(town_ask(town, "이천 쌀").results.count, 0);
}

static void an_open_schema_stays_open_when_the_world_is_opened_again(void **state)
{
    Town *town = *state;
    LearnEvent event = interest("1", "minji", "maeju-ai");
    LearnResult result;

    assert_int_equal(learn(town, &event, 1, &result).code, UNPROCESSABLE);
    check_ok(town_start_as(town, (WorldConfig){.open_schema = true}));
    check_ok(learn(town, &event, 1, &result));
    event.event_id = STR("2");
    check_ok(town_start(town));
    check_ok(learn(town, &event, 1, &result));
    assert_int_equal(result.accepted, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        town_test(what_is_learned_is_in_the_users_neighbours),
        town_test(an_entity_does_not_tell_who_its_visitors_are),
        town_test(a_visitor_is_read_by_themselves_and_by_who_may_act_for_any_user),
        town_test(an_event_sent_again_is_a_duplicate_even_with_other_contents),
        town_test(a_wrong_event_is_pointed_at_and_none_of_its_request_is_taken),
        town_test(the_time_that_was_given_decides_what_is_latest),
        town_test(a_second_start_changes_nothing),
        town_test(content_that_is_wrong_stops_the_start_with_file_and_line),
        town_test(readers_keep_what_they_began_with_while_a_newer_one_takes_its_place),
        town_test(what_was_asked_and_learned_is_counted),
        town_test(an_empty_world_stays_empty_when_it_is_opened_again),
        town_test(an_open_schema_stays_open_when_the_world_is_opened_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
