/* Who says what: claims, the past, retraction, verdicts and versions. */
#include "conformance/graph/fixture.h"

#define BOOK_AT(now_us) ((GraphOrigin){STR("book"), now_us})
#define NOVEL_AT(now_us) ((GraphOrigin){STR("novel"), now_us})

static GraphRelationship joins(const char *from, const char *to, const char *properties)
{
    return (GraphRelationship){
        .type = STR("HAS"), .from = str_from(from), .to = str_from(to), .properties = str_from(properties)};
}

static void plant(Garden *garden)
{
    put_node(garden, "takju", "Drink", "{}");
    put_node(garden, "rice", "Ingredient", "{}");
}

static int64_t version(Garden *garden)
{
    int64_t out;

    check_ok(graph_get_version(garden->graph, &out));
    return out;
}

static int64_t retract(Garden *garden, const char *origin)
{
    int64_t claims;

    check_ok(graph_retract(garden->graph, str_from(origin), 9000, &claims));
    return claims;
}

/* ---- sums */

static void what_two_origins_say_is_laid_over_each_other(void **state)
{
    Garden *garden = *state;

    say_node(garden, BOOK_AT(10), "soju", "Drink", "{\"name\":\"Soju\",\"abv\":20}");
    say_node(garden, NOVEL_AT(20), "soju", "Story", "{\"abv\":25,\"by\":\"novel\"}");
    check_text(node_at(garden, "soju", GRAPH_NOW),
               "Drink,Story@0 {\"name\":\"Soju\",\"abv\":25,\"by\":\"novel\"}");
    check_text(node_claims(garden, "soju"),
               "book@0 {\"name\":\"Soju\",\"abv\":20}; novel@0 {\"abv\":25,\"by\":\"novel\"}");
}

static void a_relationship_that_two_speak_of_is_one(void **state)
{
    Garden *garden = *state;
    GraphRelationship newer = joins("takju", "rice", "{\"b\":2}");

    plant(garden);
    newer.at_us = 7;
    say(garden, NOVEL_AT(10), newer);
    say(garden, BOOK_AT(20), joins("takju", "rice", "{\"a\":1}"));
    check_text(neighbours(garden, "takju", GRAPH_BOTH, NULL, 9), "HAS>rice@0 {\"b\":2,\"a\":1}");
    check_text(neighbours(garden, "rice", GRAPH_BOTH, NULL, 9), "HAS<takju@0 {\"b\":2,\"a\":1}");
    check_text(relationship_claims(garden, "HAS", "takju", "rice"), "novel@7 {\"b\":2}; book@0 {\"a\":1}");
}

static void what_repeats_is_one_relationship_each_time(void **state)
{
    Garden *garden = *state;
    GraphRelationship often = joins("takju", "rice", "{}");

    plant(garden);
    often.repeats = true;
    often.at_us = 5;
    say(garden, BOOK, often);
    say(garden, BOOK, often);
    often.at_us = 6;
    say(garden, BOOK, often);
    often.line = 1;
    say(garden, BOOK, often);
    often.properties = STR("{\"corrected\":true}");
    say(garden, BOOK_AT(50), often);
    check_text(neighbours(garden, "takju", GRAPH_OUT, NULL, 9),
               "HAS>rice@50 {\"corrected\":true}; HAS>rice@6 {}; HAS>rice@5 {}");
}

/* ---- saying it again */

static void saying_the_same_again_changes_nothing(void **state)
{
    Garden *garden = *state;
    int64_t before;

    plant(garden);
    say_node(garden, BOOK_AT(10), "soju", "Drink", "{\"a\":1,\"b\":2}");
    say(garden, BOOK_AT(10), joins("soju", "rice", "{\"a\":1}"));
    before = version(garden);
    say_node(garden, BOOK_AT(20), "soju", "Drink", "{\"b\":2,\"a\":1}");
    say(garden, BOOK_AT(20), joins("soju", "rice", "{\"a\":1}"));
    assert_int_equal(version(garden), before);
    check_text(node_claims(garden, "soju"), "book@0 {\"a\":1,\"b\":2}");
    check_text(relationship_claims(garden, "HAS", "soju", "rice"), "book@0 {\"a\":1}");
}

static void saying_otherwise_closes_what_was_said_and_the_past_keeps_it(void **state)
{
    Garden *garden = *state;

    plant(garden);
    say_node(garden, BOOK_AT(10), "soju", "Drink", "{\"abv\":20}");
    say(garden, BOOK_AT(10), joins("soju", "rice", "{\"g\":1}"));
    say_node(garden, BOOK_AT(30), "soju", "Drink", "{\"abv\":25}");
    say(garden, BOOK_AT(30), joins("soju", "rice", "{\"g\":2}"));
    check_text(node_at(garden, "soju", GRAPH_NOW), "Drink@30 {\"abv\":25}");
    check_text(node_at(garden, "soju", 30), "Drink@30 {\"abv\":25}");
    check_text(node_at(garden, "soju", 29), "Drink@0 {\"abv\":20}");
    check_text(neighbours_at(garden, "soju", GRAPH_NOW), "HAS>rice@30 {\"g\":2}");
    check_text(neighbours_at(garden, "soju", 29), "HAS>rice@0 {\"g\":1}");
    check_text(neighbours_at(garden, "rice", 29), "HAS<soju@0 {\"g\":1}");
    check_text(node_claims(garden, "soju"), "book@0-30 {\"abv\":20}; book@30 {\"abv\":25}");
    check_text(relationship_claims(garden, "HAS", "soju", "rice"), "book@0-30 {\"g\":1}; book@30 {\"g\":2}");
}

static void what_says_when_it_began_to_differ_begins_then(void **state)
{
    Garden *garden = *state;
    GraphRelationship r = joins("takju", "rice", "{\"g\":1}");

    plant(garden);
    say(garden, BOOK_AT(100), r);
    r.at_us = 50;
    r.properties = STR("{\"g\":2}");
    say(garden, BOOK_AT(200), r);
    r.at_us = 40;
    say(garden, BOOK_AT(300), r);
    check_text(relationship_claims(garden, "HAS", "takju", "rice"), "book@0-50 {\"g\":1}; book@50 {\"g\":2}");
    check_text(neighbours_at(garden, "takju", 49), "HAS>rice@0 {\"g\":1}");
}

static void what_has_an_end_is_only_in_the_past(void **state)
{
    Garden *garden = *state;
    GraphRelationship r = joins("takju", "rice", "{}");

    plant(garden);
    r.at_us = 10;
    r.until_us = 20;
    say(garden, BOOK, r);
    check_text(neighbours_at(garden, "takju", GRAPH_NOW), "");
    check_text(neighbours_at(garden, "takju", 9), "");
    check_text(neighbours_at(garden, "takju", 10), "HAS>rice@10 {}");
    check_text(neighbours_at(garden, "takju", 20), "");
    r.until_us = 25;
    say(garden, BOOK, r);
    check_text(neighbours_at(garden, "takju", 24), "HAS>rice@10 {}");
    check_text(relationship_claims(garden, "HAS", "takju", "rice"), "book@10-10 {}; book@10-25 {}");
}

static void a_new_line_is_noted_and_nothing_else(void **state)
{
    Garden *garden = *state;
    GraphRelationship r = joins("takju", "rice", "{}");
    int64_t before;

    plant(garden);
    r.line = 3;
    say(garden, BOOK_AT(10), r);
    before = version(garden);
    r.line = 4;
    say(garden, BOOK_AT(20), r);
    check_text(relationship_claims(garden, "HAS", "takju", "rice"), "book:4@0 {}");
    assert_int_equal(version(garden), before);
}

/* ---- all that an origin has to say */

static void what_is_replaced_ends_and_is_still_read_in_the_past(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink")};
    GraphNode soju = {.key = STR("soju"), .labels = labels, .label_count = 1, .properties = STR("{}")};
    GraphRelationship r = joins("soju", "rice", "{}");

    plant(garden);
    check_ok(
        graph_replace(garden->graph, NOVEL_AT(10), (GraphBatch){&soju, 1, &r, 1}, STR("mark"), STR("1")));
    check_ok(graph_replace(garden->graph, NOVEL_AT(20), (GraphBatch){&soju, 1}, STR("mark"), STR("2")));
    check_text(neighbours_at(garden, "soju", GRAPH_NOW), "");
    check_text(neighbours_at(garden, "soju", 19), "HAS>rice@0 {}");
    check_ok(graph_replace(garden->graph, NOVEL_AT(30), (GraphBatch){0}, STR("mark"), STR("3")));
    check_text(node_at(garden, "soju", GRAPH_NOW), "none");
    check_text(node_at(garden, "soju", 29), "Drink@0 {}");
    check_text(node_claims(garden, "soju"), "novel@0-30 {}");
}

static void a_node_that_something_refers_to_stays_until_nothing_does(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink")};
    GraphNode soju = {.key = STR("soju"), .labels = labels, .label_count = 1, .properties = STR("{\"a\":1}")};
    GraphRelationship r = joins("takju", "soju", "{}");

    plant(garden);
    check_ok(graph_replace(garden->graph, NOVEL_AT(10), (GraphBatch){&soju, 1}, STR("mark"), STR("1")));
    check_ok(graph_replace(garden->graph, (GraphOrigin){STR("song"), 15},
                           (GraphBatch){.relationships = &r, .relationship_count = 1}, STR("other"),
                           STR("1")));
    check_ok(graph_replace(garden->graph, NOVEL_AT(20), (GraphBatch){0}, STR("mark"), STR("2")));
    check_text(node_at(garden, "soju", GRAPH_NOW), "Drink@0 {\"a\":1}");
    check_ok(graph_replace(garden->graph, (GraphOrigin){STR("song"), 30}, (GraphBatch){0}, STR("other"),
                           STR("2")));
    check_text(node_at(garden, "soju", GRAPH_NOW), "none");
    check_text(node_at(garden, "soju", 29), "Drink@0 {\"a\":1}");
    check_text(node_at(garden, "soju", 30), "none");
}

static void a_node_that_was_held_by_what_now_has_an_end_is_gone(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink")};
    GraphNode soju = {.key = STR("soju"), .labels = labels, .label_count = 1, .properties = STR("{}")};
    GraphRelationship r = joins("takju", "soju", "{}");

    plant(garden);
    check_ok(graph_replace(garden->graph, NOVEL_AT(10), (GraphBatch){&soju, 1}, STR("mark"), STR("1")));
    say(garden, BOOK_AT(15), r);
    check_ok(graph_replace(garden->graph, NOVEL_AT(20), (GraphBatch){0}, STR("mark"), STR("2")));
    check_text(node_at(garden, "soju", GRAPH_NOW), "Drink@0 {}");
    r.until_us = 25;
    say(garden, BOOK_AT(30), r);
    check_text(node_at(garden, "soju", GRAPH_NOW), "none");
    check_text(node_at(garden, "soju", 24), "Drink@0 {}");
}

/* ---- retraction */

static void of_two_that_say_the_same_one_stays_when_the_other_is_retracted(void **state)
{
    Garden *garden = *state;

    plant(garden);
    say_node(garden, NOVEL_AT(10), "rice", "Crop", "{\"from\":\"Icheon\"}");
    say(garden, NOVEL_AT(10), joins("takju", "rice", "{\"g\":1}"));
    say(garden, BOOK_AT(20), joins("takju", "rice", "{\"g\":1}"));
    assert_int_equal(retract(garden, "novel"), 2);
    check_text(node_at(garden, "rice", GRAPH_NOW), "Ingredient@0 {}");
    check_text(neighbours_at(garden, "takju", GRAPH_NOW), "HAS>rice@0 {\"g\":1}");
    check_text(relationship_claims(garden, "HAS", "takju", "rice"), "book@0 {\"g\":1}");
    assert_int_equal(retract(garden, "novel"), 0);
}

static void what_could_not_have_been_said_without_an_origin_goes_with_it(void **state)
{
    Garden *garden = *state;

    plant(garden);
    say_node(garden, NOVEL_AT(10), "soju", "Drink", "{}");
    say(garden, BOOK_AT(20), joins("soju", "rice", "{\"g\":1}"));
    say_node(garden, BOOK_AT(30), "soju", "Drink", "{}");
    say(garden, BOOK_AT(40), joins("soju", "rice", "{\"g\":2}"));
    assert_int_equal(retract(garden, "novel"), 2);
    check_text(relationship_claims(garden, "HAS", "soju", "rice"), "book@0 {\"g\":2}");
    check_text(neighbours_at(garden, "soju", 25), "HAS>rice@0 {\"g\":2}");
}

/* The third took the place of the second when that began at 30; of one that begins at 0 it does so at 5. */
static void what_took_the_place_of_what_begins_earlier_now_begins_when_it_says(void **state)
{
    Garden *garden = *state;
    GraphRelationship third = joins("soju", "rice", "{\"g\":3}");

    plant(garden);
    say_node(garden, NOVEL_AT(10), "soju", "Drink", "{}");
    say(garden, BOOK_AT(20), joins("soju", "rice", "{\"g\":1}"));
    say_node(garden, BOOK_AT(30), "soju", "Drink", "{}");
    say(garden, BOOK_AT(30), joins("soju", "rice", "{\"g\":2}"));
    third.at_us = 5;
    say(garden, BOOK_AT(40), third);
    check_text(relationship_claims(garden, "HAS", "soju", "rice"),
               "book@0-30 {\"g\":1}; book@30-40 {\"g\":2}; book@40 {\"g\":3}");
    (void)retract(garden, "novel");
    check_text(relationship_claims(garden, "HAS", "soju", "rice"), "book@0-5 {\"g\":2}; book@5 {\"g\":3}");
    check_text(neighbours_at(garden, "soju", GRAPH_NOW), "HAS>rice@5 {\"g\":3}");
}

static void a_user_goes_with_the_last_thing_they_did(void **state)
{
    Garden *garden = *state;
    GraphInteraction like = {STR("1"), STR("minji"), STR("LIKES"), STR("rice"), true, .at_us = 5};
    size_t accepted;

    plant(garden);
    check_ok(record(garden, like, &accepted));
    like.event_id = STR("2");
    like.at_us = 9;
    check_ok(record(garden, like, &accepted));
    check_text(relationship_claims(garden, "LIKES", "minji", "rice"), "event:1@5-9 {}; event:2@9 {}");
    assert_int_equal(retract(garden, "event:2"), 1);
    check_text(neighbours_at(garden, "minji", GRAPH_NOW), "LIKES>rice@5 {}");
    check_text(node_at(garden, "minji", 4), "none");
    assert_int_equal(retract(garden, "event:1"), 1);
    check_text(node_at(garden, "minji", GRAPH_NOW), "none");
    check_text(node_at(garden, "minji", 9), "none");
    check_ok(record(garden, like, &accepted));
    assert_int_equal(accepted, 1);
}

static void what_events_say_cannot_be_put(void **state)
{
    Garden *garden = *state;

    check_err(graph_put(garden->graph, (GraphOrigin){STR("event:1"), 1}, (GraphBatch){0}), INVALID,
              "event:1");
    check_err(graph_put(garden->graph, (GraphOrigin){STR("events"), 1}, (GraphBatch){0}), INVALID, "events");
}

/* ---- verdicts */

static void each_item_gets_its_verdict_and_a_rehearsal_keeps_nothing(void **state)
{
    Garden *garden = *state;
    Str labels[] = {STR("Drink")};
    GraphNode nodes[] = {
        {.key = STR("takju"), .labels = labels, .label_count = 1, .properties = STR("{}")},
        {.key = STR("rice"), .labels = labels, .label_count = 1, .properties = STR("{}")},
        {.key = STR("soju"), .labels = labels, .label_count = 1, .properties = STR("{}")},
    };
    GraphRelationship r[] = {joins("takju", "rice", "{}"), joins("takju", "nowhere", "{}")};
    GraphVerdict node_verdicts[3];
    GraphVerdict verdicts[2];
    GraphBatch batch = {nodes, 3, r, 2, node_verdicts, verdicts};
    int64_t before;

    plant(garden);
    before = version(garden);
    for (int round = 0; round < 2; round++) {
        check_ok(graph_put(garden->graph, (GraphOrigin){STR("book"), 20, .rehearse = round == 0}, batch));
        assert_int_equal(node_verdicts[0], GRAPH_SAME);
        assert_int_equal(node_verdicts[1], GRAPH_CHANGED);
        assert_int_equal(node_verdicts[2], GRAPH_ADDED);
        assert_int_equal(verdicts[0], GRAPH_ADDED);
        assert_int_equal(verdicts[1], GRAPH_NO_END);
        assert_int_equal(version(garden), before + round);
        check_text(node_at(garden, "soju", GRAPH_NOW), round == 0 ? "none" : "Drink@0 {}");
    }
}

/* ---- versions */

static Err note_change(void *context, const GraphNode *node)
{
    buf_format(context, "%s%.*s ", node->label_count > 0 ? "" : "-", STR_ARG(node->key));
    return OK;
}

static Str changed_since(Garden *garden, int64_t since, int64_t *now)
{
    Buf seen = {.arena = &garden->arena};

    buf_put(&seen, STR(""));
    check_ok(graph_scan_changed(garden->graph, since, note_change, &seen, now));
    return buf_str(&seen);
}

static void what_changed_since_a_version_is_told(void **state)
{
    Garden *garden = *state;
    size_t accepted;
    int64_t since = 0;
    int64_t now = 0;

    plant(garden);
    check_text(changed_since(garden, 0, &since), "rice takju ");
    assert_int_equal(since, version(garden));
    check_ok(
        record(garden, (GraphInteraction){STR("1"), STR("minji"), STR("LIKES"), STR("rice")}, &accepted));
    assert_int_equal(version(garden), since);
    say_node(garden, NOVEL_AT(10), "soju", "Drink", "{}");
    say(garden, NOVEL_AT(10), joins("soju", "rice", "{}"));
    check_text(changed_since(garden, since, &now), "rice soju ");
    since = now;
    assert_int_equal(retract(garden, "novel"), 2);
    check_text(changed_since(garden, since, &now), "rice -soju ");
    check_text(changed_since(garden, now, &since), "");
    reopen(garden);
    assert_int_equal(version(garden), now);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        garden_test(what_two_origins_say_is_laid_over_each_other),
        garden_test(a_relationship_that_two_speak_of_is_one),
        garden_test(what_repeats_is_one_relationship_each_time),
        garden_test(saying_the_same_again_changes_nothing),
        garden_test(saying_otherwise_closes_what_was_said_and_the_past_keeps_it),
        garden_test(what_says_when_it_began_to_differ_begins_then),
        garden_test(what_has_an_end_is_only_in_the_past),
        garden_test(a_new_line_is_noted_and_nothing_else),
        garden_test(what_is_replaced_ends_and_is_still_read_in_the_past),
        garden_test(a_node_that_something_refers_to_stays_until_nothing_does),
        garden_test(a_node_that_was_held_by_what_now_has_an_end_is_gone),
        garden_test(of_two_that_say_the_same_one_stays_when_the_other_is_retracted),
        garden_test(what_could_not_have_been_said_without_an_origin_goes_with_it),
        garden_test(what_took_the_place_of_what_begins_earlier_now_begins_when_it_says),
        garden_test(a_user_goes_with_the_last_thing_they_did),
        garden_test(what_events_say_cannot_be_put),
        garden_test(each_item_gets_its_verdict_and_a_rehearsal_keeps_nothing),
        garden_test(what_changed_since_a_version_is_told),
    };

    garden_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
