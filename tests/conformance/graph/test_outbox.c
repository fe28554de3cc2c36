/* The outbox: what a write came to is there exactly when it is. */
#include "conformance/graph/fixture.h"

enum { MOST = 1000 };

/* "changed rice; recorded minji 1; filled 101; gone rice": the oldest first. */
static Str outbox(Garden *garden)
{
    static const char *const WHAT[] = {[HAPPENED_CHANGED] = "changed",
                                       [HAPPENED_GONE] = "gone",
                                       [HAPPENED_FILLED] = "filled",
                                       [HAPPENED_RECORDED] = "recorded"};
    Buf text = {.arena = &garden->arena};
    GraphHappening *list;
    size_t count;

    check_ok(graph_list_outbox(garden->graph, &garden->arena, MOST, &list, &count));
    buf_put(&text, STR(""));
    for (size_t i = 0; i < count; i++) {
        buf_format(&text, "%s%s %.*s", i > 0 ? "; " : "", WHAT[list[i].what], STR_ARG(list[i].key));
        if (list[i].what == HAPPENED_RECORDED)
            buf_format(&text, " %.*s", STR_ARG(list[i].event_id));
        if (list[i].what == HAPPENED_FILLED)
            buf_format(&text, "%lld", (long long)list[i].nodes);
    }
    return buf_str(&text);
}

static GraphHappening *listed(Garden *garden, size_t expected)
{
    GraphHappening *list;
    size_t count;

    check_ok(graph_list_outbox(garden->graph, &garden->arena, MOST, &list, &count));
    assert_int_equal(count, expected);
    return list;
}

/* All that is there is handed over. */
static void drop_all(Garden *garden)
{
    check_ok(graph_drop_outbox(garden->graph, INT64_MAX));
}

static Err did(Garden *garden, const char *event, const char *user, const char *entity)
{
    size_t accepted;

    return record(garden,
                  (GraphInteraction){.event_id = str_from(event),
                                     .user = str_from(user),
                                     .type = STR("LIKES"),
                                     .entity = str_from(entity)},
                  &accepted);
}

static void what_a_write_changes_is_told_in_the_order_of_writing(void **state)
{
    Garden *garden = *state;

    put_node(garden, "rice", "Ingredient", "{}");
    put_node(garden, "takju", "Drink", "{}");
    put_relationship(garden, "MADE_FROM", "takju", "rice", 0);
    check_ok(did(garden, "1", "minji", "rice"));
    check_text(outbox(garden), "changed rice; changed takju; changed takju; recorded minji 1");
}

static void what_says_nothing_new_tells_nothing(void **state)
{
    Garden *garden = *state;

    put_node(garden, "rice", "Ingredient", "{}");
    check_ok(did(garden, "1", "minji", "rice"));
    drop_all(garden);
    put_node(garden, "rice", "Ingredient", "{}");
    check_ok(did(garden, "1", "minji", "rice"));
    check_text(outbox(garden), "");
}

static void what_was_rolled_back_is_not_told(void **state)
{
    Garden *garden = *state;
    GraphRelationship lost = {
        .type = STR("MADE_FROM"), .from = STR("soju"), .to = STR("nothing"), .properties = STR("{}")};
    Str labels[] = {STR("Drink")};
    GraphNode node = {.key = STR("soju"), .labels = labels, .label_count = 1, .properties = STR("{}")};
    GraphInteraction half[] = {{.event_id = STR("1"),
                                .user = STR("minji"),
                                .type = STR("LIKES"),
                                .entity = STR("rice"),
                                .properties = STR("{}")},
                               {.event_id = STR("2"),
                                .user = STR("minji"),
                                .type = STR("LIKES"),
                                .entity = STR("nothing"),
                                .properties = STR("{}")}};
    GraphOrigin rehearsal = {STR("book"), 1000, true};
    size_t accepted;

    put_node(garden, "rice", "Ingredient", "{}");
    drop_all(garden);
    check_err(graph_put(garden->graph, BOOK, (GraphBatch){&node, 1, &lost, 1, NULL, NULL}), NOT_FOUND,
              "nothing");
    check_err(graph_record(garden->graph, half, 2, STR("{}"), &accepted), NOT_FOUND, "nothing");
    check_ok(graph_put(garden->graph, rehearsal, (GraphBatch){.nodes = &node, .node_count = 1}));
    check_text(outbox(garden), "");
}

static void what_is_taken_back_is_told_as_gone(void **state)
{
    Garden *garden = *state;
    int64_t claims;

    put_node(garden, "rice", "Ingredient", "{}");
    drop_all(garden);
    check_ok(graph_retract(garden->graph, STR("book"), 0, &claims));
    check_text(outbox(garden), "gone rice");
}

/* It would tell what somebody told of themselves. */
static void what_a_relationship_leads_to_is_told_only_when_it_goes_with_it(void **state)
{
    Garden *garden = *state;
    GraphOrigin turn = {STR("turn:1"), 1000};
    int64_t claims;

    put_node(garden, "rice", "Ingredient", "{}");
    put_node(garden, "minji", "User", "{}");
    drop_all(garden);
    say(garden, turn, (GraphRelationship){.type = STR("PREFERS"), .from = STR("minji"), .to = STR("rice")});
    check_text(outbox(garden), "changed minji");
    drop_all(garden);
    check_ok(graph_replace(garden->graph, BOOK, (GraphBatch){0}, STR("mark"), STR("1")));
    drop_all(garden);
    check_ok(graph_retract(garden->graph, STR("turn:1"), 0, &claims));
    check_text(outbox(garden), "gone minji; gone rice");
}

static void what_becomes_anothers_is_not_told_as_done_anew(void **state)
{
    Garden *garden = *state;
    int64_t events;

    put_node(garden, "rice", "Ingredient", "{}");
    check_ok(did(garden, "1", "guest", "rice"));
    drop_all(garden);
    check_ok(graph_move_user(garden->graph, STR("guest"), STR("minji"), STR("{}"), &events));
    assert_int_equal(events, 1);
    assert_true(str_find(outbox(garden), STR("recorded"), 0) == SIZE_MAX);
    assert_true(str_find(outbox(garden), STR("gone guest"), 0) != SIZE_MAX);
}

static void put_many(Garden *garden, size_t count)
{
    GraphNode *nodes = arena_array(&garden->arena, GraphNode, count);
    static const Str LABELS[] = {STR("Ingredient")};

    for (size_t i = 0; i < count; i++)
        nodes[i] = (GraphNode){.key = str_format(&garden->arena, "n%zu", i),
                               .labels = LABELS,
                               .label_count = 1,
                               .properties = STR("{}")};
    check_ok(graph_put(garden->graph, BOOK, (GraphBatch){.nodes = nodes, .node_count = count}));
}

static void more_than_is_told_one_by_one_is_told_as_one(void **state)
{
    Garden *garden = *state;

    put_many(garden, GRAPH_TOLD_EACH);
    assert_int_equal(listed(garden, GRAPH_TOLD_EACH)[0].what, HAPPENED_CHANGED);
    drop_all(garden);
    check_ok(graph_retract(garden->graph, STR("book"), 0, &(int64_t){0}));
    drop_all(garden);
    put_many(garden, GRAPH_TOLD_EACH + 1);
    check_text(outbox(garden), "filled 101");
}

static void what_is_told_keeps_its_id_and_comes_after_all_before_also_when_that_is_gone(void **state)
{
    Garden *garden = *state;

    put_node(garden, "rice", "Ingredient", "{}");
    GraphHappening first = *listed(garden, 1);
    reopen(garden);
    check_text(listed(garden, 1)->id, first.id.data);
    drop_all(garden);
    reopen(garden);
    put_node(garden, "takju", "Drink", "{}");
    GraphHappening second = *listed(garden, 1);
    assert_true(second.number > first.number);
    assert_true(second.version == first.version + 1);
    assert_true(str_compare(second.id, first.id) > 0);
}

static void only_what_was_handed_over_is_dropped(void **state)
{
    Garden *garden = *state;

    put_node(garden, "rice", "Ingredient", "{}");
    int64_t number = listed(garden, 1)->number;
    put_node(garden, "takju", "Drink", "{}");
    check_ok(graph_drop_outbox(garden->graph, number));
    check_text(outbox(garden), "changed takju");
    check_ok(graph_drop_outbox(garden->graph, number));
    check_text(outbox(garden), "changed takju");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        garden_test(what_a_write_changes_is_told_in_the_order_of_writing),
        garden_test(what_says_nothing_new_tells_nothing),
        garden_test(what_was_rolled_back_is_not_told),
        garden_test(what_is_taken_back_is_told_as_gone),
        garden_test(what_a_relationship_leads_to_is_told_only_when_it_goes_with_it),
        garden_test(what_becomes_anothers_is_not_told_as_done_anew),
        garden_test(more_than_is_told_one_by_one_is_told_as_one),
        garden_test(what_is_told_keeps_its_id_and_comes_after_all_before_also_when_that_is_gone),
        garden_test(only_what_was_handed_over_is_dropped),
    };

    garden_use_url(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
