/* What users do: graph_record and what is read of it. */
#include "conformance/graph/fixture.h"

static void plant(Garden *garden)
{
    put_node(garden, "nerd12", "Product", "{\"name\":\"NERD12\",\"name_ko\":\"너드12\"}");
    put_node(garden, "takju", "Drink", "{\"title\":\"Takju\"}");
    put_node(garden, "rice", "Ingredient", "{}");
}

static GraphInteraction liked(const char *event, const char *user, const char *entity, int64_t at_us)
{
    return (GraphInteraction){
        .event_id = str_from(event),
        .user = str_from(user),
        .type = STR("LIKES"),
        .entity = str_from(entity),
        .once = true,
        .at_us = at_us,
        .properties = STR("{}"),
    };
}

static void a_new_user_is_made_and_a_known_one_kept(void **state)
{
    Garden *garden = *state;
    size_t accepted;
    GraphNode found;

    plant(garden);
    put_node(garden, "minji", "User", "{\"preferences\":[\"sweet\"]}");
    check_ok(
        record(garden, (GraphInteraction){STR("1"), STR("minji"), STR("LIKES"), STR("rice")}, &accepted));
    check_ok(record(garden, (GraphInteraction){STR("2"), STR("jisu"), STR("LIKES"), STR("rice")}, &accepted));
    check_ok(graph_get_node(garden->graph, &garden->arena, STR("minji"), GRAPH_NOW, &found));
    check_text(found.properties, "{\"preferences\":[\"sweet\"]}");
    check_ok(graph_get_node(garden->graph, &garden->arena, STR("jisu"), GRAPH_NOW, &found));
    check_text(found.labels[0], "User");
    check_text(found.properties, "{\"created_at\":\"then\"}");
}

static void an_event_that_comes_again_changes_nothing(void **state)
{
    Garden *garden = *state;
    GraphInteraction first = {STR("e"), STR("minji"), STR("TALKED"), STR("rice"), .at_us = 1};
    GraphInteraction other = {STR("e"), STR("minji"), STR("TALKED"), STR("takju"), .at_us = 2};
    size_t accepted;

    plant(garden);
    check_ok(record(garden, first, &accepted));
    assert_int_equal(accepted, 1);
    check_ok(record(garden, first, &accepted));
    assert_int_equal(accepted, 0);
    check_ok(record(garden, other, &accepted));
    assert_int_equal(accepted, 0);
    reopen(garden);
    check_ok(record(garden, other, &accepted));
    assert_int_equal(accepted, 0);
    check_text(context(garden, "minji", 10), "TALKED>rice@1 {}");
}

static void what_holds_once_has_the_latest_word_however_late_it_comes(void **state)
{
    Garden *garden = *state;
    GraphInteraction newer = {STR("1"), STR("minji"), STR("LIKES"),          STR("rice"),
                              true,     20,           STR("{\"score\":0.9}")};
    GraphInteraction older = {STR("2"), STR("minji"), STR("LIKES"),          STR("rice"),
                              true,     10,           STR("{\"score\":0.1}")};
    size_t accepted;

    plant(garden);
    check_ok(record(garden, newer, &accepted));
    check_ok(record(garden, older, &accepted));
    assert_int_equal(accepted, 1);
    check_text(context(garden, "minji", 10), "LIKES>rice@20 {\"score\":0.9}");
}

static void what_happens_often_is_kept_each_time(void **state)
{
    Garden *garden = *state;
    size_t accepted;

    plant(garden);
    check_ok(record(garden,
                    (GraphInteraction){STR("1"), STR("minji"), STR("TALKED"), STR("rice"), .at_us = 1},
                    &accepted));
    check_ok(record(garden,
                    (GraphInteraction){STR("2"), STR("minji"), STR("TALKED"), STR("rice"), .at_us = 2},
                    &accepted));
    check_text(context(garden, "minji", 10), "TALKED>rice@2 {}; TALKED>rice@1 {}");
    check_text(context(garden, "minji", 1), "TALKED>rice@2 {}");
}

static void a_users_context_is_newest_first_over_all_types(void **state)
{
    Garden *garden = *state;
    size_t accepted;

    plant(garden);
    check_ok(record(garden,
                    (GraphInteraction){STR("1"), STR("minji"), STR("TALKED"), STR("rice"), .at_us = 1},
                    &accepted));
    check_ok(record(garden,
                    (GraphInteraction){STR("2"), STR("minji"), STR("LIKES"), STR("takju"), .at_us = 2},
                    &accepted));
    check_ok(record(garden,
                    (GraphInteraction){STR("3"), STR("minji"), STR("TALKED"), STR("nerd12"), .at_us = 3},
                    &accepted));
    check_text(context(garden, "minji", 2), "TALKED>nerd12@3 {}; LIKES>takju@2 {}");
    check_text(context(garden, "nobody", 2), "");
}

static void a_batch_of_interactions_is_all_or_nothing_and_names_the_first_that_is_wrong(void **state)
{
    Garden *garden = *state;
    GraphInteraction batch[] = {liked("1", "minji", "rice", 1), liked("2", "minji", "nowhere", 2)};
    size_t accepted = 77;
    GraphNode found;
    Err e;

    plant(garden);
    e = graph_record(garden->graph, batch, 2, STR("{}"), &accepted);
    check_err(e, NOT_FOUND, "nowhere");
    assert_string_equal(e.pointer, "/1");
    check_err(graph_get_node(garden->graph, &garden->arena, STR("minji"), GRAPH_NOW, &found), NOT_FOUND,
              "minji");
    batch[1].entity = STR("takju");
    check_ok(graph_record(garden->graph, batch, 2, STR("{}"), &accepted));
    assert_int_equal(accepted, 2);
}

static Err note_key(void *context, const GraphNode *node)
{
    buf_format(context, "%.*s ", STR_ARG(node->key));
    return OK;
}

static Err note_relationship(void *context, const GraphRelationship *r)
{
    buf_format(context, "%.*s-%.*s-%.*s ", STR_ARG(r->from), STR_ARG(r->type), STR_ARG(r->to));
    return OK;
}

static GraphBatch two_drinks(Str label[1], GraphNode nodes[2], GraphRelationship *r)
{
    label[0] = STR("Drink");
    nodes[0] = (GraphNode){.key = STR("soju"), .labels = label, .label_count = 1, .properties = STR("{}")};
    nodes[1] = (GraphNode){.key = STR("yakju"), .labels = label, .label_count = 1, .properties = STR("{}")};
    *r = (GraphRelationship){
        .type = STR("NEAR"), .from = STR("soju"), .to = STR("yakju"), .properties = STR("{}")};
    return (GraphBatch){nodes, 2, r, 1};
}

static void what_an_origin_no_longer_says_goes_and_what_people_did_stays(void **state)
{
    Garden *garden = *state;
    Str label[1];
    GraphNode nodes[2];
    GraphRelationship r;
    GraphBatch batch = two_drinks(label, nodes, &r);
    Buf seen = {.arena = &garden->arena};
    size_t accepted;
    Str mark;

    put_node(garden, "other", "Drink", "{}");
    check_ok(graph_replace(garden->graph, (GraphOrigin){STR("novel"), 2000}, batch, STR("digest"), STR("1")));
    check_ok(
        record(garden, (GraphInteraction){STR("1"), STR("minji"), STR("LIKES"), STR("soju")}, &accepted));
    check_ok(graph_replace(garden->graph, (GraphOrigin){STR("novel"), 2000}, (GraphBatch){0}, STR("digest"),
                           STR("2")));
    check_ok(graph_scan_nodes(garden->graph, (Str){0}, note_key, &seen));
    check_ok(graph_scan_relationships(garden->graph, (Str){0}, note_relationship, &seen));
    check_text(buf_str(&seen), "minji other soju minji-LIKES-soju ");
    check_ok(graph_get_mark(garden->graph, &garden->arena, STR("digest"), &mark));
    check_text(mark, "2");
}

/* "1" and "2": LIKES rice twice, once each; "3": TALKED soju; "4": LIKES takju. */
static void do_things(Garden *garden, const char *user, size_t first, size_t last)
{
    const GraphInteraction all[] = {
        {STR("1"), str_from(user), STR("LIKES"), STR("rice"), true, 10, STR("{\"score\":0.1}")},
        {STR("2"), str_from(user), STR("LIKES"), STR("rice"), true, 30, STR("{\"score\":0.9}")},
        {STR("3"), str_from(user), STR("TALKED"), STR("nerd12"), false, 20, STR("{}")},
        {STR("4"), str_from(user), STR("LIKES"), STR("takju"), true, 40, STR("{}")},
    };
    size_t accepted;

    for (size_t i = first; i <= last; i++)
        check_ok(record(garden, all[i - 1], &accepted));
}

static void what_a_user_did_becomes_anothers_as_if_that_one_had_done_it(void **state)
{
    Garden *garden = *state;
    int64_t events;

    plant(garden);
    do_things(garden, "guest", 1, 3);
    do_things(garden, "minji", 4, 4);
    check_ok(graph_move_user(garden->graph, STR("guest"), STR("minji"), STR("{}"), &events));
    assert_int_equal(events, 3);
    check_text(context(garden, "minji", 10),
               "LIKES>takju@40 {}; LIKES>rice@30 {\"score\":0.9}; TALKED>nerd12@20 {}");
    check_text(relationship_claims(garden, "LIKES", "minji", "rice"),
               "event:1@10-30 {\"score\":0.1}; event:2@30 {\"score\":0.9}");
    check_text(neighbours_at(garden, "minji", 15), "LIKES>rice@10 {\"score\":0.1}");
    check_text(context(garden, "guest", 10), "");
    check_text(node_at(garden, "guest", GRAPH_NOW), "none");
    check_ok(graph_move_user(garden->graph, STR("guest"), STR("minji"), STR("{}"), &events));
    assert_int_equal(events, 0);
}

static void of_two_views_of_a_thing_the_later_one_holds_whoever_had_it(void **state)
{
    Garden *garden = *state;
    GraphInteraction between = {STR("own"), STR("minji"), STR("LIKES"),          STR("rice"),
                                true,       20,           STR("{\"score\":0.5}")};
    int64_t events;
    size_t accepted;

    plant(garden);
    check_ok(record(garden, between, &accepted));
    do_things(garden, "guest", 1, 2);
    check_ok(graph_move_user(garden->graph, STR("guest"), STR("minji"), STR("{}"), &events));
    check_text(relationship_claims(garden, "LIKES", "minji", "rice"),
               "event:own@20-30 {\"score\":0.5}; event:1@10-20 {\"score\":0.1}; event:2@30 {\"score\":0.9}");
}

static void somebody_who_did_nothing_yet_is_made_by_what_they_are_given(void **state)
{
    Garden *garden = *state;
    int64_t events;

    plant(garden);
    do_things(garden, "guest", 1, 4);
    check_ok(graph_move_user(garden->graph, STR("guest"), STR("jisu"), STR("{}"), &events));
    reopen(garden);
    check_text(node_at(garden, "jisu", GRAPH_NOW), "User@10 {}");
    check_text(context(garden, "jisu", 1), "LIKES>takju@40 {}");
}

static void what_becomes_nobodys_is_gone(void **state)
{
    Garden *garden = *state;
    int64_t events;
    size_t accepted;

    plant(garden);
    do_things(garden, "guest", 1, 4);
    check_ok(graph_move_user(garden->graph, STR("guest"), (Str){0}, (Json){0}, &events));
    assert_int_equal(events, 4);
    check_text(node_at(garden, "guest", GRAPH_NOW), "none");
    check_text(relationship_claims(garden, "LIKES", "guest", "rice"), "");
    check_ok(record(garden, (GraphInteraction){STR("1"), STR("jisu"), STR("LIKES"), STR("rice")}, &accepted));
    assert_int_equal(accepted, 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        garden_test(a_new_user_is_made_and_a_known_one_kept),
        garden_test(an_event_that_comes_again_changes_nothing),
        garden_test(what_holds_once_has_the_latest_word_however_late_it_comes),
        garden_test(what_happens_often_is_kept_each_time),
        garden_test(a_users_context_is_newest_first_over_all_types),
        garden_test(a_batch_of_interactions_is_all_or_nothing_and_names_the_first_that_is_wrong),
        garden_test(what_a_user_did_becomes_anothers_as_if_that_one_had_done_it),
        garden_test(of_two_views_of_a_thing_the_later_one_holds_whoever_had_it),
        garden_test(somebody_who_did_nothing_yet_is_made_by_what_they_are_given),
        garden_test(what_becomes_nobodys_is_gone),
        garden_test(what_an_origin_no_longer_says_goes_and_what_people_did_stays),
    };

    garden_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
